"""Milestones: added when a plan is agreed, and each change of one recorded."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding.domain.changes import Change
from onboarding.domain.milestone_moves import (
    MilestoneAccepted,
    MilestoneReturned,
    MilestoneStarted,
    MilestoneSubmitted,
    MilestoneTakenBack,
    MilestoneWaived,
)
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.plans import Step
from onboarding.store.history import Record, append
from onboarding.store.tables import EvidenceRow, MilestoneRow, PathwayRow


def add_milestones(
    session: Session, pathway: PathwayRow, steps: Iterable[Step], after: int = 0
) -> list[MilestoneRow]:
    """The steps as milestones, numbered after position `after`."""
    rows = [
        MilestoneRow(
            pathway_id=pathway.id,
            relation_id=pathway.relation_id,
            position=position,
            title=step.title,
            description=step.explanation,
            evidence_asked=",".join(step.evidence) or None,
            owner=step.owner,
            is_reviewed=step.is_reviewed,
            moves_back=step.moves_back,
            state=MilestoneState.PLANNED,
            original_due_on=step.due_on,
            due_on=step.due_on,
        )
        for position, step in enumerate(steps, start=after + 1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def rows_of_pathway(session: Session, pathway_id: int) -> list[MilestoneRow]:
    return list(
        session.scalars(
            select(MilestoneRow)
            .where(MilestoneRow.pathway_id == pathway_id)
            .order_by(MilestoneRow.position, MilestoneRow.id)
        )
    )


def evidence_codes(row: MilestoneRow) -> tuple[str, ...]:
    """What is asked as evidence, as codes."""
    return tuple(row.evidence_asked.split(",")) if row.evidence_asked else ()


def record(session: Session, row: MilestoneRow, change: Change, under: Record) -> None:
    """Update the milestone's row and append the change to the history."""
    match change:
        case MilestoneStarted():
            row.state = MilestoneState.STARTED
        case MilestoneSubmitted():
            row.state = MilestoneState.SUBMITTED
            row.submitted_on = change.submitted_on
            row.last_note = change.note
        case MilestoneAccepted():
            row.state = MilestoneState.ACCEPTED
            row.accepted_on = change.accepted_on
            row.last_note = change.note or row.last_note
        case MilestoneReturned():
            row.state = MilestoneState.STARTED
            row.rework_on = change.rework_on
            row.rework_count = change.times_returned
            row.submitted_on = None
            row.last_note = change.note
        case MilestoneTakenBack():
            row.state, row.rework_on = MilestoneState.STARTED, change.rework_on
            row.submitted_on = row.accepted_on = None
            row.calendar_number += 1  # it was over, and is to be done again
        case MilestoneWaived():
            row.state = MilestoneState.WAIVED
            row.last_note = change.reason
        case _:
            raise TypeError(f"not a change of a milestone: {change.code}")
    row.revision += 1
    append(session, change, under.about(pathway_id=row.pathway_id, milestone_id=row.id))


def attach_evidence(session: Session, row: MilestoneRow, evidence_ids: Sequence[int]) -> int:
    """Tie uploads of the same relation to the milestone; returns how many were.

    One with a number that waits for its sender's word is not handed in yet, and stays so.
    """
    if not evidence_ids:
        return 0
    found = session.scalars(
        update(EvidenceRow)
        .where(
            EvidenceRow.id.in_(evidence_ids),
            EvidenceRow.relation_id == row.relation_id,
            EvidenceRow.removed_at.is_(None),
            EvidenceRow.is_attached,
        )
        .values(milestone_id=row.id)
        .returning(EvidenceRow.id)
    )
    return len(found.all())


def evidence_of(session: Session, milestone_ids: Sequence[int]) -> list[EvidenceRow]:
    """What was handed in for the milestones and still stands, oldest first.

    What goes with a note, a question or an answer about one was not handed in.
    """
    return list(
        session.scalars(
            select(EvidenceRow)
            .where(
                EvidenceRow.milestone_id.in_(milestone_ids),
                EvidenceRow.event_id.is_(None),
                EvidenceRow.is_attached,
                EvidenceRow.removed_at.is_(None),
            )
            .order_by(EvidenceRow.id)
        )
    )
