"""The database goes, is locked or is full in the middle of the work, or the clock is set back.

Each time: one row for each thing that is owed, nothing lost, and no copy but of the one mail that
was being handed over.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from onboarding.domain.messages import MessageKind
from onboarding.domain.plans import Step
from onboarding.jobs import runs, sweeping
from onboarding.jobs.deliver import Delivered
from onboarding.mail.transport import Transport
from onboarding.services.mail import delivery
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.database import db
from onboarding.store.tables import MailRow, MessageRow
from tests import stage
from tests.conftest import SettableClock
from tests.databases import disconnect_all
from tests.jobs.test_at_once import all_at_once
from tests.mail_server import MailServer
from tests.pathway_stage import a_scene, agreed

SUPPLIERS = 6
HIT = 3  # at which mail it happens
DUE = date(2027, 1, 13)
READING = ("while it is sorted", "while it is told", "while it is written")
MOMENTS = (*READING, "before the hand-over", "after the hand-over")
Break = Callable[[], None]
Sessions = sessionmaker[Session]


@pytest.fixture
def owed(
    fresh_app: Flask, fresh_sessions: Sessions, clock: SettableClock, mail_server: MailServer
) -> Flask:
    """A mail is owed to each of six suppliers."""
    fresh_app.config.update(mail_server.settings)
    with fresh_sessions() as session:
        customer = stage.a_customer(session)
        for _ in range(SUPPLIERS):
            relation = stage.a_relation(session, customer)
            stage.a_contact(session, relation)
            one = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=relation.id)
            owe_to_supplier(session, clock.moment(), relation, one)
        session.commit()
    return fresh_app


@contextmanager
def at(moment: str, what: Break) -> Iterator[None]:
    """Does `what` at that moment of the third mail."""
    owner: Any
    owner, name = {
        "while it is sorted": (delivery, "why_stale"),
        "while it is told": (delivery, "line_of"),
        "while it is written": (delivery, "draft"),
        "before the hand-over": (Transport, "connect"),
        "after the hand-over": (Transport, "send"),
    }[moment]
    real, calls = getattr(owner, name), Counter[str]()

    def hooked(*args: Any, **named: Any) -> Any:
        calls[name] += 1
        is_hit = calls[name] == HIT
        if is_hit and moment != "after the hand-over":
            what()
        done = real(*args, **named)
        if is_hit and moment == "after the hand-over":
            what()
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, hooked)
        yield
    assert calls[name] >= HIT, "it never came to that"


def all_arrive(
    app: Flask, sessions: Sessions, clock: SettableClock, server: MailServer, most: int
) -> None:
    """In two more runs, after the leases; `most` copies of one mail may have gone beyond it."""
    for _ in range(2):
        clock.forward(minutes=6)
        runs.deliver(app)
    with sessions() as session:
        assert session.scalars(select(MessageRow.state)).all() == ["sent"] * SUPPLIERS
        bodies = {mail.recipient: mail.body for mail in session.scalars(select(MailRow))}
    assert {(one.recipients[0], one.content) for one in server.messages} == set(bodies.items())
    assert len(bodies) == SUPPLIERS
    assert len(server.messages) - SUPPLIERS <= most


def look(app: Flask) -> Delivered:
    """As a worker does: a run that ends in an error is told, and the next one comes."""
    with suppress(DBAPIError):
        return runs.deliver(app)
    return Delivered()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_database_that_goes_away_costs_no_mail(
    owed: Flask,
    fresh_engine: Engine,
    fresh_sessions: Sessions,
    clock: SettableClock,
    mail_server: MailServer,
    moment: str,
) -> None:
    with at(moment, lambda: disconnect_all(fresh_engine)):
        look(owed)
    all_arrive(owed, fresh_sessions, clock, mail_server, most=0)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_database_that_is_locked_for_too_long_costs_no_mail(
    owed: Flask,
    fresh_engine: Engine,
    fresh_sessions: Sessions,
    clock: SettableClock,
    mail_server: MailServer,
    moment: str,
) -> None:
    """Another writer holds the lock for longer than is waited for: here a tenth of a second."""
    other = sqlite3.connect(str(fresh_engine.url.database), isolation_level=None)
    with on_each_connection(owed, "PRAGMA busy_timeout=100"):
        with at(moment, lambda: other.execute("BEGIN IMMEDIATE").close()):
            look(owed)
        other.rollback()
        other.close()
    # What was handed over could not be written down: that one goes again when its lease is over.
    is_handed_over = moment == "after the hand-over"
    all_arrive(owed, fresh_sessions, clock, mail_server, most=int(is_handed_over))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_full_disk_costs_no_mail(
    owed: Flask,
    fresh_sessions: Sessions,
    clock: SettableClock,
    mail_server: MailServer,
    moment: str,
) -> None:
    def fill_up() -> None:
        # The least that SQLite lets itself be set to: the pages that there are.
        db.session().execute(text("PRAGMA max_page_count=1"))

    with at(moment, fill_up), on_each_connection(owed, "PRAGMA busy_timeout=100"):
        done = look(owed)
    assert done.sent < SUPPLIERS, "the disk was not full"
    with fresh_sessions() as session:
        states = set(session.scalars(select(MessageRow.state)))
    assert states <= {"queued", "sending", "sent"}
    all_arrive(owed, fresh_sessions, clock, mail_server, most=1)


@contextmanager
def on_each_connection(app: Flask, statement: str) -> Iterator[None]:
    """Say this on each new connection; afterwards all are new again."""
    with app.app_context():
        engine = db.engine

    def say(connection: Any, _entry: object) -> None:
        connection.execute(statement)

    engine.dispose()
    event.listen(engine, "connect", say)
    try:
        yield
    finally:
        event.remove(engine, "connect", say)
        engine.dispose()


# --- the sweep ---


@pytest.fixture
def steps(fresh_app: Flask, fresh_sessions: Sessions, clock: SettableClock, mail_server) -> Flask:
    """Five steps that were due nine days ago, at noon of a Friday."""
    fresh_app.config.update(mail_server.settings)
    with fresh_sessions() as session:
        scene = a_scene(session)
        agreed(
            session,
            scene,
            clock.moment(),
            *(Step(title=f"Stap {number}", due_on=DUE) for number in range(5)),
        )
        session.execute(text("UPDATE messages SET state = 'superseded'"))  # of the agreement
        session.commit()
    clock.set(datetime.combine(DUE + timedelta(days=9), time(12), clock.zone))
    return fresh_app


def keys(sessions: Sessions) -> Counter[str]:
    with sessions() as session:
        return Counter(session.scalars(select(MessageRow.key)))


def reminders(sessions: Sessions) -> dict[str, str]:
    """The state of each."""
    with sessions() as session:
        kind = MessageRow.kind == MessageKind.MILESTONE_REMINDER
        return dict(session.execute(select(MessageRow.key, MessageRow.state).where(kind)).all())


@pytest.mark.parametrize("looks", [1, 5, 6, 9])
def test_a_sweep_that_is_cut_off_is_made_up_for(
    steps: Flask,
    fresh_engine: Engine,
    fresh_sessions: Sessions,
    engine_name: str,
    monkeypatch: pytest.MonkeyPatch,
    looks: int,
) -> None:
    """Before one of its steps: the database goes away, or its disk is full."""
    may_sweep, seen = sweeping.may_sweep, list[int]()

    def cut_off(session: Session) -> bool:
        seen.append(1)
        if len(seen) == looks:
            if engine_name == "postgresql":
                disconnect_all(fresh_engine)
            else:
                session.execute(text("PRAGMA max_page_count=1"))
                session.execute(text("CREATE TABLE filling AS SELECT randomblob(100000) AS all_"))
        return may_sweep(session)

    with monkeypatch.context() as once:
        once.setattr(sweeping, "may_sweep", cut_off)
        with pytest.raises(DBAPIError):
            runs.sweep(steps)
    with steps.app_context():
        db.engine.dispose()
    runs.sweep(steps)
    after = keys(fresh_sessions)
    assert set(after.values()) == {1}
    assert len(reminders(fresh_sessions)) == 5
    assert runs.sweep(steps) == Counter()
    assert keys(fresh_sessions) == after


def test_two_workers_that_start_in_the_same_second_send_each_mail_once(
    steps: Flask, fresh_sessions: Sessions, mail_server: MailServer
) -> None:
    def work() -> None:
        runs.sweep(steps)
        runs.deliver(steps)

    all_at_once(work, 2)
    work()
    assert set(keys(fresh_sessions).values()) == {1}
    assert set(reminders(fresh_sessions).values()) == {"sent"}
    with fresh_sessions() as session:
        mails = session.scalars(select(MailRow.message_id)).all()
    assert len(mail_server.messages) == len(mails), "each once"


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_back_after_the_sweep_neither_loses_nor_doubles(
    steps: Flask,
    fresh_sessions: Sessions,
    clock: SettableClock,
    mail_server: MailServer,
    back: timedelta,
) -> None:
    runs.sweep(steps)
    before = keys(fresh_sessions)
    clock.forward(seconds=-back.total_seconds())
    runs.sweep(steps)
    runs.deliver(steps)
    assert set(keys(fresh_sessions)) >= set(before)
    assert mail_server.messages == [], "nothing goes before its time"
    clock.forward(seconds=back.total_seconds())
    for _ in range(2):
        runs.sweep(steps)
        runs.deliver(steps)
        clock.forward(minutes=6)
    assert keys(fresh_sessions) == before, "the day of the deadline brings the same"
    assert set(reminders(fresh_sessions).values()) == {"sent"}
    with fresh_sessions() as session:
        assert len(mail_server.messages) == len(session.scalars(select(MailRow.id)).all())


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_back_in_a_hand_over_sends_it_once(
    owed: Flask,
    fresh_sessions: Sessions,
    clock: SettableClock,
    mail_server: MailServer,
    back: timedelta,
) -> None:
    with at("after the hand-over", lambda: void(clock.forward(seconds=-back.total_seconds()))):
        runs.deliver(owed)
    clock.forward(seconds=back.total_seconds())
    all_arrive(owed, fresh_sessions, clock, mail_server, most=0)


def void(_: object) -> None:
    """What a break gives back does not count."""
