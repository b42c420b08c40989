"""The status of today, noted in the relation's row, so that a list counts without its periods.

It is derived: the period of the last assessment that held when it was noted, with its days. On any
other day the period itself is asked, so that it is right at midnight though nobody noted anything.
"""

from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, or_, select, union_all
from sqlalchemy.orm import Session

from onboarding.store.published import LAST_ASSESSMENT
from onboarding.store.stages import TODAY
from onboarding.store.tables import RelationRow, StatusPeriodRow

AT_ONCE = 500


def holds(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Ties a relation to the period of its last assessment that holds on the day."""
    return and_(
        StatusPeriodRow.assessment_id == LAST_ASSESSMENT,
        StatusPeriodRow.starts_on <= on,
        StatusPeriodRow.ends_on >= on,
    )


def is_noted(on: date) -> ColumnElement[bool]:
    """Whether what is noted is the status on the day."""
    return and_(RelationRow.status_starts_on <= on, RelationRow.status_ends_on >= on)


def is_not_noted(on: date) -> ColumnElement[bool]:
    return or_(
        RelationRow.status_ends_on.is_(None),
        RelationRow.status_ends_on < on,
        RelationRow.status_starts_on > on,
    )


def status_on(on: date) -> ColumnElement[str | None]:
    """The relation's status on the day, wherever it is found."""
    period = select(StatusPeriodRow.status).where(holds(on)).correlate(RelationRow)
    return case((is_noted(on), RelationRow.status), else_=period.scalar_subquery())


# Two ways through the index: with one condition for both SQLite would go through all suppliers.
OVER = union_all(
    *(
        select(RelationRow.id).where(RelationRow.customer_id == bindparam("customer_id"), is_over)
        for is_over in (RelationRow.status_ends_on.is_(None), RelationRow.status_ends_on < TODAY)
    )
)
# Built once: it runs with every sweep.
PASSED = (
    select(RelationRow, StatusPeriodRow)
    .join(StatusPeriodRow, holds(TODAY))
    .where(RelationRow.id.in_(OVER), RelationRow.prepared_assessment_id.is_(None))
    .order_by(RelationRow.id)
    .limit(AT_ONCE)
    .with_for_update(of=RelationRow, key_share=True, skip_locked=True)
    .execution_options(populate_existing=True)
)


def note_passed(session: Session, customer_id: int, on: date) -> int:
    """Note the status of the day where the noted period is over; returns for how many.

    Some hundred at a time, and none that somebody else has locked: the next sweep takes the rest.
    What was noted for a day to come, before the clock went back, is left: its day comes. So is
    what is prepared under another policy: what is noted then is what both tell.
    """
    rows = session.execute(PASSED, {"customer_id": customer_id, "today": on}).tuples().all()
    for relation, period in rows:
        note(relation, period.status, period.starts_on, period.ends_on)
    session.flush()
    return len(rows)


def note(relation: RelationRow, status: str, starts_on: date, ends_on: date) -> None:
    """The period that holds now; the caller has the relation locked."""
    relation.status, relation.status_starts_on, relation.status_ends_on = status, starts_on, ends_on
