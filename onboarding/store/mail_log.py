"""The mails to one supplier as they were, sent or not, the latest first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, defer
from sqlalchemy.sql import Select

from onboarding.domain.messages import MessageKind, is_task
from onboarding.store.tables import ContactRow, MailRow, MessageRow, MilestoneRow, PersonRow

NOT_YET = ("planned", "queued", "held")
TASKS = tuple(kind for kind in MessageKind if is_task(kind))


@dataclass(frozen=True, slots=True)
class Logged:
    """One message, to whom, in which mail if any (without its bytes), about which step if any."""

    message: MessageRow
    person: PersonRow
    mail: MailRow | None
    step: MilestoneRow | None


def logged(session: Session, relation_id: int, *, page: int, size: int) -> list[Logged]:
    last = func.coalesce(MessageRow.ended_at, MessageRow.owed_at)
    query = (
        _rows()
        .where(*_to_the_supplier(relation_id))
        .order_by(last.desc(), MessageRow.mail_id.desc(), MessageRow.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Logged(*row) for row in session.execute(query)]


def number_logged(session: Session, relation_id: int) -> int:
    query = select(func.count(MessageRow.id)).where(*_to_the_supplier(relation_id))
    return session.scalar(query) or 0


def in_mail(session: Session, relation_id: int, mail_id: int) -> list[Logged]:
    """All that travelled in this mail; empty where nothing in it was about the relation."""
    about = exists().where(MessageRow.mail_id == mail_id, *_to_the_supplier(relation_id))
    if not session.scalar(select(about)):
        return []
    query = _rows().where(MessageRow.mail_id == mail_id).order_by(MessageRow.id)
    return [Logged(*row) for row in session.execute(query)]


def body_of(session: Session, mail_id: int) -> bytes | None:
    return session.scalar(select(MailRow.body).where(MailRow.id == mail_id))


def _rows() -> Select[Any]:
    return (
        select(MessageRow, PersonRow, MailRow, MilestoneRow)
        .join(PersonRow, PersonRow.id == MessageRow.person_id)
        .outerjoin(MailRow, MailRow.id == MessageRow.mail_id)
        .outerjoin(MilestoneRow, MilestoneRow.id == MessageRow.milestone_id)
        .options(defer(MailRow.body))
    )


def _to_the_supplier(relation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        MessageRow.relation_id == relation_id,
        MessageRow.state.not_in(NOT_YET),
        MessageRow.kind.not_in(TASKS),
        exists().where(
            ContactRow.relation_id == MessageRow.relation_id,
            ContactRow.person_id == MessageRow.person_id,
        ),
    )
