"""The story on real parts, from an imported list to a completed pathway and a counted certificate.

Pages in Chromium, mail through an SMTP server, the clock moved day by day with the worker's rounds,
and after each step what programs read. Days are fixed: it begins on Tuesday 24 November 2026.
"""

from datetime import date
from typing import Any

from playwright.sync_api import Browser

from tests import lists
from tests.browser.living import World, a_file, command, visitors
from tests.browser.stories import BUYER, KVK, MANAGER, PASSWORD, SUPPLIER, Story
from tests.files import a_pdf


def test_from_an_imported_list_to_a_counted_certificate(browser: Browser, world: World) -> None:
    command(world.app, "db", "upgrade")
    with visitors(browser, world) as visitor:
        manager, buyer = visitor(MANAGER, PASSWORD), visitor(BUYER, PASSWORD)
        for one, role in ((manager, "manager"), (buyer, "buyer")):
            one.page.goto(command(world.app, "create-user", one.email, "--role", role))
            one.send(password=PASSWORD)
        world.token = command(world.app, "create-token", "Orders", "--scope", "eligibility:read")
        story = Story(world, buyer, manager, visitor(SUPPLIER, ""))
        import_and_enrol(story)
        invite_and_propose(story)
        counter_and_agree(story)
        return_and_accept(story)
        ask_another_date(story)
        miss_a_step(story)
        warn(story)
        reply_and_answer(story)
        grant_then_block(story)
        catch_up(story)
        certify(story)
        passed_days_never_change(story)


def import_and_enrol(story: Story) -> None:
    buyer = story.buyer
    buyer.open("/suppliers/imports")
    rows = (
        "Naam;KvK-nummer;Inkoper",
        f"Drukkerij De Linde B.V.;{KVK};{BUYER}",
        "Bakkerij Sterk;2076359;",
        "Kort;1;",
    )
    buyer.send(file=a_file("lijst.csv", lists.a_csv(*rows), "text/csv"))
    assert "Drukkerij De Linde" in buyer.section("new") and "Kort" in buyer.section("wrong")
    buyer.send("/suppliers/imports/1/take")
    story.reads("out-of-scope", "not-in-programme", "2026-11-24")
    assert story.world.read("02076359")["status"] == "out-of-scope"
    buyer.open("/suppliers/1")
    buyer.send("/suppliers/1/enrol")
    story.reads("undecided", "in-negotiation", "2026-11-24", waits_for="buyer")


def invite_and_propose(story: Story) -> None:
    buyer, world = story.buyer, story.world
    buyer.follow("/suppliers/1/contacts/new")
    buyer.send(
        name="Jan de Linde", email=SUPPLIER, role="signatory", function="directeur", is_main=True
    )
    world.post()
    assert story.mailed("invitation", SUPPLIER) == 1
    buyer.follow("/suppliers/1/pathway/new")
    buyer.send(template="straight", starts_on="2026-11-30")
    buyer.send("/pathways/1/edit", button=".buttons button[value=check]")
    buyer.send("/pathways/1/propose", message="Wij denken dat dit kan.")
    world.post()
    assert story.mailed("proposal", SUPPLIER) == 1
    story.reads(
        "undecided",
        "in-negotiation",
        "2026-11-24",
        waits_for="supplier",
        window_ends_on="2027-01-23",
    )


def counter_and_agree(story: Story) -> None:
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2026, 11, 25))
    invitation = world.link("invitation", SUPPLIER)
    supplier.page.goto(invitation)  # as a mail scanner would
    supplier.enter(invitation)
    assert supplier.page.goto(invitation).status == 410  # type: ignore[union-attr]
    supplier.open("/portal/1")
    supplier.follow("/portal/1/pathways/1")
    supplier.follow("/portal/1/pathways/1/counter")
    supplier.send(**{"due-0": "2026-12-17", "message": "Onze directeur is er die week niet."})
    world.post()
    assert story.mailed("counter-proposal", BUYER) == 1
    story.reads("undecided", "in-negotiation", "2026-11-24", waits_for="buyer", window_ends_on=None)
    buyer.open("/")
    assert "Drukkerij" in buyer.section("answer")
    buyer.follow("/pathways/1/answer")
    buyer.send("/pathways/1/counter", message="Dat is goed.")
    world.post()
    assert story.mailed("proposal", SUPPLIER) == 2
    with_supplier = {"waits_for": "supplier", "window_ends_on": "2027-01-23"}
    story.reads("undecided", "in-negotiation", "2026-11-24", **with_supplier)

    world.live_until(date(2026, 11, 26))
    supplier.open(world.link("proposal", SUPPLIER))
    supplier.send("/portal/1/pathways/1/agree", function="directeur")
    world.post()
    assert story.mailed("agreement", SUPPLIER) == story.mailed("agreement", BUYER) == 1
    story.reads(
        "conditional",
        "on-track",
        "2026-11-26",
        "2026-12-17",
        "at-risk",
        target="trede-1",
        last_day="2027-07-12",
    )


def return_and_accept(story: Story) -> None:
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2026, 12, 10))
    step = story.step("agreement")
    supplier.open(f"/portal/1/steps/{step}")
    supplier.send(button="button[value=save]", note="Wij zijn begonnen.")
    story.hands_in("agreement", "afspraak.pdf")
    # What waits for the buyer never falls due: the next day that counts is that of the next step.
    story.reads("conditional", "on-track", "2026-11-26", "2026-12-28", "at-risk")
    buyer.open("/")
    assert "Drukkerij" in buyer.section("review")
    buyer.follow(f"/milestones/{step}")
    assert buyer.downloads("afspraak.pdf") == a_pdf("Bewijs van agreement")
    buyer.send(f"/milestones/{step}/return", note="De handtekening ontbreekt.")
    world.post()
    assert story.mailed("returned", SUPPLIER) == 1
    story.reads("conditional", "on-track", "2026-11-26", "2026-12-24", "at-risk")

    world.live_until(date(2026, 12, 15))
    story.hands_in("agreement", "afspraak-getekend.pdf")
    story.accepts("agreement")
    assert story.mailed("accepted", SUPPLIER) == 1
    story.hands_in("account")  # nobody reviews this one
    story.reads("conditional", "on-track", "2026-11-26", "2027-01-25", "at-risk")


def ask_another_date(story: Story) -> None:
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 1, 20))
    step = story.step("baseline")
    supplier.open(f"/portal/1/steps/{step}/date")
    supplier.send(wished_on="2027-02-04", reason="De cijfers komen later.")
    world.live_until(date(2027, 1, 27))
    assert story.mailed("date-asked", BUYER) == 1
    # Two days past the agreed day, and not late: the answer is the buyer's to give.
    story.reads("conditional", "on-track", "2026-11-26", "2027-02-22", "at-risk")
    buyer.open("/")
    buyer.follow("/requests/1")
    buyer.send(decision="asked", note="Akkoord.")
    world.post()
    assert story.mailed("date-answered", SUPPLIER) == 1
    story.reads("conditional", "on-track", "2026-11-26", "2027-02-04", "at-risk")
    world.live_until(date(2027, 2, 2))
    story.hands_in("baseline")
    story.reads("conditional", "on-track", "2026-11-26", "2027-02-22", "at-risk")


def miss_a_step(story: Story) -> None:
    buyer, world = story.buyer, story.world
    world.live_until(date(2027, 2, 22))
    assert story.mailed("milestone-reminder", SUPPLIER, date(2027, 2, 8)) == 2  # -14 and -3
    story.reads("conditional", "on-track", "2026-11-26", "2027-02-22", "at-risk")
    world.live_until(date(2027, 2, 23))
    assert story.mailed("milestone-reminder", SUPPLIER, date(2027, 2, 8)) == 3  # and +1
    late = {
        "milestone": "plan",
        "due_on": "2027-02-22",
        "notice_planned_on": "2027-03-03",
    }
    story.reads("at-risk", "milestone-overdue", "2027-02-23", **late)
    buyer.open("/")
    assert buyer.section("call") == ""
    world.live_until(date(2027, 2, 24))
    assert story.mailed("call", BUYER) == 1
    buyer.open("/")
    buyer.page.locator("#call a.btn").click()
    buyer.follow("/suppliers/1/contact/note")
    buyer.send(channel="phone", was_reached="no", note="Niet opgenomen.", is_shared="internal")
    buyer.open("/")
    assert buyer.section("call") == ""
    story.reads("at-risk", "milestone-overdue", "2027-02-23", **late)


def warn(story: Story) -> None:
    buyer, world = story.buyer, story.world
    world.live_until(date(2027, 3, 1))
    assert story.mailed("notice-prepared", BUYER) == 1
    buyer.open("/")
    assert "Drukkerij" in buyer.section("notices")
    buyer.follow("/notices/1")
    buyer.send("/notices/1/line", line="Wij denken graag mee.")
    world.live_until(date(2027, 3, 2))
    assert story.mailed("formal-notice", SUPPLIER) == 0
    world.live_until(date(2027, 3, 3))
    assert story.mailed("formal-notice", SUPPLIER) == 1
    body = world.mailed("formal-notice", SUPPLIER)[0].get_body(("plain",))
    assert body is not None and "Wij denken graag mee." in body.get_content()
    story.reads(
        "at-risk",
        "milestone-overdue",
        "2027-02-23",
        milestone="plan",
        notice_planned_on=None,
        cure_ends_on="2027-03-17",
    )


def reply_and_answer(story: Story) -> None:
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 3, 15))
    story.hands_in("first-placement")
    supplier.open(world.link("formal-notice", SUPPLIER))
    supplier.send(text="Onze directeur moet het plan nog goedkeuren.")
    story.reads("at-risk", "milestone-overdue", "2027-02-23", cure_ends_on="2027-03-17")
    world.live_until(date(2027, 3, 18))
    assert story.mailed("notice-reply", BUYER) == 1
    # The cure period is over, but the supplier's reply waits for us.
    story.reads("at-risk", "milestone-overdue", "2027-02-23", cure_ends_on="2027-03-17")
    buyer.open("/")
    assert "Drukkerij" in buyer.section("answer")
    buyer.follow("/notices/1")
    buyer.send("/notices/1/answer", text="Stuur het plan dan uiterlijk donderdag.")
    world.post()
    assert story.mailed("notice-reply-answered", SUPPLIER) == 1
    story.reads("at-risk", "milestone-overdue", "2027-02-23", cure_ends_on="2027-03-25")
    world.live_until(date(2027, 3, 25))
    story.reads("at-risk", "milestone-overdue", "2027-02-23", cure_ends_on="2027-03-25")
    assert story.mailed("decide", MANAGER) == 0


def grant_then_block(story: Story) -> None:
    manager, world = story.manager, story.world
    world.live_until(date(2027, 3, 30))  # past Good Friday and Easter
    story.reads("at-risk", "decision-needed", "2027-02-23", cure_ends_on="2027-03-25")
    assert story.mailed("decide", MANAGER) == 1
    manager.open("/")
    assert "Drukkerij" in manager.section("decide")
    manager.follow("/suppliers/1#decisions")
    manager.follow("/suppliers/1/decisions/new/grant")
    manager.send(reason="Zij leveren volgende week.", starts_on="2027-03-30", ends_on="2027-04-09")
    story.reads(
        "conditional",
        "granted-by-decision",
        "2027-03-30",
        "2027-04-09",
        "at-risk",
    )
    world.live_until(date(2027, 4, 2))
    for title in ("evidence", "quote", "application"):
        story.hands_in(title)
    world.live_until(date(2027, 4, 12))
    story.reads("at-risk", "decision-needed", "2027-04-10")
    manager.open("/suppliers/1/decisions/new/block")
    manager.send(reason="Het plan is er nog niet.")
    world.post()
    assert story.mailed("block-announced", SUPPLIER) == 1
    story.reads("at-risk", "decision-needed", "2027-04-10", "2027-04-25", "ineligible")
    world.live_until(date(2027, 4, 25))
    story.reads("at-risk", "decision-needed", "2027-04-10", "2027-04-25", "ineligible")
    world.live_until(date(2027, 4, 26))
    story.reads("ineligible", "blocked-by-decision", "2027-04-26", starts_on="2027-04-26")


def catch_up(story: Story) -> None:
    manager, world = story.manager, story.world
    story.hands_in("plan", "plan.pdf")
    story.reads("ineligible", "blocked-by-decision", "2027-04-26")
    world.live_until(date(2027, 4, 28))
    story.accepts("plan")
    manager.open("/suppliers/1")
    manager.follow("/decisions/2")
    manager.send("/decisions/2/end", ended_on="2027-04-28", reason="Het plan is er.")
    world.post()
    assert story.mailed("block-ended", SUPPLIER) == 1
    story.reads("conditional", "on-track", "2027-04-28")


def certify(story: Story) -> None:
    supplier, buyer, world = story.supplier, story.buyer, story.world
    world.live_until(date(2027, 6, 1))
    supplier.open(f"/portal/1/steps/{story.step('audit')}/delay")
    supplier.send(new_day="2027-06-28", reason="De auditor is ziek.")
    world.post()
    assert story.mailed("delay-reported", BUYER) == 1
    buyer.open("/")
    buyer.follow("/requests/2")
    buyer.send(decision="asked")
    world.live_until(date(2027, 6, 28))
    story.reads("conditional", "on-track", "2027-04-28")
    story.hands_in("audit")
    story.accepts("audit")

    world.live_until(date(2027, 7, 5))
    story.hands_in("certificate")
    story.accepts("certificate")
    supplier.open("/portal/1/certificates/report")
    supplier.send(
        level="trede-1",
        starts_on="2027-07-01",
        ends_on="2029-06-30",
        kvk_numbers=KVK,
        files=a_file("certificaat.pdf", a_pdf("PSO Trede 1")),
        is_clean=True,
    )
    world.post()
    assert story.mailed("certificate-reported", BUYER) == 1
    story.reads("conditional", "on-track", "2027-04-28")  # until a buyer has checked it

    world.live_until(date(2027, 7, 6))
    buyer.open("/")
    assert "Drukkerij" in buyer.section("check")
    buyer.open("/certificates/1")
    buyer.send("/certificates/1/verify", register_url="https://register.example/trede-1/17037842")
    world.post()
    assert story.mailed("certificate-verified", SUPPLIER) == 1
    certified: dict[str, Any] = {"level": "trede-1", "valid_until": "2029-06-30"}
    story.reads("eligible", "certified", "2027-07-06", "2029-06-30", "conditional", **certified)
    buyer.open("/suppliers/1")
    buyer.follow(f"/milestones/{story.step('register-check')}")
    buyer.send(f"/milestones/{story.step('register-check')}/done", note="Gecontroleerd.")
    story.reads("eligible", "certified", "2027-07-06", "2029-06-30", "undecided", **certified)
    world.post()
    assert story.mailed("completed", BUYER) == 1
    supplier.open("/portal/1")
    assert "Alle stappen zijn klaar" in supplier.page.inner_text("h1")


def passed_days_never_change(story: Story) -> None:
    story.world.live_until(date(2027, 7, 7))
    assert len(story.world.told) > 20
    story.passed_days_never_change()
