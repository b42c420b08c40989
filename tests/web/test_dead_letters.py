"""An administrator sees which mail did not arrive and why, and sends it once more."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.jobs import runs
from onboarding.services.mail import breaker
from onboarding.store.breaker import open_breaker
from onboarding.store.tables import EventRow, MailRow, MessageRow, PersonRow, RelationRow
from tests import stage
from tests.mail_server import MailServer
from tests.settable_clock import SettableClock

DEAD = "/messages/dead"


@pytest.fixture
def deliver(
    app: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], object]:
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    return lambda: runs.deliver(app)


def page(client: FlaskClient, address: str = DEAD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_is_listed_with_the_reason_in_words(
    as_admin: FlaskClient, session: Session, relation: RelationRow
) -> None:
    session.commit()
    assert "Alles is aangekomen" in page(as_admin)
    stage.a_dead_letter(session, relation)
    stage.a_dead_letter(session, relation, state="dead", end_reason="gave-up: 451 Later")
    stage.a_dead_letter(session, relation, end_reason="bounced: 5.1.1 unknown")
    stage.a_dead_letter(session, relation, end_reason="not-written: ValueError: day", mail_id=None)
    stage.a_dead_letter(session, relation, end_reason="unknown-kind", mail_id=None)
    stage.a_dead_letter(session, relation, end_reason="552 Too large")
    session.commit()
    told = page(as_admin)
    for words in (
        "De mailserver neemt dit adres niet aan.",
        "550 No such mailbox",
        "Dagenlang geprobeerd",
        "Hij kwam later terug",
        "De mail kon niet worden gemaakt",
        "kent dit bericht niet",
        "552 Too large",
        relation.name,
    ):
        assert words in told
    assert told.count("/again") == 5, "what no version knows cannot be sent"


def test_sent_once_more_it_arrives(
    as_admin: FlaskClient,
    session: Session,
    relation: RelationRow,
    mail_server: MailServer,
    deliver: Callable[[], object],
) -> None:
    contact = stage.a_contact(session, relation)
    person = session.get_one(PersonRow, contact.person_id)
    person.mail_refused_at = stage.BEFORE
    letter = stage.a_dead_letter(session, relation, person_id=person.id)
    session.commit()
    deliver()
    assert mail_server.messages == []
    answer = as_admin.post(f"{DEAD}/{letter.id}/again")
    assert (answer.status_code, answer.headers["Location"]) == (303, DEAD)
    assert as_admin.post(f"{DEAD}/{letter.id}/again").status_code == 404, "a second click"
    assert "Alles is aangekomen" in page(as_admin)
    assert session.get_one(PersonRow, person.id, populate_existing=True).mail_refused_at is None
    event = session.scalars(select(EventRow).where(EventRow.code == "mail-sent-again")).one()
    assert (event.relation_id, event.is_shared) == (relation.id, False)
    deliver()
    (one,) = mail_server.messages
    assert one.recipients == [person.email] and b"Klaar" in one.content
    assert session.get_one(MessageRow, letter.id, populate_existing=True).state == "sent"


def test_what_could_not_be_written_is_written_anew(
    as_admin: FlaskClient,
    session: Session,
    relation: RelationRow,
    mail_server: MailServer,
    deliver: Callable[[], object],
) -> None:
    contact = stage.a_contact(session, relation)
    reason = "not-written: ValueError: day"
    letter = stage.a_dead_letter(
        session, relation, person_id=contact.person_id, end_reason=reason, mail_id=None
    )
    session.commit()
    as_admin.post(f"{DEAD}/{letter.id}/again")
    deliver()
    assert len(mail_server.messages) == 1


def test_a_link_to_get_in_is_not_sent_twice(
    as_admin: FlaskClient, session: Session, relation: RelationRow
) -> None:
    letter = stage.a_dead_letter(session, relation, kind="login-link", body=None)
    session.commit()
    assert "/again" not in page(as_admin)
    assert as_admin.post(f"{DEAD}/{letter.id}/again").status_code == 409
    assert session.get_one(MailRow, letter.mail_id, populate_existing=True).state == "failed"


def test_nobody_sees_the_mail_of_another_customer(as_admin: FlaskClient, session: Session) -> None:
    other = stage.a_relation(session, stage.a_customer(session))
    letter = stage.a_dead_letter(session, other)
    session.commit()
    assert other.name not in page(as_admin)
    assert as_admin.post(f"{DEAD}/{letter.id}/again").status_code == 404


def test_fifty_at_a_time(as_admin: FlaskClient, session: Session, relation: RelationRow) -> None:
    for _ in range(51):
        stage.a_dead_letter(session, relation)
    session.commit()
    assert page(as_admin).count("/again") == 50
    assert page(as_admin, f"{DEAD}?page=2").count("/again") == 1


def test_a_server_in_trouble_is_told_and_tried(
    as_admin: FlaskClient, session: Session, clock: SettableClock
) -> None:
    moment = clock.moment()
    breaker.server_trouble(session, moment, "535 Wrong password", breaker.Gate.FREE)
    session.commit()
    told = page(as_admin)
    assert "neemt geen mail van ons aan" in told and "535 Wrong password" in told
    assert as_admin.post("/messages/try-now").status_code == 303
    row = open_breaker(session)
    assert row is not None and row.next_trial_at == moment.now
