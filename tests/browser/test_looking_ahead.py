"""An auditor looks back, a buyer asks what if, a manager sees what a policy does before it holds.

In Chromium with nothing but keys. Programs read the answer of each.
"""

import json
from datetime import date
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import select

from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.relations import enrol_supplier
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow, PersonRow, RelationRow
from tests import pathway_stage, stage
from tests.browser.checks import overflow, violations
from tests.browser.keys import ByKeyboard, reach
from tests.browser.living import Visitor, World, command, visitors
from tests.browser.stories import BUYER, KVK, MANAGER, PASSWORD, SUPPLIER
from tests.proof_rows import a_certificate

AUDITOR, BAKER = "ada@klant.example", "02076359"
SCOPES = ("--scope", "eligibility:read", "--scope", "events:read")
WITH_AGREEMENTS, LATE, IN_TALKS = "Vrijgegeven, met afspraken", "Loopt achter", "In gesprek"


def test_back_sideways_and_ahead(browser: Browser, world: World) -> None:
    command(world.app, "db", "upgrade")
    with visitors(browser, world, kind=ByKeyboard) as visitor:
        people = {
            role: visitor(email, PASSWORD)
            for role, email in (("manager", MANAGER), ("buyer", BUYER), ("reader", AUDITOR))
        }
        for role, one in people.items():
            one.page.goto(command(world.app, "create-user", one.email, "--role", role))
            one.send(password=PASSWORD)
        world.token = command(world.app, "create-token", "Orders", *SCOPES)
        two_suppliers(world)
        the_auditor_looks_back(world, people["reader"])
        the_buyer_asks_what_if(world, people["buyer"])
        the_manager_drafts_a_policy(world, people["manager"])
        it_holds_for_everybody(world, people, visitor(SUPPLIER, "", 375))


def two_suppliers(world: World) -> None:
    """A printer that agrees on 26 November and then misses its step, and a certified baker."""

    def filled(second: bool) -> None:
        with world.app.app_context(), unit_of_work() as session:
            customer = session.scalars(select(OrganisationRow)).first()
            assert customer is not None
            person = select(PersonRow.id).where(PersonRow.email == BUYER)
            buyer = stage.an_actor(customer, Role.BUYER, person_id=session.scalars(person).one())
            moment = world.clock.moment()
            if not second:
                known: dict[str, Any] = {"buyer_id": buyer.person_id}
                printer = {"name": "Drukkerij De Linde", "kvk_number": KVK, "spend": 90_000}
                row = add_supplier(session, buyer, moment, {**known, **printer})
                enrol_supplier(session, buyer, moment, row.id)
                baker = {"name": "Bakkerij Sterk", "kvk_number": BAKER, "spend": 50_000}
                row = add_supplier(session, buyer, moment, {**known, **baker})
                enrol_supplier(session, buyer, moment, row.id)
                stage.a_contact(session, row, email=SUPPLIER, is_main=True)
                a_certificate(session, row)
                reassess(session, moment, [row.id])
                return
            row = session.get_one(RelationRow, 1)
            scene = pathway_stage.Scene(
                customer=customer,
                relation=row,
                buyer=buyer,
                manager=buyer,
                signatory=stage.contact_actor(session, row, Role.SIGNATORY),
            )
            steps = (
                Step(title="plan", due_on=date(2026, 12, 8), is_reviewed=True),
                Step(title="account", due_on=date(2027, 2, 1)),
            )
            pathway_stage.agreed(session, scene, moment, *steps)

    filled(second=False)
    world.live_until(date(2026, 11, 26))
    filled(second=True)
    world.live_until(date(2026, 12, 10))
    assert world.read(KVK)["status"] == "at-risk"
    assert world.read(BAKER)["status"] == "eligible"


def the_auditor_looks_back(world: World, auditor: Visitor) -> None:
    """Of one day: what was expected before and after the agreement, and what is known now."""
    auditor.open("/suppliers/1")
    auditor.follow("/suppliers/1/as-of")
    for known_at, status in (
        ("2026-11-25T12:00", IN_TALKS),
        ("2026-11-27T12:00", LATE),
        ("2026-12-10T09:00", LATE),
    ):
        ask(auditor, "form.as-of", on="2026-12-10", at=known_at)
        assert status in auditor.section("held"), known_at
    clean(auditor)
    assert "versie 1" in auditor.section("agreed") and "SHA-256" in auditor.section("agreed")
    ask(auditor, "form.as-of", on="2026-12-08", at="2026-12-10T09:00")
    assert WITH_AGREEMENTS in auditor.section("held"), "the last day of the step is no late day"

    told = json.loads(taken_along(auditor, "Dossier als JSON"))
    assert told["supplier"]["kvk_number"] == KVK
    assert told["history_seal"]["length"] > 3
    assert taken_along(auditor, "Dossier als PDF").startswith(b"%PDF")
    auditor.open("/suppliers/1")
    assert "ada nam het hele dossier mee" in auditor.section("history"), (
        "that it was taken along is on record"
    )


def the_buyer_asks_what_if(world: World, buyer: Visitor) -> None:
    """A step that slips, a longer cure period, a certificate that ends: and nothing of it is so."""
    before = (world.read(KVK), world.read(BAKER))
    buyer.open("/suppliers/1")
    buyer.follow("/suppliers/1/what-if")
    step = buyer.page.locator("#milestone_id option").nth(1).get_attribute("value")
    ask(buyer, "#suppose form", milestone_id=step, due_on="2027-01-11")
    assert f"{WITH_AGREEMENTS} in plaats van {LATE}" in buyer.section("differences")
    assert "anders dan nu" in buyer.section("then") and LATE in buyer.section("now")
    clean(buyer)
    assert buyer.page.locator('#seen a[href="/pathways/1/change"]').count() == 1
    ask(buyer, "#suppose form", milestone_id="", due_on="", cure_working_days="20")
    assert "anders dan nu" in buyer.section("then"), "the decision comes later"

    buyer.open("/suppliers/2")
    buyer.follow("/suppliers/2/what-if")
    certificate = buyer.page.locator("#certificate_id option").nth(1).get_attribute("value")
    ask(
        buyer,
        "#suppose form",
        certificate_id=certificate,
        certificate_ends_on="2026-12-31",
    )
    assert "in plaats van Vrijgegeven" in buyer.section("differences")
    after = (world.read(KVK), world.read(BAKER))
    assert [{**one, "known_at": None} for one in after] == [
        {**one, "known_at": None} for one in before
    ]


def the_manager_drafts_a_policy(world: World, manager: Visitor) -> None:
    """From tomorrow a higher level: who changes, when, for how much; then it is published."""
    manager.open("/policy")
    manager.follow("/policy/new")
    clean(manager)
    manager.send(required_level="trede-2", preferred_level="trede-3")
    preview = manager.section("preview")
    assert "Trede 2" in manager.section("changed")
    assert "Vrijgegeven" in preview and WITH_AGREEMENTS in preview
    assert "50.000" in preview and "90.000" not in preview
    assert "11 dec" in preview
    clean(manager)
    manager.press(manager.page.locator('main a[href*="only="]').first)
    who = manager.page.inner_text("main")
    assert "Bakkerij Sterk" in who and "Drukkerij De Linde" not in who
    assert world.read(BAKER)["policy_version"] == 1, "a draft changes nothing"
    draft = manager.page.url.split("?")[0].rpartition("/")[2]
    manager.send(f"/policy/drafts/{draft}/publish")
    runs.drafts(world.app)  # what the worker does in ten seconds
    manager.open(f"/policy/drafts/{draft}")
    assert "gepubliceerd" in manager.section("ended")


def it_holds_for_everybody(world: World, people: dict[str, Visitor], supplier: Visitor) -> None:
    """Known today, true tomorrow: for who reads, who buys, the supplier itself and programs."""
    today, then = world.read(BAKER), world.read(BAKER, date(2026, 12, 11))
    assert (today["status"], today["policy_version"], today["then"]) == (
        "eligible",
        1,
        "conditional",
    )
    assert (then["status"], then["policy_version"]) == ("conditional", 2)
    world.live_until(date(2026, 12, 11))
    runs.announce(world.app)
    told = world.read(BAKER)
    assert (told["status"], told["action"], told["policy_version"], told["since"]) == (
        "conditional",
        "allow",
        2,
        "2026-12-11",
    )
    assert [one["code"] for one in told["reasons"]] == ["certified-below-required"]
    last = world.events()[-1]
    assert (last["kvk_number"], last["to_status"]) == (BAKER, "conditional")
    for role in ("reader", "buyer"):
        people[role].open("/policy")
        assert "versie 2" in people[role].section("now")
        people[role].open("/suppliers/2")
        assert WITH_AGREEMENTS in people[role].page.inner_text("main")
    ask_of_yesterday = {"on": "2026-12-10", "at": "2026-12-11T09:00"}
    people["reader"].follow("/suppliers/2/as-of")
    ask(people["reader"], "form.as-of", **ask_of_yesterday)
    assert "versie 1" in people["reader"].section("policy"), "passed days keep their policy"
    supplier.open("/portal/2")
    assert "Wij kopen bij u." in supplier.page.inner_text("main")
    clean(supplier)


def ask(visitor: Visitor, form: str, **fields: str | None) -> None:
    """Fill in a form that asks by its address, and send it."""
    found = visitor.page.locator(f"main {form}")
    for name, value in fields.items():
        visitor.fill(found, name, value)
    answer = visitor.press(found.locator("button[type=submit]").first)
    assert answer.ok, visitor.page.inner_text("main")
    assert visitor.page.locator(".error-summary").count() == 0


def clean(visitor: Visitor) -> None:
    """The page is accessible and needs no scrolling sideways, also on a phone."""
    assert not (found := violations(visitor.page)), (visitor.page.url, found)
    size = visitor.page.viewport_size
    assert size is not None
    for width in {375, size["width"]}:
        visitor.page.set_viewport_size({"width": width, "height": size["height"]})
        assert overflow(visitor.page) <= 0, (visitor.page.url, width)
    visitor.page.set_viewport_size(size)


def taken_along(visitor: Visitor, button: str) -> bytes:
    """What the browser keeps when the button is pressed."""
    reach(visitor.page, visitor.page.get_by_role("button", name=button, exact=True))
    with visitor.page.expect_download() as download:
        visitor.page.keyboard.press("Enter")
    return download.value.path().read_bytes()
