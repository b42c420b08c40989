"""What an answer tells of a supplier's status on a day, in one row: the columns and the joins.

The single lookup, the pages and the streams read the same row, and write it out the same way.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from onboarding.store.published import known_from
from onboarding.store.tables import AssessmentRow, RelationRow, StatusPeriodRow

RELATIONS = RelationRow.__table__
ASSESSMENTS = AssessmentRow.__table__
PERIODS = StatusPeriodRow.__table__
EARLIER = ASSESSMENTS.alias("earlier").c
FOLLOWING = ASSESSMENTS.alias("following").c
LAST = ASSESSMENTS.alias("last").c
LATER = ASSESSMENTS.alias("later")
NEXT = ASSESSMENTS.alias("next_one")
OTHER_PERIODS = PERIODS.alias("others")
OTHERS = OTHER_PERIODS.c
ONE: ColumnElement[int] = literal_column("1")

# A row of `STATUS`, after the id, the KvK number and the name of the supplier: as the database
# has it. Days are dates or their text, whatever the driver gives.
Written = Sequence[Any]
ID, STATUS_TOLD, REASONS = 0, 3, 4  # their places


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


class day_as_text(GenericFunction[str]):  # noqa: N801
    """A day as 2027-02-10, however the server writes days."""

    type = String()
    inherit_cache = True


@compiles(day_as_text)
def _day_as_text(element: Any, compiler: Any, **given: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **given)}, 'YYYY-MM-DD')"


@compiles(day_as_text, "sqlite")
def _day_as_text_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    text: str = compiler.process(element.clauses, **given)  # it keeps them so
    return text


class as_one_text(GenericFunction[str]):  # noqa: N801
    """Columns as one, a list in JSON: to describe each takes longer than a short answer."""

    type = String()
    inherit_cache = True


@compiles(as_one_text)
def _as_one_text(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST(json_build_array({compiler.process(element.clauses, **given)}) AS TEXT)"


@compiles(as_one_text, "sqlite")
def _as_one_text_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **given)})"


# The last assessment that was known then and starts on or before the day.
ANSWERING = (
    select(LAST.id)
    .where(
        LAST.relation_id == RELATIONS.c.id,
        LAST.starts_on <= bindparam("on"),
        known_from(LAST) <= bindparam("known_at"),
    )
    .order_by(LAST.number.desc())
    .limit(ONE)
    .correlate(RELATIONS)
    .scalar_subquery()
)
COVERS = and_(
    PERIODS.c.assessment_id == ASSESSMENTS.c.id,
    PERIODS.c.starts_on <= bindparam("on"),
    PERIODS.c.ends_on >= bindparam("on"),
)
ANOTHER = and_(OTHERS.assessment_id == ASSESSMENTS.c.id, OTHERS.status != PERIODS.c.status)

# The last day of another status before this one: in this assessment, else in those before it,
# each as far as it answers; else the day before the first of all.
BEFORE = func.coalesce(
    select(func.max(OTHERS.ends_on))
    .where(ANOTHER, OTHERS.ends_on < bindparam("on"))
    .correlate(ASSESSMENTS, PERIODS)
    .scalar_subquery(),
    case(
        (ASSESSMENTS.c.number == ONE, day_before(ASSESSMENTS.c.starts_on)),
        else_=func.coalesce(
            select(
                case(
                    (OTHERS.ends_on < FOLLOWING.starts_on, OTHERS.ends_on),
                    else_=day_before(FOLLOWING.starts_on),
                )
            )
            .where(
                EARLIER.relation_id == ASSESSMENTS.c.relation_id,
                EARLIER.number < ASSESSMENTS.c.number,
                FOLLOWING.relation_id == EARLIER.relation_id,
                FOLLOWING.number == EARLIER.number + ONE,
                OTHERS.assessment_id == EARLIER.id,
                OTHERS.starts_on < FOLLOWING.starts_on,
                OTHERS.status != PERIODS.c.status,
            )
            .order_by(EARLIER.number.desc(), OTHERS.starts_on.desc())
            .limit(ONE)
            .correlate(ASSESSMENTS, PERIODS)
            .scalar_subquery(),
            select(day_before(EARLIER.starts_on))
            .where(EARLIER.relation_id == ASSESSMENTS.c.relation_id, EARLIER.number == ONE)
            .correlate(ASSESSMENTS)
            .scalar_subquery(),
        ),
    ),
)
FIRST_OF_ANOTHER = day_as_text(OTHERS.starts_on).concat(OTHERS.status)
# The first day after the run that covers the day, and its status, as one text: "2027-02-10at-risk".
# Nothing later was known then: what is told of today, of a day to come, or in a list.
AFTER = (
    select(FIRST_OF_ANOTHER)
    .where(ANOTHER, OTHERS.starts_on > bindparam("on"))
    .order_by(OTHERS.starts_on)
    .limit(ONE)
    .correlate(ASSESSMENTS, PERIODS)
    .scalar_subquery()
)
# Of a day that passed later assessments may tell, each until the one after it does.
AFTER_PASSED = (
    select(FIRST_OF_ANOTHER)
    .select_from(
        LATER.join(OTHER_PERIODS, OTHERS.assessment_id == LATER.c.id).outerjoin(
            NEXT,
            and_(
                NEXT.c.relation_id == LATER.c.relation_id,
                NEXT.c.number == LATER.c.number + ONE,
                known_from(NEXT.c) <= bindparam("known_at"),
            ),
        )
    )
    .where(
        LATER.c.relation_id == ASSESSMENTS.c.relation_id,
        LATER.c.number >= ASSESSMENTS.c.number,
        known_from(LATER.c) <= bindparam("known_at"),
        OTHERS.starts_on > bindparam("on"),
        OTHERS.status != PERIODS.c.status,
        or_(NEXT.c.starts_on.is_(None), OTHERS.starts_on < NEXT.c.starts_on),
    )
    .order_by(OTHERS.starts_on)
    .limit(ONE)
    .correlate(ASSESSMENTS, PERIODS)
    .scalar_subquery()
)


def _where_told(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Asked of the database only where the answer holds a status."""
    return case((PERIODS.c.status.is_not(None), column))


def _status(after: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """Lists stay texts: they are not made values of, only to be written again."""
    return (
        PERIODS.c.status,
        cast(PERIODS.c.reasons, Text).label("reasons"),
        cast(PERIODS.c.warnings, Text).label("warnings"),
        PERIODS.c.policy_version,
        type_coerce(_where_told(BEFORE), String).label("before"),
        type_coerce(_where_told(after), String).label("after"),
    )


STATUS = _status(AFTER)
# By whether the day had passed.
STATUS_ON = {False: STATUS, True: _status(AFTER_PASSED)}


def with_status(suppliers: FromClause, assessment_id: ColumnElement[Any]) -> FromClause:
    """Each supplier with the assessment that answers and its period of the day."""
    answering = ASSESSMENTS.c.id == assessment_id
    return suppliers.outerjoin(ASSESSMENTS, answering).outerjoin(PERIODS, COVERS)
