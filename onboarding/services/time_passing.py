"""What changes because a day has come, apart from what is owed: holds, tasks and notices."""

from sqlalchemy import Table, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from onboarding.clock import Moment
from onboarding.domain.grants import DecisionState
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import RUNNING, PathwayState
from onboarding.domain.people import the_tool
from onboarding.services.pathway.holds import end_running_hold
from onboarding.services.statuses import reassess
from onboarding.store.holds import GRANTED
from onboarding.store.owing import CUSTOMER, words
from onboarding.store.stages import TODAY, not_first
from onboarding.store.tables import (
    DecisionRow,
    HoldRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RelationRow,
    TaskRow,
)

TASKS: Table = TaskRow.__table__  # type: ignore[assignment]
OPEN = (MilestoneState.PLANNED, MilestoneState.STARTED)
# Built once: they run with every sweep.
RUNNING_PATHWAYS = (
    select(PathwayRow.relation_id)
    .join(RelationRow, RelationRow.id == not_first(PathwayRow.relation_id))
    .where(not_first(RelationRow.customer_id) == CUSTOMER, PathwayRow.state.in_(RUNNING))
)
HELD = RUNNING_PATHWAYS.join(MilestoneRow, MilestoneRow.pathway_id == PathwayRow.id).where(
    PathwayRow.hold_starts_on <= TODAY,
    PathwayRow.hold_ends_on >= TODAY,
    MilestoneRow.deadline_on.is_not(None),
)
NO_LONGER_HELD = (
    RUNNING_PATHWAYS.join(HoldRow, HoldRow.pathway_id == PathwayRow.id)
    .where(HoldRow.state == GRANTED, PathwayRow.hold_ends_on < TODAY)
    .with_only_columns(PathwayRow.id)
    .order_by(PathwayRow.relation_id)
)


def follow_holds(session: Session, moment: Moment, customer_id: int) -> int:
    """Let deadlines rest from the day on which a hold begins, and end it after its last day.

    Returns for how many suppliers.
    """
    asked = {"customer_id": customer_id, "today": moment.today}
    begun = sorted(set(session.scalars(HELD, asked)))
    reassess(session, moment, begun)
    over = session.scalars(NO_LONGER_HELD, asked).all()
    for pathway_id in over:
        end_running_hold(session, the_tool(customer_id), moment, pathway_id)
    return len(begun) + len(over)


def close_overtaken_tasks(session: Session, moment: Moment, customer_id: int) -> int:
    """Calls and decisions that nobody need make any more; returns how many."""
    values = {"of_customer": customer_id, "closed_at": moment.now}
    closed = session.connection().execute(CLOSE_OVERTAKEN, values)
    return len(closed.all())


def _closing_overtaken() -> ReturningUpdate[tuple[int]]:
    step = and_(
        MilestoneRow.id == TaskRow.milestone_id,
        MilestoneRow.pathway_id == PathwayRow.id,
        PathwayRow.state.in_(RUNNING),
        MilestoneRow.state.in_(OPEN),
    )
    is_late = exists().where(
        step, TaskRow.key == words("call:", MilestoneRow.id, ":", MilestoneRow.deadline_on)
    )
    cure_over = exists().where(
        step,
        NoticeRow.milestone_id == MilestoneRow.id,
        NoticeRow.missed_on == MilestoneRow.deadline_on,
        NoticeRow.state == NoticeState.HANDED_OVER,
        TaskRow.key == words("decide:notice-", NoticeRow.id, ":", NoticeRow.cure_ends_on),
    )
    window_over = exists().where(
        PathwayRow.relation_id == TaskRow.relation_id,
        PathwayRow.state == PathwayState.PROPOSED,
        TaskRow.key == words("decide:window-", PathwayRow.id, ":", PathwayRow.window_ends_on),
    )
    is_unanswered = exists().where(
        PathwayRow.relation_id == TaskRow.relation_id,
        PathwayRow.state == PathwayState.PROPOSED,
        TaskRow.key == words("proposal-call:proposal-", PathwayRow.id, ":", PathwayRow.revision),
    )
    decided = exists().where(
        DecisionRow.relation_id == TaskRow.relation_id,
        DecisionRow.state == DecisionState.TAKEN,
        DecisionRow.ended_on.is_(None),
        DecisionRow.decided_on >= TaskRow.due_on,
    )
    return (
        update(TASKS)
        .where(
            TaskRow.customer_id == bindparam("of_customer"),
            TaskRow.done_at.is_(None),
            or_(
                and_(TaskRow.kind == "call", ~is_late),
                and_(TaskRow.kind == "proposal-call", ~is_unanswered),
                and_(
                    TaskRow.kind == "decide",
                    or_(TaskRow.key.like("decide:notice-%"), TaskRow.key.like("decide:window-%")),
                    or_(and_(~cure_over, ~window_over), decided),
                ),
            ),
        )
        .values(done_at=bindparam("closed_at"), outcome="overtaken")
        .returning(TASKS.c.id)
    )


# Built once: it runs with every sweep.
CLOSE_OVERTAKEN = _closing_overtaken()
