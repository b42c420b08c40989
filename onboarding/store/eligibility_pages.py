"""Suppliers by their status on a day, as known at an instant: pages by id, in prebuilt statements.

A page is as fast deep in the list as at its beginning, and is a transaction of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from onboarding.domain.eligibility import Status
from onboarding.store.tables import AssessmentRow, RelationRow, StatusPeriodRow

RELATIONS = RelationRow.__table__
ASSESSMENTS = AssessmentRow.__table__
PERIODS = StatusPeriodRow.__table__
EARLIER = ASSESSMENTS.alias("earlier").c
FOLLOWING = ASSESSMENTS.alias("following").c
LAST = ASSESSMENTS.alias("last").c
OTHERS = PERIODS.alias("others").c


class day_before(GenericFunction[date]):  # noqa: N801 (it is written as it is called)
    """The day before a day, which each database reckons in its own way."""

    type = Date()
    inherit_cache = True


@compiles(day_before)
def _day_before(element: Any, compiler: Any, **given: Any) -> str:
    return f"({compiler.process(element.clauses, **given)} - 1)"


@compiles(day_before, "sqlite")
def _day_before_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"date({compiler.process(element.clauses, **given)}, '-1 day')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Which suppliers of a customer a list holds; `changed_since` is an instant and its day.

    What changed after it: something was recorded that differs, or a day came that brings another
    status or other reasons.
    """

    customer_id: int
    on: date
    known_at: datetime
    statuses: Sequence[Status]
    changed_since: tuple[datetime, date] | None = None


# The last assessment that was known then and starts on or before the day.
ANSWERING = (
    select(LAST.id)
    .where(
        LAST.relation_id == RELATIONS.c.id,
        LAST.starts_on <= bindparam("on"),
        LAST.known_from <= bindparam("known_at"),
    )
    .order_by(LAST.number.desc())
    .limit(1)
    .correlate(RELATIONS)
    .scalar_subquery()
)
# So many suppliers by id, whatever their status: the database looks no further for one page.
SCANNED = (
    select(
        RELATIONS.c.id,
        RELATIONS.c.kvk_number,
        RELATIONS.c.name,
        ANSWERING.label("assessment_id"),
    )
    .where(
        RELATIONS.c.customer_id == bindparam("customer_id"),
        RELATIONS.c.id > bindparam("after_id"),
    )
    .order_by(RELATIONS.c.id)
    .limit(bindparam("limit"))
    .subquery("scanned")
)
HAS_CHANGED = or_(
    ASSESSMENTS.c.known_from > bindparam("changed_at"),
    PERIODS.c.starts_on > bindparam("changed_on"),
)


def _another(*columns: ColumnElement[Any]) -> Select[Any]:
    """The periods with another status than the one that holds on the day."""
    return (
        select(*columns)
        .where(OTHERS.assessment_id == ASSESSMENTS.c.id, OTHERS.status != PERIODS.c.status)
        .correlate(ASSESSMENTS, PERIODS)
    )


# The last day of another status before this one: in this assessment, else in those before it,
# each as far as it answers; else the day before the first of all.
BEFORE = func.coalesce(
    _another(func.max(OTHERS.ends_on)).where(OTHERS.ends_on < bindparam("on")).scalar_subquery(),
    select(
        case(
            (OTHERS.ends_on < FOLLOWING.starts_on, OTHERS.ends_on),
            else_=day_before(FOLLOWING.starts_on),
        )
    )
    .where(
        EARLIER.relation_id == SCANNED.c.id,
        EARLIER.number < ASSESSMENTS.c.number,
        FOLLOWING.relation_id == EARLIER.relation_id,
        FOLLOWING.number == EARLIER.number + 1,
        OTHERS.assessment_id == EARLIER.id,
        OTHERS.starts_on < FOLLOWING.starts_on,
        OTHERS.status != PERIODS.c.status,
    )
    .order_by(EARLIER.number.desc(), OTHERS.starts_on.desc())
    .limit(1)
    .correlate(SCANNED, ASSESSMENTS, PERIODS)
    .scalar_subquery(),
    select(day_before(EARLIER.starts_on))
    .where(EARLIER.relation_id == SCANNED.c.id, EARLIER.number == 1)
    .correlate(SCANNED)
    .scalar_subquery(),
)
AFTER = _another().where(OTHERS.starts_on > bindparam("on")).order_by(OTHERS.starts_on).limit(1)
# As the database has them: days and lists are not made values of, only to be written again.
WRITTEN = (
    SCANNED.c.id,
    SCANNED.c.kvk_number,
    SCANNED.c.name,
    PERIODS.c.status,
    cast(PERIODS.c.reasons, Text).label("reasons"),
    cast(PERIODS.c.warnings, Text).label("warnings"),
    PERIODS.c.policy_version,
    type_coerce(BEFORE, String).label("before"),
    type_coerce(AFTER.with_only_columns(OTHERS.starts_on).scalar_subquery(), String).label("after"),
    AFTER.with_only_columns(OTHERS.status).scalar_subquery().label("then"),
)
STATUS = 3  # its place


def _page(*columns: ColumnElement[Any], changed: bool = False) -> Select[Any]:
    """A row for each supplier that was scanned; without a period where the list holds it not."""
    holds = and_(
        PERIODS.c.assessment_id == ASSESSMENTS.c.id,
        PERIODS.c.starts_on <= bindparam("on"),
        PERIODS.c.ends_on >= bindparam("on"),
        PERIODS.c.status.in_(bindparam("statuses", expanding=True)),
    )
    return (
        select(*columns)
        .select_from(
            SCANNED.outerjoin(ASSESSMENTS, ASSESSMENTS.c.id == SCANNED.c.assessment_id).outerjoin(
                PERIODS, and_(holds, HAS_CHANGED) if changed else holds
            )
        )
        .order_by(SCANNED.c.id)
    )


# By whether only what changed is asked for.
IDS = {changed: _page(SCANNED.c.id, PERIODS.c.id, changed=changed) for changed in (False, True)}
ROWS = {changed: _page(*WRITTEN, changed=changed) for changed in (False, True)}


def page_of_ids(
    session: Session, listed: Listed, *, after_id: int, limit: int
) -> tuple[list[int], int | None]:
    """Which of the next `limit` suppliers the list holds, and after which one it goes on.

    One of which nothing was known then is left out. There are no more where that is None.
    """
    statement = IDS[listed.changed_since is not None]
    rows = session.execute(statement, _values(listed, after_id, limit)).all()
    held = [relation_id for relation_id, period_id in rows if period_id is not None]
    return held, rows[-1][0] if len(rows) == limit else None


def page_of_rows(
    session: Session, listed: Listed, *, after_id: int, limit: int
) -> tuple[list[Row[Any]], int | None]:
    """The same with all that a list tells, in the columns of `WRITTEN`.

    `before` is the last day of another status before the run that covers the day, `after` and
    `then` are the first day and the status after that run, None where nothing recorded ends it.
    Days are dates or their text, whatever the driver gives.
    """
    statement = ROWS[listed.changed_since is not None]
    rows = session.execute(statement, _values(listed, after_id, limit)).all()
    held = [row for row in rows if row[STATUS] is not None]
    return held, rows[-1][0] if len(rows) == limit else None


def _values(listed: Listed, after_id: int, limit: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "customer_id": listed.customer_id,
        "after_id": after_id,
        "on": listed.on,
        "known_at": listed.known_at,
        "statuses": [status.value for status in listed.statuses],
        "limit": limit,
    }
    if listed.changed_since is not None:
        values["changed_at"], values["changed_on"] = listed.changed_since
    return values
