"""What both sides wrote: the events of a conversation, and the files that go with them."""

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from onboarding.domain.conversations import (
    ContactNoted,
    NoteWritten,
    QuestionAnswered,
    QuestionAsked,
)
from onboarding.domain.people import Side
from onboarding.store.tables import EventRow, EvidenceRow, MilestoneRow, TaskRow

NOTES = (NoteWritten.code, ContactNoted.code)
QUESTIONS = (QuestionAsked.code, QuestionAnswered.code)
# What is said about a step in so many words, or by doing something with it.
ABOUT_A_STEP = (
    *NOTES,
    *QUESTIONS,
    "milestone-submitted",
    "milestone-accepted",
    "milestone-returned",
    "milestone-taken-back",
    "milestone-waived",
    "date-requested",
    "outside-delay-reported",
    "request-answered",
    "request-withdrawn",
    "notice-held",
    "notice-handed-over",
    "notice-voided",
    "notice-replied",
    "notice-reply-answered",
    "statement-contested",
    "contest-answered",
)


def events_of_step(session: Session, milestone_id: int, side: Side) -> list[EventRow]:
    """All that was said and done about a step, the oldest first."""
    query = select(EventRow).where(
        EventRow.milestone_id == milestone_id, EventRow.code.in_(ABOUT_A_STEP)
    )
    return list(session.scalars(_seen_by(query, side).order_by(EventRow.id)))


def events_beside_steps(
    session: Session, relation_id: int, side: Side, limit: int | None = None
) -> list[EventRow]:
    """Notes, and questions about no step in particular; of many the last, the oldest first.

    A call on which nobody answered is no note.
    """
    query = select(EventRow).where(
        EventRow.relation_id == relation_id,
        or_(
            EventRow.code == NoteWritten.code,
            (EventRow.code == ContactNoted.code) & EventRow.facts["note"].as_string().is_not(None),
            EventRow.code.in_(QUESTIONS) & EventRow.milestone_id.is_(None),
        ),
    )
    query = _seen_by(query, side).order_by(EventRow.id.desc()).limit(limit)
    return list(reversed(session.scalars(query).all()))


def files_with(session: Session, event_ids: Sequence[int], side: Side) -> list[EvidenceRow]:
    """What goes with these events and still stands, the oldest first."""
    query = select(EvidenceRow).where(
        EvidenceRow.event_id.in_(event_ids),
        EvidenceRow.is_attached,
        EvidenceRow.removed_at.is_(None),
    )
    if side is Side.SUPPLIER:
        query = query.where(EvidenceRow.is_shared)
    return list(session.scalars(query.order_by(EvidenceRow.id)))


def open_questions(session: Session, relation_id: int) -> dict[int, int]:
    """The task that each question without an answer waits in, by the question's number."""
    rows = session.execute(
        select(TaskRow.id, TaskRow.facts).where(
            TaskRow.relation_id == relation_id,
            TaskRow.kind == "question",
            TaskRow.done_at.is_(None),
        )
    )
    return {facts["question_id"]: task_id for task_id, facts in rows if "question_id" in facts}


def steps_to_name(session: Session, relation_id: int) -> list[tuple[int, str]]:
    """The steps of the supplier's last pathway, with their titles, in their order."""
    last = (
        select(func.max(MilestoneRow.pathway_id))
        .where(MilestoneRow.relation_id == relation_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(MilestoneRow.id, MilestoneRow.title)
        .where(MilestoneRow.pathway_id == last)
        .order_by(MilestoneRow.position)
    )
    return [(milestone_id, title) for milestone_id, title in rows]


def _seen_by(query: Select[tuple[EventRow]], side: Side) -> Select[tuple[EventRow]]:
    return query.where(EventRow.is_shared) if side is Side.SUPPLIER else query
