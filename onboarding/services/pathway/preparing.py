"""Texts for a step that wait to be handed in: kept in the history, the last one counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.milestone_moves import MilestoneSubmitted
from onboarding.domain.people import Actor
from onboarding.domain.preparing import StepPrepared, prepare
from onboarding.store.facts import milestone_value
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation
from onboarding.store.tables import EventRow, MilestoneRow


def prepare_step(
    session: Session, actor: Actor, moment: Moment, milestone_id: int, *, note: str
) -> None:
    """Keep a text for a step; nothing of the step itself changes."""
    row = session.get(MilestoneRow, milestone_id)
    if row is None:
        raise NotFound(what="milestone")
    lock_visible_relation(session, actor, row.relation_id)
    session.refresh(row)
    change = prepare(milestone_value(row, (), ()), note, actor)
    if change.note == prepared_note(session, milestone_id):
        return
    under = Record(
        actor=actor,
        moment=moment,
        relation_id=row.relation_id,
        pathway_id=row.pathway_id,
        milestone_id=row.id,
    )
    append(session, change, under)


def prepared_note(session: Session, milestone_id: int) -> str:
    """The text that waits; empty once something was handed in."""
    last = session.scalars(
        select(EventRow)
        .where(
            EventRow.milestone_id == milestone_id,
            EventRow.code.in_((StepPrepared.code, MilestoneSubmitted.code)),
        )
        .order_by(EventRow.id.desc())
        .limit(1)
    ).first()
    if last is None or last.code != StepPrepared.code:
        return ""
    return str(last.facts["note"])
