"""What changes because a day has come, apart from what is owed: holds, tasks and notices."""

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.pathways import RUNNING, PathwayState
from onboarding.domain.people import Side
from onboarding.services.statuses import reassess
from onboarding.store.owing import words
from onboarding.store.tables import (
    DateRequestRow,
    DecisionRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
    RelationRow,
    TaskRow,
)

OPEN = (MilestoneState.PLANNED, MilestoneState.STARTED)
LOOK_BACK = timedelta(days=30)


def follow_holds(session: Session, moment: Moment, customer_id: int) -> int:
    """Let deadlines rest when a hold begins and bind again when it has ended.

    Returns for how many suppliers.
    """
    today = moment.today
    starts_on, ends_on = PathwayRow.hold_starts_on, PathwayRow.hold_ends_on
    waits = exists().where(
        DateRequestRow.milestone_id == MilestoneRow.id,
        DateRequestRow.answered_on.is_(None),
        DateRequestRow.made_by != Side.BUYER,
    )
    binds = MilestoneRow.deadline_on.is_not(None)
    has_begun = and_(starts_on <= today, ends_on >= today, binds)
    has_ended = and_(
        ends_on < today,
        ends_on >= today - LOOK_BACK,
        ~binds,
        MilestoneRow.owner == Side.SUPPLIER,
        MilestoneRow.state.in_(OPEN),
        ~waits,
    )
    relation_ids = session.scalars(
        select(PathwayRow.relation_id)
        .join(RelationRow, RelationRow.id == PathwayRow.relation_id)
        .join(MilestoneRow, MilestoneRow.pathway_id == PathwayRow.id)
        .where(
            RelationRow.customer_id == customer_id,
            PathwayRow.state.in_(RUNNING),
            or_(has_begun, has_ended),
        )
        .distinct()
        .order_by(PathwayRow.relation_id)
    ).all()
    reassess(session, moment, relation_ids)
    return len(relation_ids)


def close_overtaken_tasks(session: Session, moment: Moment, customer_id: int) -> int:
    """Calls and decisions that nobody need make any more; returns how many."""
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
        TaskRow.key == words("call:proposal-", PathwayRow.id, ":", PathwayRow.revision),
    )
    decided = exists().where(
        DecisionRow.relation_id == TaskRow.relation_id,
        DecisionRow.ended_on.is_(None),
        DecisionRow.decided_on >= TaskRow.due_on,
    )
    closed = session.execute(
        update(TaskRow)
        .where(
            TaskRow.customer_id == customer_id,
            TaskRow.done_at.is_(None),
            or_(
                and_(TaskRow.kind == "call", ~is_late, ~is_unanswered),
                and_(
                    TaskRow.kind == "decide",
                    or_(TaskRow.key.like("decide:notice-%"), TaskRow.key.like("decide:window-%")),
                    or_(and_(~cure_over, ~window_over), decided),
                ),
            ),
        )
        .values(done_at=moment.now, outcome="overtaken")
        .returning(TaskRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())
