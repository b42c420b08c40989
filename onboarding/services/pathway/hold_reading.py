"""Reading pauses for a page: asked for, running or over, and the days that one moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.holds import MovedDay, moved_days
from onboarding.domain.people import Actor, Side
from onboarding.domain.workdays import Span
from onboarding.services.opening import calendar_with_closures
from onboarding.services.statuses import policies_of
from onboarding.store import holds
from onboarding.store.pathways import load_pathway
from onboarding.store.relations import visible_relation
from onboarding.store.tables import HoldRow, MilestoneRow, PathwayRow

# What of a step is told to move; the days promised with an answer move silently.
TOLD = ("due_on", "rework_on", "cure_ends_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A pause: asked, granted, refused or ended; `by` asked for it."""

    id: int
    pathway_id: int
    relation_id: int
    state: str
    by: Side
    asked_on: date
    reason: str
    starts_on: date
    ends_on: date
    answered_on: date | None
    answer: str | None
    moved: tuple[MovedDay, ...]

    @property
    def is_asked(self) -> bool:
        return self.state == holds.ASKED

    @property
    def is_granted(self) -> bool:
        """In force or to come."""
        return self.state == holds.GRANTED


@dataclass(frozen=True, slots=True)
class MovedStep:
    """A day of a step that moves: its deadline, the day to complete it, or to repair it."""

    title: str
    field: str
    was: date
    becomes: date


def read_hold(session: Session, actor: Actor, hold_id: int) -> HoldView:
    """The pause with this id. Raises NotFound."""
    row = session.get(HoldRow, hold_id)
    if row is None:
        raise NotFound(what="hold")
    return _view(session, actor, row)


def last_hold(session: Session, actor: Actor, pathway_id: int) -> HoldView | None:
    """The pause that was asked for last, whatever came of it."""
    row = session.scalars(
        select(HoldRow).where(HoldRow.pathway_id == pathway_id).order_by(HoldRow.id.desc()).limit(1)
    ).first()
    return _view(session, actor, row) if row else None


def running_hold(session: Session, actor: Actor, pathway_id: int) -> HoldView | None:
    """The pause in force or to come."""
    row = holds.granted_hold(session, pathway_id)
    return _view(session, actor, row) if row else None


def would_move(
    session: Session, actor: Actor, moment: Moment, pathway_id: int, span: Span
) -> tuple[MovedStep, ...]:
    """What a pause over these days would move, if it were granted now."""
    row = session.get(PathwayRow, pathway_id)
    if row is None:
        raise NotFound(what="pathway")
    relation = visible_relation(session, actor, row.relation_id)
    policy = policies_of(session, relation.customer_id).on(moment.today)
    calendar = calendar_with_closures(session, relation.id, policy)
    return told(session, moved_days(load_pathway(session, row), span, calendar))


def told(session: Session, moved: Iterable[MovedDay]) -> tuple[MovedStep, ...]:
    """The moved days with the titles of their steps, the first day first."""
    moved = [move for move in moved if move.field in TOLD]
    rows = session.execute(
        select(MilestoneRow.id, MilestoneRow.title).where(
            MilestoneRow.id.in_([move.milestone_id for move in moved])
        )
    )
    titles = {milestone_id: title for milestone_id, title in rows}
    steps = (MovedStep(titles[m.milestone_id], m.field, m.was, m.becomes) for m in moved)
    return tuple(sorted(steps, key=lambda step: step.becomes))


def _view(session: Session, actor: Actor, row: HoldRow) -> HoldView:
    relation_id = session.get_one(PathwayRow, row.pathway_id).relation_id
    visible_relation(session, actor, relation_id)
    return HoldView(
        id=row.id,
        pathway_id=row.pathway_id,
        relation_id=relation_id,
        state=row.state,
        by=Side(row.asked_by),
        asked_on=row.asked_on,
        reason=row.reason,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        answered_on=row.answered_on,
        answer=row.answer,
        moved=holds.moved_days(row),
    )
