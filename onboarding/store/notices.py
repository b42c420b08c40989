"""Formal notices between rows and values, and each change of one recorded."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.changes import Change
from onboarding.domain.notice_replies import NoticeReplied, NoticeReplyAnswered
from onboarding.domain.notices import (
    NoticeHandedOver,
    NoticeHeld,
    NoticeLineAdded,
    NoticePrepared,
    NoticeReleased,
    NoticeState,
    NoticeSuperseded,
    NoticeVoided,
    PreparedNotice,
)
from onboarding.store.history import Record, append
from onboarding.store.tables import MilestoneRow, NoticeRow

UNSENT = (NoticeState.PREPARED, NoticeState.HELD)


def notice_text(row: NoticeRow) -> PreparedNotice:
    """The notice as written; its text holds for the day on which it goes out."""
    return PreparedNotice(
        id=row.id,
        milestone_id=row.milestone_id,
        missed_on=row.missed_on,
        state=NoticeState(row.state),
        planned_on=row.planned_on,
    )


def add_notice(
    session: Session, milestone: MilestoneRow, change: NoticePrepared, under: Record
) -> NoticeRow:
    """Record a prepared notice as the next attempt; unsent ones are internal."""
    attempts = session.scalar(
        select(func.max(NoticeRow.attempt)).where(
            NoticeRow.milestone_id == milestone.id, NoticeRow.missed_on == change.missed_on
        )
    )
    row = NoticeRow(
        relation_id=milestone.relation_id,
        milestone_id=milestone.id,
        missed_on=change.missed_on,
        attempt=(attempts or 0) + 1,
        state=NoticeState.PREPARED,
        prepared_on=under.moment.today,
        planned_on=change.planned_on,
    )
    session.add(row)
    session.flush()
    _append(session, change, milestone, under, is_shared=False)
    return row


def record(
    session: Session, row: NoticeRow, milestone: MilestoneRow, change: Change, under: Record
) -> None:
    """Update the notice's row and append the change to the history."""
    is_shared = False
    match change:
        case NoticeHeld():
            row.state, row.hold_reason, row.text_on = NoticeState.HELD, change.reason, None
        case NoticeReleased():
            row.state, row.planned_on = NoticeState.PREPARED, change.planned_on
            row.hold_reason, row.text_on = None, None
        case NoticeLineAdded():
            row.added_line = change.line
        case NoticeSuperseded():
            row.state = NoticeState.SUPERSEDED
        case NoticeHandedOver():
            row.state, row.given_by = NoticeState.HANDED_OVER, change.channel
            row.handed_over_on, row.handed_over_at = change.handed_over_on, under.moment.now
            row.cure_ends_on, row.clock_decides = change.cure_ends_on, change.clock_decides
            is_shared = True
        case NoticeVoided():
            row.state, row.voided_on = NoticeState.VOIDED, under.moment.today
            is_shared = True
        case NoticeReplied():
            row.reply, row.reply_made_on = change.text, change.reply_made_on
            row.reply_answer, row.reply_answered_on = None, None
            is_shared = True
        case NoticeReplyAnswered():
            row.reply_answer, row.reply_answered_on = change.text, change.reply_answered_on
            row.cure_ends_on = change.cure_ends_on
            is_shared = True
        case _:
            raise TypeError(f"not a change of a notice: {change.code}")
    _append(session, change, milestone, under, is_shared=is_shared)


def unsent(session: Session, milestone_id: int) -> list[NoticeRow]:
    """The notices about a milestone that were not handed over: at most one."""
    return list(
        session.scalars(
            select(NoticeRow)
            .where(NoticeRow.milestone_id == milestone_id, NoticeRow.state.in_(UNSENT))
            .order_by(NoticeRow.id)
        )
    )


def unsent_of_customer(session: Session, relation_ids: Sequence[int]) -> list[NoticeRow]:
    return list(
        session.scalars(
            select(NoticeRow)
            .where(NoticeRow.relation_id.in_(relation_ids), NoticeRow.state.in_(UNSENT))
            .order_by(NoticeRow.id)
        )
    )


def last_handed_over(session: Session, milestone_id: int, missed_on: date) -> NoticeRow | None:
    return session.scalars(
        select(NoticeRow)
        .where(
            NoticeRow.milestone_id == milestone_id,
            NoticeRow.missed_on == missed_on,
            NoticeRow.state == NoticeState.HANDED_OVER,
        )
        .order_by(NoticeRow.id.desc())
    ).first()


def _append(
    session: Session, change: Change, milestone: MilestoneRow, under: Record, *, is_shared: bool
) -> None:
    about = under.about(pathway_id=milestone.pathway_id, milestone_id=milestone.id)
    append(session, change, about.shared(is_shared))
