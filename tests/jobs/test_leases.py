"""A mail is in one worker's hand: held anew before the hand-over, finished by its owner only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.mail.transport import Transport
from onboarding.services.mail.delivery import LEASE
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import MailRow, MessageRow
from tests.conftest import SettableClock
from tests.mail_server import MailServer
from tests.pathway_stage import Scene, a_scene

Deliver = Callable[[], Delivered]


@pytest.fixture
def scene(session: Session, clock: SettableClock) -> Scene:
    scene = a_scene(session)
    owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, clock.moment(), scene.relation, owed)
    session.commit()
    return scene


def the_mail(session: Session) -> MailRow:
    return session.scalars(select(MailRow).execution_options(populate_existing=True)).one()


def test_a_worker_that_slept_too_long_leaves_the_mail_to_who_has_it(
    session: Session,
    scene: Scene,
    app: Flask,
    deliver: Deliver,
    clock: SettableClock,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first connects so slowly that its lease ends; a second takes the mail and sends it."""
    connect, slept = Transport.connect, []

    def slowly(transport: Transport) -> object:
        if not slept:
            slept.append(True)
            clock.forward(minutes=6)
            assert deliver().sent == 1
        return connect(transport)

    monkeypatch.setattr(Transport, "connect", slowly)
    assert deliver().sent == 0
    assert len(mail_server.messages) == 1
    mail = the_mail(session)
    assert (mail.state, mail.attempts) == ("sent", 1), "a worker that vanished spent an attempt"
    assert session.scalars(select(MessageRow.state)).all() == ["sent"]


def test_the_lease_begins_anew_before_the_hand_over(
    session: Session,
    scene: Scene,
    app: Flask,
    deliver: Deliver,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect, send, held = Transport.connect, Transport.send, []

    def slowly(transport: Transport) -> object:
        clock.forward(minutes=4)
        return connect(transport)

    def look(transport: Transport, parcel: object) -> None:
        held.append((the_mail(session).lease_until, clock.moment().now))
        monkeypatch.setattr(Transport, "connect", connect)
        send(transport, parcel)  # type: ignore[arg-type]

    monkeypatch.setattr(Transport, "connect", slowly)
    monkeypatch.setattr(Transport, "send", look)
    assert deliver().sent == 1
    ((until, now),) = held
    assert until == now + LEASE


def test_only_its_owner_writes_what_came_of_it(
    session: Session,
    scene: Scene,
    app: Flask,
    deliver: Deliver,
    clock: SettableClock,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lease ends during the hand-over itself: the mail goes twice, and is recorded once."""
    send, slept = Transport.send, []

    def slowly(transport: Transport, parcel: object) -> None:
        send(transport, parcel)  # type: ignore[arg-type]
        if not slept:
            slept.append(True)
            clock.forward(minutes=6)
            assert deliver().sent == 1

    monkeypatch.setattr(Transport, "send", slowly)
    assert runs.deliver(app).sent == 0
    first, second = mail_server.messages
    assert first.content == second.content
    mail = the_mail(session)
    assert mail.state == "sent"
    assert mail.sent_at == clock.moment().now and mail.lease_owner is None
    assert clock.moment().now - mail.created_at == timedelta(minutes=6)
