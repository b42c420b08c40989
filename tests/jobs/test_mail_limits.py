"""Nobody is drowned in mail, and no domain in a minute: what is too much waits, and comes."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.domain.access import LinkPurpose
from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.links import Entry, mail_link
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.allowances import take_one
from onboarding.store.database import unit_of_work
from onboarding.store.tables import MailAllowanceRow, MailRow, MessageRow, PersonRow, RelationRow
from tests import stage
from tests.conftest import SettableClock
from tests.mail_server import MailServer
from tests.pathway_stage import Scene, a_scene

Deliver = Callable[[], Delivered]


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def owe(session: Session, clock: SettableClock, relation: RelationRow, *about: str) -> None:
    for one in about:
        owed = Owed(kind=MessageKind.ACCEPTED, about=one, relation_id=relation.id)
        owe_to_supplier(session, clock.moment(), relation, owed)
    session.commit()


def test_what_is_too_much_for_a_person_comes_the_next_morning(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAIL_PER_PERSON", 2)
    owe(session, clock, scene.relation, "1", "2", "3", "4", "5")
    done = deliver()
    assert (done.sent, done.postponed) == (2, 3)
    due = set(session.scalars(select(MessageRow.due_at).where(MessageRow.state == "planned")))
    (morning,) = due
    assert morning.astimezone(clock.zone).isoformat() == "2026-11-25T08:00:00+01:00"
    assert deliver() == Delivered(), "nothing more on this day"
    clock.set(morning)
    assert deliver().sent == 2
    clock.forward(days=1)
    assert deliver().sent == 1
    assert set(session.scalars(select(MessageRow.state))) == {"sent"}


def test_a_link_to_get_in_is_never_held_back(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAIL_PER_PERSON", 1)
    monkeypatch.setitem(app.config, "MAIL_PER_DOMAIN", 1)
    owe(session, clock, scene.relation, "1", "2")
    assert deliver().sent == 1
    entry = Entry(secret_key=app.config["SECRET_KEY"], now=clock.real_now())
    person_id = scene.signatory.person_id
    assert person_id is not None
    mail_link(session, entry, clock.moment(), scene.customer.id, person_id, LinkPurpose.LOGIN)
    session.commit()
    assert deliver().sent == 1


def test_what_is_too_much_for_a_domain_comes_the_next_minute(
    session: Session,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAIL_PER_DOMAIN", 2)
    customer = stage.a_customer(session)
    for number in range(5):
        relation = stage.a_relation(session, customer)
        contact = stage.a_contact(session, relation, is_main=True)
        person = session.get_one(PersonRow, contact.person_id)
        person.email = f"jan{number}@{'Groot.example' if number else 'klein.example'}"
        owe(session, clock, relation, "1")
    done = deliver()
    assert (done.sent, done.postponed) == (3, 2)
    rows = session.execute(
        select(MailRow.attempts, MailRow.next_at).where(MailRow.sent_at.is_(None))
    )
    assert {tuple(row) for row in rows} == {(0, clock.moment().now + timedelta(minutes=1))}
    assert deliver().sent == 0
    clock.forward(minutes=1)
    assert deliver().sent == 2
    assert len(mail_server.messages) == 5


def test_without_a_limit_everything_goes(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAIL_PER_PERSON", 0)
    monkeypatch.setitem(app.config, "MAIL_PER_DOMAIN", 0)
    owe(session, clock, scene.relation, *(str(number) for number in range(25)))
    assert deliver().sent == 25


def test_workers_that_count_at_once_never_give_more_than_there_is(
    fresh_app: Flask, fresh_sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    taken: list[bool] = []
    gate = threading.Barrier(4)

    def take() -> None:
        gate.wait()
        for _ in range(5):
            with fresh_sessions() as session, unit_of_work(session):
                taken.append(take_one(session, "domain:x", clock.real_now(), 7))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(taken), sum(taken)) == (20, 7)


def test_days_that_are_over_are_forgotten(
    session: Session, app: Flask, clock: SettableClock, scene: Scene, deliver: Deliver
) -> None:
    owe(session, clock, scene.relation, "1")
    deliver()
    count = select(func.count()).select_from(MailAllowanceRow)
    assert session.scalar(count) == 2
    runs.tidy(app)
    assert session.scalar(count) == 2
    clock.forward(days=4)
    runs.tidy(app)
    assert session.scalar(count) == 0
