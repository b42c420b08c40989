"""What our open change of an agreed pathway would do to its days, for who tells it on the phone."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.store.amendments import agreed_plan, amendment_value
from onboarding.store.relations import visible_relation
from onboarding.store.tables import AmendmentRow, PathwayRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedDay:
    """A step with another day; new where there was none, no longer needed where none becomes."""

    title: str
    was: date | None
    becomes: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The change as it was last put, and the days that it touches."""

    revision: int
    reason: str
    days: tuple[AmendedDay, ...]


def read_amended(session: Session, actor: Actor, amendment_id: int) -> Amended:
    """Raises NotFound for one of somebody else."""
    row = session.get(AmendmentRow, amendment_id)
    if row is None:
        raise NotFound(what="amendment")
    pathway = session.get_one(PathwayRow, row.pathway_id)
    visible_relation(session, actor, pathway.relation_id)
    now = {step.milestone_id: step for step in agreed_plan(session, pathway).steps}
    then = amendment_value(session, row, pathway).plan.steps
    kept = {step.milestone_id for step in then}
    days = [
        AmendedDay(title=step.title, was=was.due_on if was else None, becomes=step.due_on)
        for step in then
        for was in (now.get(step.milestone_id),)
        if was is None or was.due_on != step.due_on
    ]
    days += [
        AmendedDay(title=step.title, was=step.due_on, becomes=None)
        for milestone_id, step in now.items()
        if milestone_id not in kept
    ]
    return Amended(revision=row.revision, reason=row.reason, days=tuple(days))
