"""Reminders that a buyer holds: in the ledger, under the key by which they are owed."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from onboarding.store.database import insert_ignoring
from onboarding.store.messages import UNSENT
from onboarding.store.tables import MessageRow

HELD = "held"


def message_with_key(session: Session, key: str) -> MessageRow | None:
    return session.scalars(
        select(MessageRow).where(MessageRow.key == key).execution_options(populate_existing=True)
    ).first()


def owe_ahead(session: Session, row: MessageRow, falls_at: datetime) -> None:
    """Owe what is foretold, unless the sweep was ahead; it falls on its own day."""
    values = {
        "key": row.key,
        "customer_id": row.customer_id,
        "relation_id": row.relation_id,
        "milestone_id": row.milestone_id,
        "person_id": row.person_id,
        "kind": row.kind,
        "facts": row.facts,
        "state": "planned",
        "owed_at": falls_at,
        "due_at": falls_at,
    }
    insert_ignoring(session, MessageRow.__table__, [values])


def hold(session: Session, key: str, reason: str) -> bool:
    """False where a worker took it before, or it was held already."""
    held = session.scalars(
        update(MessageRow)
        .where(MessageRow.key == key, MessageRow.state.in_(UNSENT))
        .values(state=HELD, hold_reason=reason)
        .returning(MessageRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(held)


def release(session: Session, key: str, now: datetime, end_reason: str | None) -> bool:
    """Let it go; what is not owed yet is foretold again. False where it was not held any more.

    With `end_reason` it is not sent: something newer was.
    """
    is_held = (MessageRow.key == key, MessageRow.state == HELD)
    gone = session.scalars(
        delete(MessageRow)
        .where(*is_held, MessageRow.owed_at > now)
        .returning(MessageRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        return True
    ended = {"state": "superseded", "ended_at": now, "end_reason": end_reason}
    values = ended if end_reason else {"state": "queued", "due_at": now}
    freed = session.scalars(
        update(MessageRow)
        .where(*is_held)
        .values({"hold_reason": None, **values})
        .returning(MessageRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(freed)


def siblings(session: Session, row: MessageRow) -> list[MessageRow]:
    """What the same person is owed of the same kind about the same thing."""
    return list(
        session.scalars(
            select(MessageRow).where(
                MessageRow.relation_id == row.relation_id,
                MessageRow.milestone_id == row.milestone_id,
                MessageRow.person_id == row.person_id,
                MessageRow.kind == row.kind,
                MessageRow.id != row.id,
                MessageRow.state != HELD,
            )
        )
    )
