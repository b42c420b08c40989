"""Dates asked for, delays reported, what else steps wait for, and the answers, recorded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.milestones import RequestKind
from onboarding.domain.people import Side
from onboarding.domain.requests import (
    CurePromised,
    DateRequested,
    OutsideDelayReported,
    RequestAnswered,
)
from onboarding.domain.taking_back import RequestWithdrawn
from onboarding.store.history import Record, append
from onboarding.store.tables import DateRequestRow, MilestoneRow, NoticeRow


def add_request(
    session: Session,
    milestone: MilestoneRow,
    change: DateRequested | OutsideDelayReported,
    under: Record,
) -> DateRequestRow:
    row = DateRequestRow(
        relation_id=milestone.relation_id,
        milestone_id=milestone.id,
        kind=change.kind,
        made_by=change.by,
        made_on=change.made_on,
        recorded_on=under.moment.today,
        day_number=change.day_number,
        asked_due_on=change.wished_on,
        reason=change.reason,
    )
    session.add(row)
    session.flush()
    append(session, change, under.about(pathway_id=milestone.pathway_id, milestone_id=milestone.id))
    return row


def record_answer(
    session: Session,
    row: DateRequestRow,
    milestone: MilestoneRow,
    change: RequestAnswered | RequestWithdrawn,
    under: Record,
) -> None:
    """The answer, the new day where one was granted, and what was promised for the notice."""
    row.grace_ends_on = change.grace_ends_on
    match change:
        case RequestAnswered():
            row.answered_on, row.answer = change.answered_on, change.note
            _grant(row, milestone, change)
        case RequestWithdrawn():
            row.answered_on, row.is_withdrawn = change.withdrawn_on, True
    milestone.revision += 1
    if change.notice_id is not None and change.cure_ends_on is not None:
        notice = session.get_one(NoticeRow, change.notice_id)
        notice.cure_ends_on = change.cure_ends_on
    append(session, change, under.about(pathway_id=milestone.pathway_id, milestone_id=milestone.id))


def _grant(row: DateRequestRow, milestone: MilestoneRow, change: RequestAnswered) -> None:
    row.granted_due_on = change.granted_on
    if change.granted_on is not None:
        milestone.due_on = change.granted_on
        milestone.day_number = change.day_number
        own_sake = row.made_by == Side.SUPPLIER and row.kind == RequestKind.ANOTHER_DATE
        milestone.extension_count += own_sake


def let_wait(
    session: Session,
    kind: RequestKind,
    milestone_ids: Sequence[int],
    under: Record,
    *,
    by: Side,
    made_on: date,
    reason: str,
    wished: Mapping[int, date],
) -> None:
    """Have each of the steps wait for the answer to what was asked about the pathway."""
    rows = session.scalars(
        select(MilestoneRow).where(MilestoneRow.id.in_(milestone_ids)).order_by(MilestoneRow.id)
    )
    session.add_all(
        DateRequestRow(
            relation_id=milestone.relation_id,
            milestone_id=milestone.id,
            kind=kind,
            made_by=by,
            made_on=made_on,
            recorded_on=under.moment.today,
            day_number=milestone.day_number,
            asked_due_on=wished.get(milestone.id, milestone.due_on),
            reason=reason,
        )
        for milestone in rows.all()
    )
    session.flush()


def waiting_of(session: Session, pathway_id: int, kind: RequestKind) -> Sequence[DateRequestRow]:
    """What the pathway's steps wait for, of one kind."""
    return session.scalars(
        select(DateRequestRow)
        .join(MilestoneRow, MilestoneRow.id == DateRequestRow.milestone_id)
        .where(
            MilestoneRow.pathway_id == pathway_id,
            DateRequestRow.kind == kind,
            DateRequestRow.answered_on.is_(None),
        )
        .order_by(DateRequestRow.id)
    ).all()


def promise_cures(session: Session, promised: Iterable[CurePromised]) -> None:
    """Store the new ends of cure periods that came with an answer."""
    for one in promised:
        session.get_one(NoticeRow, one.notice_id).cure_ends_on = one.cure_ends_on


def waiting(session: Session, milestone_id: int) -> list[DateRequestRow]:
    """The requests about a milestone that wait for the buyer, oldest first."""
    return list(
        session.scalars(
            select(DateRequestRow)
            .where(
                DateRequestRow.milestone_id == milestone_id, DateRequestRow.answered_on.is_(None)
            )
            .order_by(DateRequestRow.id)
        )
    )
