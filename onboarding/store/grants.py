"""Grants that wait for a second signature: kept, signed, refused and lapsed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from onboarding.domain.decisions import DecisionKind
from onboarding.domain.grants import (
    AskedGrant,
    DecisionState,
    GrantAsked,
    GrantConfirmed,
    GrantLapsed,
    GrantRefused,
    GrantWithdrawn,
)
from onboarding.store.database import Base
from onboarding.store.history import Record, append
from onboarding.store.stages import TODAY
from onboarding.store.tables import DecisionRow, RelationRow

DECISIONS = Base.metadata.tables[DecisionRow.__tablename__]
# In the order of the ids: two who count at once never wait for each other crosswise.
TOLD = (
    update(DECISIONS)
    .where(DECISIONS.c.id == bindparam("decision_id"))
    .values(times_told=DECISIONS.c.times_told + bindparam("times"))
)

# Built once: it runs with every sweep.
LAPSED = (
    select(DecisionRow.relation_id, DecisionRow.id)
    .join(RelationRow, RelationRow.id == DecisionRow.relation_id)
    .where(
        RelationRow.customer_id == bindparam("customer_id"),
        DecisionRow.state == DecisionState.ASKED,
        DecisionRow.lapses_on <= TODAY,
    )
    .order_by(DecisionRow.relation_id, DecisionRow.id)
)


def asked_value(row: DecisionRow) -> AskedGrant | None:
    """What was asked; None for a decision that never needed a second signature."""
    if row.asked_by is None or row.lapses_on is None or row.ends_on is None:
        return None
    return AskedGrant(
        id=row.id,
        state=DecisionState(row.state),
        reason=row.reason,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        asked_by=row.asked_by,
        lapses_on=row.lapses_on,
    )


def add_asked(session: Session, change: GrantAsked, record: Record) -> int:
    """The id that the decision has once it is signed."""
    assert record.relation_id is not None and record.actor.person_id is not None
    today = record.moment.today
    row = DecisionRow(
        relation_id=record.relation_id,
        kind=DecisionKind.GRANT,
        reason=change.reason,
        decided_on=today,
        decided_by=record.actor.person_id,
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        state=DecisionState.ASKED,
        limits=[limit.value for limit in change.limits],
        asked_on=today,
        asked_by=record.actor.person_id,
        lapses_on=change.lapses_on,
    )
    session.add(row)
    session.flush()
    append(session, replace(change, decision_id=row.id), record)
    return row.id


def record_answer(
    session: Session,
    row: DecisionRow,
    change: GrantConfirmed | GrantRefused | GrantWithdrawn | GrantLapsed,
    record: Record,
) -> None:
    match change:
        case GrantConfirmed():
            assert record.actor.person_id is not None
            row.state = DecisionState.TAKEN
            row.decided_on, row.decided_by = change.decided_on, record.actor.person_id
            row.starts_on = change.starts_on
        case GrantRefused():
            row.state, row.answer = DecisionState.REFUSED, change.answer
        case GrantWithdrawn():
            row.state = DecisionState.WITHDRAWN
        case GrantLapsed():
            row.state = DecisionState.LAPSED
    row.answered_on, row.answered_by = record.moment.today, record.actor.person_id
    append(session, change, record)


def has_one_waiting(session: Session, relation_id: int, today: date) -> bool:
    found = select(DecisionRow.id).where(
        DecisionRow.relation_id == relation_id,
        DecisionRow.state == DecisionState.ASKED,
        DecisionRow.lapses_on > today,
    )
    return session.scalar(found.limit(1)) is not None


def lapsed(session: Session, customer_id: int, today: date) -> list[tuple[int, int]]:
    """Those that nobody answered in time: relation and decision, in the order of locking."""
    rows = session.execute(LAPSED, {"customer_id": customer_id, "today": today})
    return [(relation_id, decision_id) for relation_id, decision_id in rows]


def count_told(session: Session, times: Mapping[int, int]) -> None:
    """So often programs were answered by each decision since the last time."""
    counted = [{"decision_id": id, "times": times[id]} for id in sorted(times)]
    session.connection().execute(TOLD, counted)
