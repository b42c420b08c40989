"""Days and stages as the database computes them: which stage of a deadline is the last reached."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, and_, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op

CATCH_UP = 30  # days in which the last stage, missed in an outage, is still worth sending
# The day of a statement that is written once and run on any day.
TODAY: BindParameter[date] = bindparam("today", type_=Date)


class Shifted(FunctionElement[date]):
    """A day column moved by a fixed number of days."""

    type = Date()
    inherit_cache = True
    name = "shifted"


@compiles(Shifted, "sqlite")
def _shifted_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, days = element.clauses
    return f"date({compiler.process(column, **kw)}, {compiler.process(days, **kw)} || ' days')"


@compiles(Shifted, "postgresql")
def _shifted_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, days = element.clauses
    return f"({compiler.process(column, **kw)} + {compiler.process(days, **kw)})"


def shifted(column: Any, days: int) -> ColumnElement[date]:
    return Shifted(column, literal(days, Integer))


def stages(column: Any, days: tuple[int, ...], since: Any) -> list[tuple[int, ColumnElement[bool]]]:
    """For each stage, in days from the day in `column`, when it is the last one reached by TODAY.

    A stage before `since` is not owed; the last stage stops being owed after CATCH_UP days.
    """
    ordered = sorted(days)
    found = []
    for this, following in zip(ordered, [*ordered[1:], ordered[-1] + CATCH_UP], strict=True):
        reached = column <= shifted(TODAY, -this)
        not_further = column > shifted(TODAY, -following)
        found.append((this, and_(reached, not_further, since <= shifted(column, this))))
    return found


def stages_to_come(
    column: Any, days: tuple[int, ...], since: Any, first: date, last: date
) -> list[tuple[int, ColumnElement[bool]]]:
    """For each stage, when it falls on one of these days, if nothing changes until then."""
    return [
        (
            this,
            and_(
                column >= first - timedelta(days=this),
                column <= last - timedelta(days=this),
                since <= shifted(column, this),
            ),
        )
        for this in sorted(days)
    ]


def not_first(column: Any) -> ColumnElement[Any]:
    """The column, but never as the way into its table: the few rows that are due come first.

    SQLite begins a join where it expects the fewest rows, without knowing how many are due; from
    the customer's side that would be all suppliers, each time.
    """
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)
