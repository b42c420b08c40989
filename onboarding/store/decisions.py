"""Decisions: loading one, and recording what was decided, announced, replied and ended."""

from dataclasses import replace

from sqlalchemy.orm import Session

from onboarding.domain.decision_moves import (
    BlockAnnounced,
    BlockAnnouncementBounced,
    BlockDecided,
    BlockReplied,
    BlockReplyAnswered,
    DecisionEnded,
    DecisionTaken,
)
from onboarding.domain.errors import NotFound
from onboarding.store.history import Record, append
from onboarding.store.tables import DecisionRow


def decision_row(session: Session, decision_id: int) -> DecisionRow:
    """The row as it stands now. Raises NotFound; whether the actor may see it is not asked here."""
    row = session.get(DecisionRow, decision_id, populate_existing=True)
    if row is None:
        raise NotFound(decision=decision_id)
    return row


def add_decision(session: Session, change: DecisionTaken, record: Record) -> int:
    """The new decision's id."""
    assert record.relation_id is not None and record.actor.person_id is not None
    row = DecisionRow(
        relation_id=record.relation_id,
        kind=change.kind,
        reason=change.reason,
        decided_on=change.decided_on,
        decided_by=record.actor.person_id,
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        is_urgent=isinstance(change, BlockDecided) and change.is_urgent,
    )
    session.add(row)
    session.flush()
    append(session, replace(change, decision_id=row.id), record)
    return row.id


def record_decision(
    session: Session,
    row: DecisionRow,
    change: BlockAnnounced
    | BlockAnnouncementBounced
    | BlockReplied
    | BlockReplyAnswered
    | DecisionEnded,
    record: Record,
) -> None:
    match change:
        case BlockAnnounced():
            row.announced_on = change.announced_on
        case BlockAnnouncementBounced():
            row.announced_on = None
        case BlockReplied():
            row.reply = change.reply
            row.reply_made_on = change.reply_made_on
            row.reply_answered_on = None
            row.reply_answer = None
        case BlockReplyAnswered():
            row.reply_answered_on = change.answered_on
            row.reply_answer = change.answer
        case DecisionEnded():
            row.ended_on = change.ended_on
            row.ended_by = record.actor.person_id
            row.end_reason = change.reason
    append(session, change, record)
