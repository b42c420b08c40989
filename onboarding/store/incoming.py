"""Mail that came in, in the database: handled once, and what of ours it belongs to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from onboarding.store.database import insert_ignoring
from onboarding.store.tables import (
    ContactRow,
    IncomingMailRow,
    MailRow,
    MessageRow,
    PersonRow,
    RelationRow,
)

BEING_READ = "being-read"


def begin(session: Session, message_id: str, now: datetime) -> bool:
    """Take it in hand; False where it was handled before."""
    made = {"message_id": message_id, "kind": BEING_READ, "received_at": now}
    return insert_ignoring(session, IncomingMailRow.__table__, [made]) == 1


def became(
    session: Session,
    message_id: str,
    kind: str,
    *,
    mail_id: int | None = None,
    relation_id: int | None = None,
    person_id: int | None = None,
    why: str | None = None,
) -> None:
    session.execute(
        update(IncomingMailRow)
        .where(IncomingMailRow.message_id == message_id)
        .values(
            kind=kind,
            mail_id=mail_id,
            relation_id=relation_id,
            person_id=person_id,
            why=why and why[:250],
        ),
        execution_options={"synchronize_session": False},
    )


def first_of_ours(session: Session, message_ids: Sequence[str]) -> MailRow | None:
    """The mail of ours that is named first."""
    if not message_ids:
        return None
    rows = session.scalars(
        select(MailRow)
        .where(MailRow.message_id.in_(message_ids))
        .execution_options(populate_existing=True)
    )
    found: Mapping[str, MailRow] = {row.message_id: row for row in rows}
    return next((found[one] for one in message_ids if one in found), None)


def contacts_with(
    session: Session, address: str, *, relation_id: int | None = None
) -> Sequence[ContactRow]:
    """The active contacts with this address, of one relation or of all."""
    query = (
        select(ContactRow)
        .join(PersonRow, PersonRow.id == ContactRow.person_id)
        .join(RelationRow, RelationRow.id == ContactRow.relation_id)
        .where(ContactRow.retired_at.is_(None), func.lower(PersonRow.email) == address.lower())
        .order_by(ContactRow.id)
    )
    if relation_id is not None:
        query = query.where(ContactRow.relation_id == relation_id)
    return session.scalars(query).all()


def was_automatic_since(
    session: Session, relation_id: int, person_id: int | None, since: datetime
) -> bool:
    """Whether an automatic reply of this person was told not long ago."""
    query = select(func.count(IncomingMailRow.id)).where(
        IncomingMailRow.relation_id == relation_id,
        IncomingMailRow.person_id == person_id,
        IncomingMailRow.kind == "automatic",
        IncomingMailRow.received_at > since,
    )
    return bool(session.scalar(query))


def number_of(
    session: Session, kinds: Sequence[str], since: datetime, *, relation_id: int | None = None
) -> int:
    """How many came in since, about one supplier or all."""
    query = select(func.count(IncomingMailRow.id)).where(
        IncomingMailRow.kind.in_(kinds), IncomingMailRow.received_at > since
    )
    if relation_id is not None:
        query = query.where(IncomingMailRow.relation_id == relation_id)
    return session.scalar(query) or 0


def came_back(session: Session, mail_id: int, now: datetime, why: str) -> None:
    """The mail, and with it its messages, did not arrive after all."""
    session.execute(
        update(MailRow).where(MailRow.id == mail_id).values(state="failed", last_error=why),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(MessageRow)
        .where(MessageRow.mail_id == mail_id, MessageRow.state == "sent")
        .values(state="failed", ended_at=now, end_reason=why[:250]),
        execution_options={"synchronize_session": False},
    )


def another_was_sent(session: Session, row: MessageRow, keys: str) -> bool:
    """Whether another message whose key begins so was sent, and has not come back."""
    query = select(func.count(MessageRow.id)).where(
        MessageRow.key.startswith(keys, autoescape=True),
        MessageRow.id != row.id,
        MessageRow.state == "sent",
    )
    return bool(session.scalar(query))
