"""Milestones of agreed pathways, dates asked for, and formal notices."""

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding.store.database import Base
from onboarding.store.tables.columns import (
    Code,
    Day,
    Instant,
    Key,
    Line,
    Prose,
    ToMilestone,
    ToPathway,
    ToRelation,
)

# All that a sweep asks of a step that is due: it need not look for the rows themselves.
ASKED_OF_DUE = ("deadline_on", "id", "state", "deadline_since_on", "pathway_id", "relation_id")
SUBMITTED = text("state = 'submitted'")


class MilestoneRow(Base):
    """One step as it stands.

    `title` is a code of a template or the buyer's own text. `original_due_on` is the day first
    agreed; `deadline_on` is derived (the effective deadline, None while a request made in time
    waits, or when nothing is owed) and kept by the store with every change, so that a sweep can
    find what is due in one statement. `deadline_since_on` is the day on which that deadline came
    to be: stages before it are not owed.

    `calendar_on` is the day under which it stands in people's own calendars, also while nothing
    is owed, since `calendar_since_on`; `calendar_number` rises each time that day moves.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        Index("ix_milestones_due", *ASKED_OF_DUE),
        Index(
            "ix_milestones_submitted_on",
            "submitted_on",
            sqlite_where=SUBMITTED,
            postgresql_where=SUBMITTED,
        ),
    )

    id: Mapped[Key]
    pathway_id: Mapped[ToPathway]
    relation_id: Mapped[ToRelation]
    position: Mapped[int]
    title: Mapped[Line]
    description: Mapped[Prose | None]
    evidence_asked: Mapped[Line | None]
    owner: Mapped[Code]
    is_reviewed: Mapped[bool]
    moves_back: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Code] = mapped_column(index=True)
    original_due_on: Mapped[Day]
    due_on: Mapped[Day]
    day_number: Mapped[int] = mapped_column(default=1)
    deadline_on: Mapped[Day | None]
    deadline_since_on: Mapped[Day | None]
    rework_on: Mapped[Day | None]
    rework_count: Mapped[int] = mapped_column(default=0)
    extension_count: Mapped[int] = mapped_column(default=0)
    submitted_on: Mapped[Day | None]
    accepted_on: Mapped[Day | None]
    last_note: Mapped[Prose | None]
    revision: Mapped[int] = mapped_column(default=1)
    calendar_on: Mapped[Day | None]
    calendar_since_on: Mapped[Day | None]
    calendar_number: Mapped[int] = mapped_column(default=0)


class DateRequestRow(Base):
    """Another day asked for, or an outside body's delay reported, and the answer.

    `answered_on` is also the day on which it was taken back (`is_withdrawn`).
    """

    __tablename__ = "date_requests"

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    milestone_id: Mapped[ToMilestone]
    kind: Mapped[Code]
    made_by: Mapped[Code]
    made_on: Mapped[Day]
    recorded_on: Mapped[Day]
    day_number: Mapped[int]
    asked_due_on: Mapped[Day]
    reason: Mapped[Prose]
    answered_on: Mapped[Day | None]
    granted_due_on: Mapped[Day | None]
    answer: Mapped[Prose | None]
    grace_ends_on: Mapped[Day | None]
    is_withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())


class NoticeRow(Base):
    """A formal notice: one standing per milestone and missed day, in as many attempts as needed.

    `state`: prepared, held, handed-over, superseded, voided. A voided or superseded attempt stays
    as history; the next has a higher `attempt`. `text_on` is the day for which its text was
    queued; `given_by` the channel through which it was handed over.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("milestone_id", "missed_on", "attempt"),)

    id: Mapped[Key]
    relation_id: Mapped[ToRelation]
    milestone_id: Mapped[ToMilestone]
    missed_on: Mapped[Day]
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[Code] = mapped_column(index=True)
    prepared_on: Mapped[Day]
    planned_on: Mapped[Day]
    hold_reason: Mapped[Prose | None]
    added_line: Mapped[Prose | None]
    text_on: Mapped[Day | None]
    handed_over_at: Mapped[Instant | None]
    handed_over_on: Mapped[Day | None]
    given_by: Mapped[Code | None]
    evidence_id: Mapped[int | None]
    cure_ends_on: Mapped[Day | None]
    clock_decides: Mapped[bool] = mapped_column(default=False)
    voided_on: Mapped[Day | None]
    reply: Mapped[Prose | None]
    reply_made_on: Mapped[Day | None]
    reply_answered_on: Mapped[Day | None]
    reply_answer: Mapped[Prose | None]
