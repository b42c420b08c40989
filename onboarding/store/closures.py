"""The days on which suppliers are closed: read, and recorded."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.domain.closures import Closure, ClosureAdded, ClosureCalledOff
from onboarding.domain.workdays import Span
from onboarding.store.history import Record, append
from onboarding.store.tables import ClosureRow

CLOSURES = (
    select(ClosureRow)
    .where(ClosureRow.relation_id == bindparam("relation"))
    .order_by(ClosureRow.starts_on)
)


def closures_of(session: Session, relation_id: int, since: date | None = None) -> Sequence[Closure]:
    """The closures of a supplier, the first first; with `since`, those not over before it."""
    rows = session.scalars(CLOSURES, {"relation": relation_id})
    return [closure_value(row) for row in rows if since is None or row.ends_on >= since]


def closure_value(row: ClosureRow) -> Closure:
    return Closure(id=row.id, span=Span(row.starts_on, row.ends_on))


def record_added(session: Session, change: ClosureAdded, under: Record) -> ClosureRow:
    assert under.relation_id is not None
    row = ClosureRow(
        relation_id=under.relation_id, starts_on=change.starts_on, ends_on=change.ends_on
    )
    session.add(row)
    append(session, change, under)
    return row


def record_called_off(
    session: Session, row: ClosureRow, change: ClosureCalledOff, under: Record
) -> None:
    """The history keeps what is taken away."""
    if change.last_day is None:
        session.delete(row)
    else:
        row.ends_on = change.last_day
    append(session, change, under)
