"""A mail server in trouble: one mail tries, all others wait, and nothing is spent or lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotAllowed
from onboarding.domain.mail_limits import LONGEST_PAUSE, pause_after
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail import breaker
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.breaker import open_breaker
from onboarding.store.tables import MailRow, MessageRow
from tests import stage
from tests.conftest import SettableClock
from tests.mail.moody_server import MoodyServer
from tests.pathway_stage import Scene, a_scene

Deliver = Callable[[], Delivered]


@pytest.fixture
def mail_server() -> Iterator[MoodyServer]:
    server = MoodyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def scene(session: Session, clock: SettableClock) -> Scene:
    """Three mails are owed."""
    scene = a_scene(session)
    for about in "123":
        owed = Owed(kind=MessageKind.ACCEPTED, about=about, relation_id=scene.relation.id)
        owe_to_supplier(session, clock.moment(), scene.relation, owed)
    session.commit()
    return scene


def attempts(session: Session) -> list[int]:
    rows = select(MailRow.attempts).execution_options(populate_existing=True)
    return list(session.scalars(rows))


def test_each_pause_is_longer_up_to_half_an_hour() -> None:
    minutes = [pause_after(failures) / timedelta(minutes=1) for failures in range(1, 8)]
    assert minutes == [1, 2, 4, 8, 16, 30, 30]
    assert pause_after(10_000) == LONGEST_PAUSE


def test_one_mail_tries_after_each_pause_and_success_lets_all_go(
    session: Session, scene: Scene, deliver: Deliver, clock: SettableClock, mail_server: MoodyServer
) -> None:
    mail_server.answers["MAIL"] = "550 Not you"
    assert deliver().trouble == "550 Not you"
    tried = mail_server.connections
    assert deliver() == Delivered(), "every worker knows that it is no use"
    assert mail_server.connections == tried
    for failures in (2, 3, 4):
        clock.forward(minutes=2 ** (failures - 2))
        assert deliver().again == 1
        row = open_breaker(session)
        assert row is not None and row.failures == failures and row.why == "550 Not you"
        assert row.next_trial_at == clock.moment().now + pause_after(failures)
    assert mail_server.connections == tried + 3
    assert set(attempts(session)) == {0}
    mail_server.answers.clear()
    assert deliver() == Delivered(), "not before the pause is over"
    clock.forward(minutes=8)
    assert deliver().sent == 3
    assert open_breaker(session) is None


def test_of_workers_that_look_at_once_one_gets_the_trial(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    moment = clock.moment()
    breaker.server_trouble(session, moment, "no server", breaker.Gate.FREE)
    assert breaker.ask(session, moment) is breaker.Gate.SHUT
    clock.forward(minutes=1)
    answers = [breaker.ask(session, clock.moment()) for _ in range(3)]
    assert answers == [breaker.Gate.TRIAL, breaker.Gate.SHUT, breaker.Gate.SHUT]


def test_a_worker_under_way_stops_when_another_finds_trouble(
    session: Session, scene: Scene, app: Flask, deliver: Deliver, clock: SettableClock
) -> None:
    asked = []

    def stop() -> bool:
        asked.append(True)
        if len(asked) == 3:
            breaker.server_trouble(session, clock.moment(), "no server", breaker.Gate.FREE)
            session.commit()
        return False

    deliver()  # puts the server's address in the settings
    session.execute(MessageRow.__table__.update().values(state="queued", mail_id=None))
    session.execute(MailRow.__table__.delete())
    session.commit()
    assert runs.deliver(app, stop=stop).sent < 3


def test_an_address_that_is_refused_says_that_the_server_works(
    session: Session, scene: Scene, deliver: Deliver, clock: SettableClock, mail_server: MoodyServer
) -> None:
    breaker.server_trouble(session, clock.moment(), "no server", breaker.Gate.FREE)
    session.commit()
    clock.forward(minutes=1)
    mail_server.answers["RCPT"] = "550 No such mailbox"
    assert deliver().failed
    assert open_breaker(session) is None


def test_a_trial_without_a_mail_is_left_to_the_next(
    session: Session, deliver: Deliver, clock: SettableClock
) -> None:
    scene = a_scene(session)
    breaker.server_trouble(session, clock.moment(), "no server", breaker.Gate.FREE)
    session.commit()
    clock.forward(minutes=1)
    assert deliver() == Delivered()
    owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, clock.moment(), scene.relation, owed)
    session.commit()
    assert deliver().sent == 1
    assert open_breaker(session) is None


def test_who_types_the_command_need_not_wait(
    session: Session, scene: Scene, app: Flask, deliver: Deliver, mail_server: MoodyServer
) -> None:
    mail_server.answers["MAIL"] = "550 Not you"
    deliver()
    mail_server.answers.clear()
    assert runs.deliver(app, by_hand=True).sent == 3


def test_an_administrator_lets_it_try_now(
    session: Session, scene: Scene, deliver: Deliver, clock: SettableClock, mail_server: MoodyServer
) -> None:
    mail_server.answers["MAIL"] = "550 Not you"
    deliver()
    mail_server.answers.clear()
    with pytest.raises(NotAllowed):
        breaker.try_now(session, scene.buyer, clock.moment())
    admin = stage.user_actor(session, scene.customer, Role.ADMIN)
    assert breaker.try_now(session, admin, clock.moment())
    session.commit()
    assert deliver().sent == 3
    assert not breaker.try_now(session, admin, clock.moment())
