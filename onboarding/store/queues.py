"""How much there is and how much waits, for whoever watches the installation: figures only."""

from collections.abc import Mapping
from datetime import datetime

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.store.tables import EventRow, MailRow, MessageRow, RelationRow

UNSENT = ("planned", "queued", "sending")


def current_revision(session: Session) -> str | None:
    """The migration that the database is at."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def number_of_relations(session: Session) -> int:
    """Without the records that went into another one."""
    own = RelationRow.customer_id != RelationRow.supplier_id
    return session.scalar(select(func.count(RelationRow.id)).where(own)) or 0


def messages_by_state(session: Session) -> Mapping[str, int]:
    rows = session.execute(
        select(MessageRow.state, func.count(MessageRow.id)).group_by(MessageRow.state)
    )
    return {state: number for state, number in rows}


def mails_by_state(session: Session) -> Mapping[str, int]:
    rows = session.execute(select(MailRow.state, func.count(MailRow.id)).group_by(MailRow.state))
    return {state: number for state, number in rows}


def queue_length(session: Session, now: datetime) -> int:
    """How many messages should have gone by now."""
    query = select(func.count(MessageRow.id)).where(
        MessageRow.state.in_(UNSENT), MessageRow.due_at <= now
    )
    return session.scalar(query) or 0


def last_event_at(session: Session) -> datetime | None:
    """When the last thing happened that was recorded."""
    return session.scalar(select(EventRow.at).order_by(EventRow.id.desc()).limit(1))


def oldest_unsent(session: Session, now: datetime) -> datetime | None:
    """Since when the message that waits longest should have gone; None where none is due."""
    return session.scalar(
        select(func.min(MessageRow.due_at)).where(
            MessageRow.state.in_(UNSENT), MessageRow.due_at <= now
        )
    )
