"""Who has what in hand: messages are taken once, and only the owner of a lease ends a mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.services.mail.messages import Owed, owe
from onboarding.store import messages as ledger
from onboarding.store.messages import Lease
from onboarding.store.tables import MailRow, MessageRow
from tests import stage

LEASE = timedelta(minutes=5)


@pytest.fixture
def mail(session: Session, moment: Moment) -> MailRow:
    """A mail that waits for its next attempt."""
    customer, person = stage.a_customer(session), stage.a_person(session)
    row = MailRow(
        customer_id=customer.id,
        person_id=person.id,
        message_id="<1@example>",
        kind=MessageKind.ACCEPTED,
        recipient=person.email,
        subject="Klaar",
        state="queued",
        next_at=moment.now,
        created_at=moment.now,
    )
    session.add(row)
    session.flush()
    return row


def test_messages_are_taken_once(session: Session, moment: Moment) -> None:
    customer, person = stage.a_customer(session), stage.a_person(session)
    owe(session, moment, customer.id, Owed(kind=MessageKind.ANSWER, about="1"), [person.id])
    ids = session.scalars(select(MessageRow.id)).all()
    assert ledger.take(session, ids)
    assert not ledger.take(session, ids)


def test_a_mail_in_hand_is_nobody_elses_until_its_lease_is_over(
    session: Session, moment: Moment, mail: MailRow
) -> None:
    until = moment.now + LEASE
    assert ledger.claim(session, moment.now, "one", until) == mail.id
    assert ledger.claim(session, moment.now, "two", until) is None
    later = until + timedelta(seconds=1)
    assert ledger.claim(session, later, "two", later + LEASE) == mail.id
    session.refresh(mail)
    assert mail.attempts == 1, "the worker that vanished spent one"
    assert not ledger.finish(session, Lease(mail_id=mail.id, owner="one"), state="sent")
    assert ledger.finish(session, Lease(mail_id=mail.id, owner="two"), state="sent")
    session.refresh(mail)
    assert (mail.state, mail.lease_owner) == ("sent", None)


def test_a_mail_is_not_claimed_before_its_time(
    session: Session, moment: Moment, mail: MailRow
) -> None:
    mail.next_at = moment.now + timedelta(minutes=1)
    session.flush()
    assert ledger.claim(session, moment.now, "one", moment.now + LEASE) is None
