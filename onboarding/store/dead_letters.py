"""Messages that were given up, with the mail that carried them, if there was one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from onboarding.store.tables import MailRow, MessageRow, PersonRow, RelationRow

GIVEN_UP = ("dead", "failed")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`mail` is None where no mail could be made of the message."""

    message: MessageRow
    person: PersonRow
    relation: RelationRow | None
    mail: MailRow | None


def dead_letters(session: Session, customer_id: int, *, page: int, size: int) -> list[DeadLetter]:
    """One page of them, the latest first."""
    rows = session.execute(
        select(MessageRow, PersonRow, RelationRow, MailRow)
        .join(PersonRow, PersonRow.id == MessageRow.person_id)
        .outerjoin(RelationRow, RelationRow.id == MessageRow.relation_id)
        .outerjoin(MailRow, MailRow.id == MessageRow.mail_id)
        .where(MessageRow.customer_id == customer_id, MessageRow.state.in_(GIVEN_UP))
        .order_by(MessageRow.ended_at.desc(), MessageRow.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [DeadLetter(*row) for row in rows]


def number_of_dead(session: Session, customer_id: int) -> int:
    return (
        session.scalar(
            select(func.count(MessageRow.id)).where(
                MessageRow.customer_id == customer_id, MessageRow.state.in_(GIVEN_UP)
            )
        )
        or 0
    )


def send_mail_again(session: Session, mail_id: int, now: datetime) -> None:
    """The mail with its bytes goes back into the queue, as if it was never tried."""
    session.execute(
        update(MailRow)
        .where(MailRow.id == mail_id, MailRow.state.in_(GIVEN_UP))
        .values(state="queued", attempts=0, next_at=now, sent_at=None, last_error=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(MessageRow)
        .where(MessageRow.mail_id == mail_id, MessageRow.state.in_(GIVEN_UP))
        .values(state="sending", ended_at=None, end_reason=None),
        execution_options={"synchronize_session": False},
    )


def owe_again(session: Session, message_id: int, now: datetime) -> None:
    """The message waits to be written anew."""
    session.execute(
        update(MessageRow)
        .where(MessageRow.id == message_id, MessageRow.state.in_(GIVEN_UP))
        .values(state="queued", due_at=now, ended_at=None, end_reason=None),
        execution_options={"synchronize_session": False},
    )


def dead_mails(session: Session) -> Sequence[int]:
    """The mails of all customers that were tried in vain, and can be tried again."""
    return session.scalars(
        select(MailRow.id)
        .where(MailRow.state == "dead", MailRow.body.is_not(None))
        .order_by(MailRow.id)
    ).all()
