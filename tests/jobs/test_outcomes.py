"""What goes wrong with one mail stays with that mail, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail import outcomes
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import MailRow, MessageRow, PathwayRow, PersonRow
from tests.conftest import SettableClock
from tests.mail.moody_server import MoodyServer
from tests.pathway_stage import Scene, a_scene, proposed

Deliver = Callable[[], Delivered]


@pytest.fixture
def mail_server() -> Iterator[MoodyServer]:
    server = MoodyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def owe(session: Session, scene: Scene, moment: Moment, about: str = "1", **facts: str) -> None:
    kind = MessageKind.CERTIFICATE_REJECTED
    owed = Owed(kind=kind, about=about, relation_id=scene.relation.id, facts=facts)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()


def the_mail(session: Session) -> MailRow:
    return session.scalars(select(MailRow).execution_options(populate_existing=True)).one()


def test_a_lost_answer_sends_the_same_bytes_again(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MoodyServer,
    received: Callable[[], list[EmailMessage]],
) -> None:
    owe(session, scene, clock.moment())
    mail_server.drop_answers = 1
    assert deliver().again == 1
    assert (the_mail(session).state, the_mail(session).attempts) == ("queued", 1)
    clock.forward(days=1)
    assert deliver().sent == 1
    first, second = mail_server.messages
    assert first.content == second.content
    assert len({mail["Message-ID"] for mail in received()}) == 1


def test_each_attempt_waits_longer_and_the_last_is_the_end(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MoodyServer,
) -> None:
    owe(session, scene, clock.moment())
    mail_server.answers["RCPT"] = "451 Later"
    waits = []
    for _ in range(outcomes.MOST_ATTEMPTS):
        deliver()
        waits.append(the_mail(session).next_at - clock.real_now())
        clock.forward(days=1)
    assert timedelta(seconds=60) <= waits[0] <= timedelta(seconds=75)
    assert waits[3] > waits[1] > waits[0]
    assert max(waits) <= outcomes.LONGEST_WAIT * 1.25
    assert the_mail(session).state == "dead"
    assert session.scalars(select(MessageRow.state)).all() == ["dead"]
    del mail_server.answers["RCPT"]
    assert deliver().sent == 0


def test_a_sender_that_is_refused_spends_no_attempt(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MoodyServer,
) -> None:
    owe(session, scene, clock.moment(), "1")
    owe(session, scene, clock.moment(), "2")
    mail_server.answers["MAIL"] = "550 Not you"
    assert deliver().trouble.startswith("550")
    assert the_mail(session).attempts == 0, "the second was not even rendered"
    del mail_server.answers["MAIL"]
    clock.forward(minutes=6)
    assert deliver().sent == 2


def test_a_poisonous_message_fails_alone(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver, mail_server: MoodyServer
) -> None:
    owe(session, scene, moment, "1", level="trede-1")
    bad = Owed(
        kind=MessageKind.CERTIFICATE_VERIFIED,
        about="2",
        relation_id=scene.relation.id,
        facts={"ends_on": "not a day"},
    )
    owe_to_supplier(session, moment, scene.relation, bad)
    session.commit()
    owe(session, scene, moment, "3", level="trede-2")
    done = deliver()
    assert (done.sent, done.failed) == (2, 1)
    rows = session.execute(select(MessageRow.state, MessageRow.end_reason).order_by(MessageRow.id))
    states = [tuple(row) for row in rows]
    assert [state for state, _ in states] == ["sent", "failed", "sent"]
    assert "not a day" in (states[1][1] or "")


def test_a_line_break_in_a_name_adds_no_header(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver, mail_server: MoodyServer
) -> None:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    person.name = "Jan\r\nBcc: everybody@example.com"
    owe(session, scene, moment)
    assert deliver().failed == 1
    assert mail_server.messages == []


def test_a_hand_over_that_cannot_be_recorded_is_recorded_later(
    session: Session,
    scene: Scene,
    moment: Moment,
    app: Flask,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pathway = proposed(session, scene, moment)
    session.commit()

    def boom(*_: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as broken:
        broken.setitem(outcomes.HANDED_OVER, MessageKind.PROPOSAL, boom)
        assert deliver().sent == 1
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on is None
    assert runs.sweep(app)["hand-overs"] == 1
    row = session.get_one(PathwayRow, pathway.id, populate_existing=True)
    assert row.window_ends_on == moment.today + timedelta(days=60)
    assert runs.sweep(app)["hand-overs"] == 0
