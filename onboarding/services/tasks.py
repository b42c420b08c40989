"""Tasks for people: owed once under a key, and done by somebody or by what happened since."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import as_json
from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.people import Actor, Duty, Role
from onboarding.store.database import insert_ignoring
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow, TaskRow
from onboarding.store.work_list import CALLS

TO_CALL = ("call", "proposal-call")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing for a person to do; `about` makes it unique together with its kind."""

    kind: str
    about: str
    due_on: date
    for_role: Role = Role.BUYER
    facts: dict[str, Any] = field(default_factory=dict)
    milestone_id: int | None = None


def owe_task(session: Session, moment: Moment, relation: RelationRow, task: Task) -> bool:
    """Owe the task, once; returns whether it was new."""
    row = {
        "key": f"{task.kind}:{task.about}",
        "customer_id": relation.customer_id,
        "relation_id": relation.id,
        "milestone_id": task.milestone_id,
        "kind": task.kind,
        "for_role": task.for_role,
        "facts": {name: as_json(value) for name, value in task.facts.items()},
        "due_on": task.due_on,
        "owed_at": moment.now,
    }
    return insert_ignoring(session, TaskRow.__table__, [row]) == 1


def finish_task(
    session: Session, actor: Actor, moment: Moment, task_id: int, outcome: str
) -> TaskRow:
    """Somebody did it. Raises MoveRefused where it was done already."""
    actor.must(Duty.BUY)
    row = session.get(TaskRow, task_id, with_for_update=True, populate_existing=True)
    if row is None or row.customer_id != actor.customer_id:
        raise NotFound(what="task")
    visible_relation(session, actor, row.relation_id)
    if row.done_at is not None:
        raise MoveRefused(from_state="done", to_state="done")
    row.done_at, row.done_by, row.outcome = moment.now, actor.person_id, outcome
    return row


def finish_call(
    session: Session, actor: Actor, moment: Moment, relation_id: int, task_id: int, outcome: str
) -> None:
    """A call, or what came of it, ends it. Raises NotFound for a task that none ends."""
    row = finish_task(session, actor, moment, task_id, outcome)
    if row.kind not in CALLS or row.relation_id != relation_id:
        raise NotFound(what="task")


def close_calls(
    session: Session, actor: Actor, moment: Moment, relation_id: int, outcome: str
) -> None:
    """Somebody called: one call is for everything that a supplier was to be called about."""
    session.execute(
        update(TaskRow)
        .where(TaskRow.relation_id == relation_id, TaskRow.done_at.is_(None))
        .where(TaskRow.kind.in_(TO_CALL))
        .values(done_at=moment.now, done_by=actor.person_id, outcome=outcome)
    )


def close_tasks(
    session: Session, actor: Actor, moment: Moment, kinds: Iterable[str], *, milestone_id: int
) -> None:
    """What happened with a step leaves nothing to do for these tasks."""
    session.execute(
        update(TaskRow)
        .where(
            TaskRow.milestone_id == milestone_id,
            TaskRow.kind.in_(list(kinds)),
            TaskRow.done_at.is_(None),
        )
        .values(done_at=moment.now, done_by=actor.person_id, outcome="overtaken")
    )


def close_tasks_about(
    session: Session, actor: Actor, moment: Moment, kind: str, relation_id: int
) -> None:
    """What happened with this supplier leaves nothing to do for tasks of this kind."""
    session.execute(
        update(TaskRow)
        .where(TaskRow.relation_id == relation_id, TaskRow.kind == kind)
        .where(TaskRow.done_at.is_(None))
        .values(done_at=moment.now, done_by=actor.person_id, outcome="overtaken")
    )


def close_tasks_of_relation(
    session: Session, actor: Actor, moment: Moment, relation_id: int
) -> None:
    """A pathway is over: nothing of it is left to do."""
    session.execute(
        update(TaskRow)
        .where(TaskRow.relation_id == relation_id, TaskRow.done_at.is_(None))
        .where(TaskRow.kind.in_(("call", "proposal-call", "bounced", "give-proposal")))
        .values(done_at=moment.now, done_by=actor.person_id, outcome="overtaken")
    )


def open_tasks(session: Session, relation_id: int) -> list[TaskRow]:
    return list(
        session.scalars(
            select(TaskRow)
            .where(TaskRow.relation_id == relation_id, TaskRow.done_at.is_(None))
            .order_by(TaskRow.due_on, TaskRow.id)
        )
    )
