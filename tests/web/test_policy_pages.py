"""The policy is told in words; a manager publishes the next version, with every field checked."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.people import Role
from onboarding.domain.policy import Level
from onboarding.services import certificates
from onboarding.services.policy.policies import reassess_all
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import policies_of
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow, PolicyRow, RelationRow
from tests import stage
from tests.web.elements import Element, elements

DAY = timedelta(days=1)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def manager(app: Flask, session: Session, moment: Moment, customer: OrganisationRow) -> FlaskClient:
    person = stage.a_user(session, customer, Role.MANAGER)
    return stage.log_in(app.test_client(), session, moment.now, person, customer)


def filled_in(page: Element) -> dict[str, Any]:
    """What the form holds as it was served."""
    form = page.one("form", novalidate="")
    given = {
        field["name"]: field.get("value") or ""
        for field in form.all("input")
        if field.get("type") not in ("radio", "checkbox")
    }
    for field in form.all("input"):
        if field.get("type") in ("radio", "checkbox") and field.get("checked") is not None:
            given[field["name"]] = field.get("value") or "y"
    for select_field in form.all("select"):
        chosen = [o["value"] for o in select_field.all("option") if o.get("selected") is not None]
        given[select_field["name"]] = chosen[0]
    return given


def the_form(manager: FlaskClient) -> dict[str, Any]:
    return filled_in(elements(manager.get("/policy/new").text))


def published(manager: FlaskClient, form: dict[str, Any]) -> TestResponse:
    """Drafted by the form, and published from the page that shows what it changes."""
    drafted = manager.post("/policy/new", data=form)
    assert drafted.status_code == 303, drafted.text
    assert "Wat het zou veranderen" in manager.get(drafted.location).text
    return manager.post(f"{drafted.location}/publish")


def test_it_is_told_in_words(manager: FlaskClient) -> None:
    page = elements(manager.get("/policy").text).one("main").text
    assert "Wij vragen Trede 1. Vanaf Trede 2 of met 30+" in page
    assert "10 werkdagen" in page
    assert "dan beslist een contractmanager" in page
    assert "-14, -3, 1" in page
    assert "5 mei is elk jaar vrij" in page


def test_the_form_as_it_is_served_can_be_published(
    manager: FlaskClient, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    answer = published(manager, the_form(manager))
    assert answer.status_code == 303
    first, second = policies_of(session, customer.id).versions
    assert second.version == 2
    assert second.starts_on == moment.today + DAY
    assert second.cadence == first.cadence
    assert second.required_level == first.required_level


def test_every_supplier_follows(
    manager: FlaskClient, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    relation = stage.a_relation(session, customer)
    session.commit()
    reassess_all(unit_of_work, moment, customer.id)
    answer = published(manager, the_form(manager))
    page = manager.get(answer.location).text
    assert "Deze versie is gepubliceerd op" in page
    assert "Versie 2 van het beleid" in page and "Concept van versie" not in page
    reading = read_status(session, relation.id, moment.today + DAY)
    assert reading is not None
    assert reading.policy_version == 2


def test_each_field_reaches_the_policy(
    manager: FlaskClient, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    wanted = {
        "required_level": "trede-2",
        "preferred_level": "trede-3",
        "decided_by": "clock",
        "window_days": "45",
        "cure_working_days": "15",
        "rework_days": "21",
        "rework_limit": "3",
        "extension_limit": "0",
        "longest_months": "24",
        "milestone_reminders": "-7; 1, -7",
        "certificate_reminders": "−90",
        "call_after_working_days": "3",
        "observes_good_friday": "y",
    }
    form = {**the_form(manager), **wanted}
    del form["observes_liberation_day"]
    assert published(manager, form).status_code == 303
    policy = policies_of(session, customer.id).versions[-1]
    assert policy.clock_decides and policy.observes_good_friday
    assert not policy.observes_liberation_day
    assert (policy.required_level, policy.preferred_level) == ("trede-2", "trede-3")
    numbers = ("window_days", "cure_working_days", "rework_days", "rework_limit")
    assert [getattr(policy, name) for name in numbers] == [45, 15, 21, 3]
    assert (policy.extension_limit, policy.longest_months) == (0, 24)
    assert policy.cadence.milestone_reminders == (-7, 1)
    assert policy.cadence.certificate_reminders == (-90,)
    assert policy.cadence.call_after_working_days == 3
    told = elements(manager.get("/policy").text)
    changed = told.one("table").text
    assert "De klok beslist" in changed
    assert "Trede 2" in changed
    assert "Komt nog" in changed
    assert "dan beslist een contractmanager" in told.one("section", id="now").text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"cure_working_days": "9"}, "cure_working_days"),
        ({"window_days": ""}, "window_days"),
        ({"window_days": "veel"}, "window_days"),
        ({"preferred_level": "basis"}, "preferred_level"),
        ({"milestone_reminders": "morgen"}, "milestone_reminders"),
        ({"milestone_reminders": "500"}, "milestone_reminders"),
        ({"starts_on": "2026-11-24"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"decided_by": ""}, "decided_by-0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(
    manager: FlaskClient, session: Session, fields: dict[str, str], field: str
) -> None:
    given = {**the_form(manager), "rework_days": "33", **fields}
    answer = manager.post("/policy/new", data=given)
    assert answer.status_code == 400
    page = elements(answer.text)
    links = [a["href"] for a in page.one("section", class_="error-summary").all("a")]
    assert links == [f"#{field}"]
    assert page.one("input", id="rework_days")["value"] == "33"
    assert len(session.scalars(select(PolicyRow)).all()) == 1


def test_two_who_publish_at_once(manager: FlaskClient, session: Session) -> None:
    seen = the_form(manager)
    assert published(manager, seen).status_code == 303
    answer = manager.post("/policy/new", data=seen)
    assert answer.status_code == 400
    assert "versie 1" in elements(answer.text).one("section", class_="error-summary").text
    assert len(session.scalars(select(PolicyRow)).all()) == 2


def test_the_consequence_of_the_clock_is_told(manager: FlaskClient) -> None:
    page = elements(manager.get("/policy/new").text)
    hint = page.one("p", id="decided_by-1-hint").text
    assert "geen nieuwe opdrachten, zonder dat iemand ernaar kijkt" in hint


def test_a_reader_sees_it_and_no_button(
    app: Flask, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    reader = stage.a_user(session, customer, Role.READER)
    client = stage.log_in(app.test_client(), session, moment.now, reader, customer)
    assert "/policy/new" not in client.get("/policy").text


def held(
    session: Session, moment: Moment, customer: OrganisationRow, name: str, spend: int
) -> RelationRow:
    """A supplier with a certificate of step 1."""
    relation = stage.a_relation(session, customer, name, spend=spend)
    buyer = stage.user_actor(session, customer)
    claim = Claim(
        level=Level.TREDE_1,
        starts_on=moment.today,
        ends_on=moment.today + 400 * DAY,
        kvk_numbers=(relation.kvk_number or "",),
    )
    reported = certificates.report_certificate(session, buyer, moment, relation.id, claim)
    certificates.verify_certificate(
        session, buyer, moment, reported, claim, register_url="https://register.example/1"
    )
    return relation


def test_a_draft_shows_who_changes_when_and_with_what_spend(
    manager: FlaskClient, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    one = held(session, moment, customer, "Bakkerij Sterk", 1200)
    held(session, moment, customer, "Drukkerij De Linde", 300)
    stage.a_relation(session, customer, "Schilder Smit", spend=5000)
    session.commit()
    form = {**the_form(manager), "required_level": "trede-2", "preferred_level": "trede-3"}
    drafted = manager.post("/policy/new", data=form)
    shown = elements(manager.get(drafted.location).text)
    figures = shown.one("section", id="preview").text.replace("\u00a0", " ")
    assert "Leveranciers van wie de status verandert 2" in figures
    assert "€ 1.500" in figures
    assert "Vrijgegeven Vrijgegeven, met afspraken 2 € 1.500" in figures
    listed = shown.all("table")[1].text
    assert "Bakkerij Sterk" in listed and "Schilder Smit" not in listed
    assert "25 nov 2026" in listed
    assert len(session.scalars(select(PolicyRow)).all()) == 1
    only = manager.get(f"{drafted.location}?only=eligible:conditional").text
    assert "Alleen Vrijgegeven naar Vrijgegeven, met afspraken." in elements(only).one("main").text
    assert manager.get(f"{drafted.location}?only=x:y&page=99").status_code == 200
    reading = read_status(session, one.id, moment.today + DAY)
    assert reading is not None and reading.status == "eligible"


def test_a_draft_is_changed_by_a_next_one_and_thrown_away(
    manager: FlaskClient, session: Session
) -> None:
    drafted = manager.post("/policy/new", data={**the_form(manager), "window_days": "45"})
    draft_id = drafted.location.rsplit("/", 1)[1]
    again = elements(manager.get(f"/policy/new?draft={draft_id}").text)
    assert again.one("input", id="window_days")["value"] == "45"
    assert "Een concept van" in manager.get("/policy").text
    assert manager.post(f"{drafted.location}/drop").status_code == 303
    assert "Een concept van" not in manager.get("/policy").text
    assert "weggegooid" in manager.get(drafted.location).text
    manager.post(f"{drafted.location}/publish")
    assert len(session.scalars(select(PolicyRow)).all()) == 1


def test_counting_again_takes_what_was_recorded_since(
    manager: FlaskClient, session: Session, moment: Moment, customer: OrganisationRow
) -> None:
    form = {**the_form(manager), "required_level": "trede-2", "preferred_level": "trede-3"}
    drafted = manager.post("/policy/new", data=form)
    assert "Geen leverancier verandert" in manager.get(drafted.location).text
    held(session, moment, customer, "Bakkerij Sterk", 1200)
    session.commit()
    assert manager.post(f"{drafted.location}/count").status_code == 303
    assert "Bakkerij Sterk" in manager.get(drafted.location).text


def test_the_limits_of_a_grant_reach_the_policy_and_are_told(
    manager: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    assert "vraagt geen tweede handtekening" in manager.get("/policy").text
    form = {**the_form(manager), "grant_longest_days": "90", "grant_spend_limit": "100000"}
    assert published(manager, form).status_code == 303
    policy = policies_of(session, customer.id).versions[-1]
    assert (policy.grant_longest_days, policy.grant_spend_limit) == (90, 100000)
    table = elements(manager.get("/policy").text).one("table").text
    assert "Tweede handtekening bij een toestemming van meer dan zoveel dagen: 90" in table
    assert "€ 100.000" in table


def test_a_limit_can_be_taken_off_again(
    manager: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    form = {**the_form(manager), "grant_longest_days": "90"}
    assert published(manager, form).status_code == 303
    assert the_form(manager)["grant_longest_days"] == "90"
    assert published(manager, {**the_form(manager), "grant_longest_days": ""}).status_code == 303
    assert policies_of(session, customer.id).versions[-1].grant_longest_days is None
    assert "geen tweede handtekening" in elements(manager.get("/policy").text).one("table").text


@pytest.mark.parametrize("given", ["0", "2000", "veel"])
def test_a_limit_out_of_its_bounds_is_refused(manager: FlaskClient, given: str) -> None:
    answer = manager.post("/policy/new", data={**the_form(manager), "grant_longest_days": given})
    assert answer.status_code == 400
    summary = elements(answer.text).one("section", class_="error-summary")
    assert [a["href"] for a in summary.all("a")] == ["#grant_longest_days"]


def test_a_version_from_before_the_limits_has_none(
    session: Session, customer: OrganisationRow
) -> None:
    row = session.scalars(select(PolicyRow).where(PolicyRow.customer_id == customer.id)).one()
    row.content = {
        name: value for name, value in row.content.items() if not name.startswith("grant_")
    }
    session.commit()
    (policy,) = policies_of(session, customer.id).versions
    assert (policy.grant_longest_days, policy.grant_spend_limit) == (None, None)
