"""What suppliers said outside the portal: recorded, contested and answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.milestones import RequestKind
from onboarding.domain.statements import ContestAnswered, Statement, StatementContested
from onboarding.store.history import Record, append
from onboarding.store.tables import (
    DateRequestRow,
    EventRow,
    MilestoneRow,
    NoticeRow,
    StatementRow,
)
from onboarding.store.work_items import Section, Sight, find


def statement_row(session: Session, statement_id: int) -> StatementRow:
    """The row as it stands now. Raises NotFound; whether the actor may see it is not asked here."""
    row = session.get(StatementRow, statement_id, populate_existing=True)
    if row is None:
        raise NotFound(what="statement")
    return row


def statement_value(row: StatementRow) -> Statement:
    return Statement(
        id=row.id,
        code=row.code,
        recorded_on=row.recorded_on,
        contest_until_on=row.contest_until_on,
        pathway_id=row.pathway_id,
        milestone_id=row.milestone_id,
        contested_on=row.contested_on,
        answered_on=row.answered_on,
        stands=row.stands,
    )


def statements_of(session: Session, relation_id: int) -> list[StatementRow]:
    """What was recorded on the supplier's behalf, the latest first."""
    return list(
        session.scalars(
            select(StatementRow)
            .where(StatementRow.relation_id == relation_id)
            .order_by(StatementRow.id.desc())
        )
    )


def statements_about(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """The number of the statement that each of these events came with, by the event's."""
    rows = session.execute(
        select(StatementRow.event_id, StatementRow.id).where(StatementRow.event_id.in_(event_ids))
    )
    return {event_id: statement_id for event_id, statement_id in rows}


def said_since(session: Session, relation_id: int, after_id: int) -> EventRow | None:
    """The first thing that was recorded as said by the supplier after that event."""
    return session.scalars(
        select(EventRow)
        .where(
            EventRow.relation_id == relation_id,
            EventRow.id > after_id,
            EventRow.said_by.is_not(None),
            EventRow.is_shared,
        )
        .order_by(EventRow.id)
        .limit(1)
    ).first()


def contested_since(session: Session, pathway_id: int) -> date | None:
    """Since when it waits for us that something recorded about the pathway is not right."""
    return session.scalar(
        select(func.min(StatementRow.contested_on)).where(
            StatementRow.pathway_id == pathway_id, StatementRow.answered_on.is_(None)
        )
    )


def record_contest(
    session: Session, row: StatementRow, change: StatementContested, under: Record
) -> None:
    """The supplier's words, and the clock of each step that it touches stands still."""
    said = change.said
    row.contest, row.contested_on = change.text, change.contested_on
    row.contested_by = said.person_id if said else under.actor.person_id
    requests = []
    for milestone_id in change.touches:
        milestone = session.get_one(MilestoneRow, milestone_id)
        request = DateRequestRow(
            relation_id=row.relation_id,
            milestone_id=milestone_id,
            kind=RequestKind.CONTEST,
            made_by=change.by,
            made_on=change.contested_on,
            recorded_on=under.moment.today,
            day_number=milestone.day_number,
            asked_due_on=milestone.due_on,
            reason=change.text,
        )
        requests.append(request)
    session.add_all(requests)
    session.flush()
    row.waiting = [request.id for request in requests]
    append(session, change, under)


def waiting_requests(session: Session, row: StatementRow) -> list[DateRequestRow]:
    """What stands still for the answer."""
    return list(
        session.scalars(
            select(DateRequestRow)
            .where(DateRequestRow.id.in_(row.waiting), DateRequestRow.answered_on.is_(None))
            .order_by(DateRequestRow.id)
        )
    )


def record_answer(
    session: Session, row: StatementRow, change: ContestAnswered, under: Record
) -> None:
    """The buyer's words, and what was promised with them."""
    row.stands, row.answer, row.answered_on = change.stands, change.text, change.answered_on
    row.answered_by = under.actor.person_id
    for request in waiting_requests(session, row):
        request.answered_on, request.answer = change.answered_on, change.text
        request.grace_ends_on = change.grace_ends_on
    for promise in change.promised:
        session.get_one(NoticeRow, promise.notice_id).cure_ends_on = promise.cure_ends_on
    session.flush()
    append(session, change, under)


def contests(session: Session, sight: Sight) -> Section:
    """What suppliers say is not right of what was recorded for them."""
    return find(
        session,
        sight,
        StatementRow,
        "contest",
        StatementRow.contested_on.is_not(None),
        StatementRow.answered_on.is_(None),
        since=StatementRow.contested_on,
        detail=StatementRow.contest,
    )
