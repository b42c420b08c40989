"""The secret calendar of one person: made and withdrawn on a page, asked for without a log-in."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.domain.people import Role
from onboarding.services.contacts import retire_contact
from onboarding.services.pathway.milestones import accept_milestone, submit_milestone
from onboarding.services.pathway.requests import answer_request, ask_for_date
from onboarding.services.sessions import sha256
from onboarding.services.users import set_roles
from onboarding.store.tables import (
    CalendarFeedRow,
    CertificateRow,
    ContactRow,
    MilestoneRow,
    NoticeRow,
    OrganisationRow,
    PersonRow,
    RecognitionRow,
    RelationRow,
)
from onboarding.web import agenda_feed
from tests import calendars, stage
from tests.calendars import Told
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed

ADDRESS = re.compile(r"<code>http://[^/]+(/calendar/([\w-]{43})\.ics)</code>")


@pytest.fixture(autouse=True)
def nothing_counted(app: Flask) -> Iterator[None]:
    app.extensions[agenda_feed.TRIES].clear()
    yield
    app.extensions[agenda_feed.TRIES].clear()


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture
def steps(session: Session, scene: Scene, clock: SettableClock) -> list[MilestoneRow]:
    _, steps = agreed(session, scene, clock.moment())
    session.commit()
    return steps


@pytest.fixture
def supplier(app: Flask, session: Session, scene: Scene, clock: SettableClock) -> FlaskClient:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    return stage.log_in(app.test_client(), session, clock.real_now(), person)


@pytest.fixture
def buyer(app: Flask, session: Session, scene: Scene, clock: SettableClock) -> FlaskClient:
    person = session.get_one(PersonRow, scene.buyer.person_id)
    return stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)


def made(client: FlaskClient) -> str:
    """The path of a new address."""
    answer = client.post("/account/calendar")
    assert answer.status_code == 200
    found = ADDRESS.search(answer.text)
    assert found is not None
    return found[1]


def asked(app: Flask, path: str, **headers: str) -> TestResponse:
    """By a program that has the address and nothing else."""
    return app.test_client().get(path, headers=headers)


def days(app: Flask, path: str) -> list[Told]:
    answer = asked(app, path)
    assert answer.status_code == 200, answer.text
    return calendars.read(answer.data)


def test_a_supplier_gets_its_steps_without_a_log_in(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
) -> None:
    path = made(supplier)
    answer = asked(app, path)
    assert answer.mimetype == "text/calendar"
    assert "Set-Cookie" not in answer.headers
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    told = calendars.read(answer.data)
    assert [one.day for one in told] == [step.due_on for step in steps]
    assert told[1].summary == "MijnPSO-account en contactpersoon (Facilitair Bedrijf)"
    assert "METHOD" not in answer.text and "ORGANIZER" not in answer.text
    names = session.scalars(select(PersonRow.name)).all()
    assert [name for name in names if name in answer.text] == []


def test_the_address_is_shown_once_and_only_its_hash_is_kept(
    session: Session, steps: Any, supplier: FlaskClient
) -> None:
    path = made(supplier)
    token = path.split("/")[-1].removesuffix(".ics")
    row = session.scalars(select(CalendarFeedRow)).one()
    assert row.token_sha256 == sha256(token)
    later = supplier.get("/account/calendar")
    assert token not in later.text
    assert "Uw adres werkt" in later.text


def test_a_moved_day_keeps_its_name_and_gets_a_higher_number(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    path, moment = made(supplier), clock.moment()
    before = days(app, path)
    later = steps[0].due_on + timedelta(days=14)
    request = ask_for_date(
        session, scene.signatory, moment, steps[0].id, wished_on=later, reason="Ziek"
    )
    session.commit()
    assert days(app, path)[0].day == steps[0].due_on, "it stands still, and stays where it is"
    answer_request(session, scene.buyer, moment, request, granted_on=later)
    session.commit()
    after = days(app, path)
    assert [one.uid for one in after] == [one.uid for one in before]
    assert (after[0].day, after[0].sequence > before[0].sequence) == (later, True)
    assert after[1:] == before[1:]


def test_a_done_step_goes_out_of_it(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    path, moment = made(supplier), clock.moment()
    before = days(app, path)
    submit_milestone(session, scene.signatory, moment, steps[0].id)
    accept_milestone(session, scene.buyer, moment, steps[0].id)
    session.commit()
    assert [one.uid for one in days(app, path)] == [one.uid for one in before[1:]]


def test_what_did_not_change_is_not_sent_again(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    path = made(supplier)
    tag = asked(app, path).headers["ETag"]
    clock.forward(days=1)
    again = asked(app, path, **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    submit_milestone(session, scene.signatory, clock.moment(), steps[1].id)
    session.commit()
    assert asked(app, path, **{"If-None-Match": tag}).status_code == 200


def test_a_new_address_ends_the_one_before(app: Flask, steps: Any, supplier: FlaskClient) -> None:
    old = made(supplier)
    new = made(supplier)
    assert asked(app, old).status_code == 410
    assert asked(app, new).status_code == 200
    assert supplier.post("/account/calendar/end").status_code == 303
    assert asked(app, new).status_code == 410
    assert "Uw adres werkt" not in supplier.get("/account/calendar").text


@pytest.mark.parametrize("token", ["x" * 43, "x", "x" * 200])
def test_what_is_no_address_finds_nothing(app: Flask, session: Session, token: str) -> None:
    assert asked(app, f"/calendar/{token}.ics").status_code == 404


def test_nobody_sees_the_days_of_others(
    app: Flask, session: Session, scene: Scene, steps: Any, clock: SettableClock
) -> None:
    elsewhere = stage.a_customer(session, "Ander")
    for customer in (scene.customer, elsewhere):
        relation = stage.a_relation(session, customer, "Bakkerij Sterk")
        contact = stage.a_contact(session, relation, Role.SIGNATORY)
        person = session.get_one(PersonRow, contact.person_id)
        client = stage.log_in(app.test_client(), session, clock.real_now(), person)
        assert days(app, made(client)) == []
        colleague = stage.a_user(session, customer, Role.MANAGER)
        client = stage.log_in(app.test_client(), session, clock.real_now(), colleague, customer)
        assert days(app, made(client)) == [], "not what others have in hand"


def test_who_is_a_contact_of_two_suppliers_sees_both_until_retired_from_one(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    other = a_scene(session)
    stage.a_contact(session, other.relation, Role.CONTACT, person=person)
    agreed(session, other, clock.moment())
    session.commit()
    path = made(supplier)
    assert len(days(app, path)) == 8
    retire(session, other, person.id, clock)
    assert len(days(app, path)) == 4
    retire(session, scene, person.id, clock)
    assert asked(app, path).status_code == 410


def retire(session: Session, scene: Scene, person_id: int, clock: SettableClock) -> None:
    contact = session.scalars(
        select(ContactRow).where(
            ContactRow.relation_id == scene.relation.id, ContactRow.person_id == person_id
        )
    ).one()
    retire_contact(session, scene.buyer, clock.moment(), scene.relation.id, contact.id)
    session.commit()


def test_who_left_and_comes_back_needs_a_new_address(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: Any,
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    path = made(supplier)
    retire(session, scene, scene.signatory.person_id or 0, clock)
    assert asked(app, path).status_code == 410
    session.scalars(select(ContactRow)).one().retired_at = None
    session.commit()
    assert asked(app, path).status_code == 410


def test_an_ended_relation_has_no_days(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: Any,
    supplier: FlaskClient,
    buyer: FlaskClient,
    clock: SettableClock,
) -> None:
    paths = [made(supplier), made(buyer)]
    scene.relation.ended_on = clock.moment().today
    session.commit()
    assert [days(app, path) for path in paths] == [[], []]


def a_certificate(session: Session, relation: RelationRow, ends_on: date) -> CertificateRow:
    row = CertificateRow(
        relation_id=relation.id,
        state="verified",
        level="trede-1",
        starts_on=date(2025, 1, 1),
        ends_on=ends_on,
        reported_by="buyer",
        reported_at=stage.BEFORE,
        reported_on=stage.BEFORE_ON,
    )
    session.add(row)
    session.flush()
    return row


def test_a_buyer_sees_steps_reviews_warnings_and_what_ends(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    buyer: FlaskClient,
    clock: SettableClock,
) -> None:
    moment = clock.moment()
    submit_milestone(session, scene.signatory, moment, steps[0].id)
    a_certificate(session, scene.relation, date(2027, 1, 31))
    a_certificate(session, scene.relation, date(2027, 3, 31))
    session.add_all(
        [
            NoticeRow(
                relation_id=scene.relation.id,
                milestone_id=steps[1].id,
                missed_on=moment.today,
                state="prepared",
                prepared_on=moment.today,
                planned_on=date(2026, 12, 3),
            ),
            RecognitionRow(
                relation_id=scene.relation.id,
                kind="code",
                checked_on=stage.BEFORE_ON,
                recheck_on=date(2027, 5, 3),
            ),
        ]
    )
    session.commit()
    told = {one.summary: one.day for one in days(app, made(buyer))}
    who = scene.relation.name
    assert told == {
        f"Beoordelen: Plan van aanpak met directie-akkoord ({who})": date(2026, 12, 1),
        f"MijnPSO-account en contactpersoon ({who})": steps[1].due_on,
        f"Audit ({who})": steps[2].due_on,
        f"Registercontrole ({who})": steps[3].due_on,
        f"Waarschuwing gaat uit: MijnPSO-account en contactpersoon ({who})": date(2026, 12, 3),
        f"PSO-certificaat loopt af ({who})": date(2027, 3, 31),
        f"Erkenning controleren ({who})": date(2027, 5, 3),
    }


def test_a_supplier_sees_no_warning_before_it_went_out(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    today = clock.moment().today
    a_certificate(session, scene.relation, date(2027, 3, 31))
    session.add(
        NoticeRow(
            relation_id=scene.relation.id,
            milestone_id=steps[1].id,
            missed_on=today,
            state="prepared",
            prepared_on=today,
            planned_on=date(2026, 12, 3),
        )
    )
    session.commit()
    told = days(app, made(supplier))
    assert len(told) == 5
    assert told[-1].summary == "Uw PSO-certificaat loopt af"


def test_a_buyer_who_may_not_buy_any_more_gets_nothing(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: Any,
    buyer: FlaskClient,
    clock: SettableClock,
) -> None:
    path = made(buyer)
    admin = stage.user_actor(session, scene.customer, Role.ADMIN)
    person_id = scene.buyer.person_id or 0
    successor = scene.manager.person_id
    for wanted in (frozenset({Role.READER}), frozenset({Role.BUYER})):
        set_roles(session, admin, clock.moment(), person_id, wanted, successor_id=successor)
        session.commit()
        assert asked(app, path).status_code == 410


def test_a_reader_has_no_suppliers_and_no_page(
    app: Flask, session: Session, scene: Scene, clock: SettableClock
) -> None:
    person = stage.a_user(session, scene.customer, Role.READER)
    client = stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)
    assert client.get("/account/calendar").status_code == 403
    assert client.post("/account/calendar").status_code == 403
    assert "/account/calendar" not in client.get("/account").text


def test_the_words_are_in_the_language_of_the_person(
    app: Flask, session: Session, scene: Scene, steps: Any, supplier: FlaskClient
) -> None:
    path = made(supplier)
    session.get_one(PersonRow, scene.signatory.person_id).locale = "en"
    session.commit()
    assert days(app, path)[1].summary == "MijnPSO account and contact person (Facilitair Bedrijf)"


def test_who_asks_too_often_waits(
    app: Flask,
    steps: Any,
    supplier: FlaskClient,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agenda_feed, "MOST_PER_TOKEN", 2)
    monkeypatch.setattr(agenda_feed, "MOST_WRONG_PER_CLIENT", 2)
    path = made(supplier)
    assert [asked(app, path).status_code for _ in range(3)] == [200, 200, 429]
    waits = asked(app, path)
    assert 0 < int(waits.headers["Retry-After"]) <= 15 * 60 + 1
    clock.forward(minutes=16)
    assert asked(app, path).status_code == 200
    wrong = [asked(app, f"/calendar/{n * 43}.ics").status_code for n in "abc"]
    assert wrong == [404, 404, 429]


def test_the_token_is_in_no_log(
    app: Flask, steps: Any, supplier: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = made(supplier)
    token = path.split("/")[-1].removesuffix(".ics")
    asked(app, path)
    app.test_client().post(path)
    made(supplier)
    asked(app, path)
    asked(app, f"/calendar/{token}.txt")
    ours = [record for record in caplog.records if not record.name.startswith("sqlalchemy")]
    assert [record for record in ours if token in record.getMessage()] == []


def test_as_many_questions_to_the_database_for_many_suppliers_as_for_one(
    app: Flask,
    session: Session,
    scene: Scene,
    steps: Any,
    buyer: FlaskClient,
    supplier: FlaskClient,
    clock: SettableClock,
) -> None:
    paths = [made(buyer), made(supplier)]
    before = [statements(app, session, path) for path in paths]
    person = session.get_one(PersonRow, scene.signatory.person_id)
    for _ in range(4):
        relation = stage.a_relation(
            session, scene.customer, enrolled_on=date(2026, 2, 2), buyer_id=scene.buyer.person_id
        )
        signatory = stage.contact_actor(session, relation)
        another = replace(scene, relation=relation, signatory=signatory)
        agreed(session, another, clock.moment())
        stage.a_contact(session, relation, Role.CONTACT, person=person)
        a_certificate(session, relation, date(2027, 3, 31))
    session.commit()
    assert [len(days(app, path)) for path in paths] == [24, 24]
    assert [statements(app, session, path) for path in paths] == before


def statements(app: Flask, session: Session, path: str) -> int:
    seen: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    session.expire_all()
    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    assert asked(app, path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_pages_lead_to_it(
    session: Session, scene: Scene, steps: Any, supplier: FlaskClient, buyer: FlaskClient
) -> None:
    assert session.get_one(OrganisationRow, scene.customer.id)
    home = supplier.get(f"/portal/{scene.relation.id}").text
    assert "Zet de datums in uw agenda" in home
    assert 'href="/account/calendar"' in home
    assert 'href="/account/calendar"' in buyer.get("/account").text
