"""Suppliers by their status on a day, as known at an instant: pages by id, in prebuilt statements.

A page is as fast deep in the list as at its beginning, and is read in one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Status
from onboarding.store.database import IDS
from onboarding.store.eligibility_rows import (
    ANSWERING,
    ASSESSMENTS,
    ID,
    ONE,
    PERIODS,
    RELATIONS,
    STATUS,
    STATUS_ON,
    STATUS_TOLD,
    Written,
    with_status,
)
from onboarding.store.prebuilt import Prebuilt
from onboarding.store.published import known_from

KEPT = 64  # statements, by their limits
NONE: ColumnElement[int] = literal_column("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Which suppliers of a customer a list holds; `changed_since` is an instant and its day.

    What changed after it: something was recorded that differs, or a day came that brings another
    status or other reasons.
    """

    customer_id: int
    on: date
    known_at: datetime
    status: Status | None = None
    changed_since: tuple[datetime, date] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it leaves out none of whom a status was known."""
        return self.status is None and self.changed_since is None


OF_STATUS = PERIODS.c.status == bindparam("status")
HAS_CHANGED = or_(
    known_from(ASSESSMENTS.c) > bindparam("changed_at"),
    PERIODS.c.starts_on > bindparam("changed_on"),
)
SUPPLIERS = select(
    RELATIONS.c.id,
    RELATIONS.c.kvk_number,
    RELATIONS.c.name,
    ANSWERING.label("assessment_id"),
)


@lru_cache(KEPT)
def _page(limit: int, *, of_status: bool, changed: bool) -> Prebuilt:
    """So many suppliers by id, whatever their status: the database looks no further for one page.

    Of the whole list a row for each. Of a part a row for each that it holds, behind the last id
    that was looked at and how many there were; one row with these alone where it holds none.

    The limit stands in the statement: PostgreSQL plans it once, and for the many rows that it
    expects of an unknown limit it would read the tables as a whole.
    """
    scanned = (
        SUPPLIERS.where(
            RELATIONS.c.customer_id == bindparam("customer_id"),
            RELATIONS.c.id > bindparam("after_id"),
        )
        .order_by(RELATIONS.c.id)
        .limit(literal_column(str(int(limit))))
    )
    if of_status or changed:
        return Prebuilt(_part(scanned, of_status=of_status, changed=changed))
    return Prebuilt(_whole(scanned))


def _whole(suppliers: Select[Any]) -> Select[Any]:
    scanned = suppliers.subquery("scanned")
    return (
        select(scanned.c.id, scanned.c.kvk_number, scanned.c.name, *STATUS)
        .select_from(with_status(scanned, scanned.c.assessment_id))
        .order_by(scanned.c.id)
    )


def _part(suppliers: Select[Any], *, of_status: bool, changed: bool) -> Select[Any]:
    """Step by step, and by outer joins: left to themselves both databases begin with all periods
    of a status, or go through all assessments, as soon as there are many suppliers.
    """
    holds = [*([OF_STATUS] if of_status else []), *([HAS_CHANGED] if changed else [])]
    # The day comes with each supplier: SQLite would else sift all periods by it first.
    day = bindparam("on", type_=Date()).label("day")
    scanned = suppliers.add_columns(day).cte("scanned").prefix_with("MATERIALIZED")
    seen = select(func.max(scanned.c.id).label("last_id"), func.count().label("many")).cte("seen")
    covers = and_(
        PERIODS.c.assessment_id == scanned.c.assessment_id,
        PERIODS.c.starts_on <= scanned.c.day,
        PERIODS.c.ends_on >= scanned.c.day,
    )
    of_day = scanned.outerjoin(PERIODS, covers)
    if changed:
        of_day = of_day.outerjoin(ASSESSMENTS, ASSESSMENTS.c.id == scanned.c.assessment_id)
    held = (
        select(*scanned.c, PERIODS.c.starts_on)
        .select_from(of_day)
        .where(case((and_(*holds), ONE), else_=NONE) == ONE)
        .cte("held")
        .prefix_with("MATERIALIZED")
    )
    status = and_(
        PERIODS.c.assessment_id == held.c.assessment_id, PERIODS.c.starts_on == held.c.starts_on
    )
    return (
        select(seen.c.last_id, seen.c.many, held.c.id, held.c.kvk_number, held.c.name, *STATUS)
        .select_from(
            seen.outerjoin(held, true())
            .outerjoin(ASSESSMENTS, ASSESSMENTS.c.id == held.c.assessment_id)
            .outerjoin(PERIODS, status)
        )
        .order_by(held.c.id)
    )


def _of_ids(*, has_passed: bool) -> Select[Any]:
    meant = SUPPLIERS.where(RELATIONS.c.id.in_(IDS)).subquery("meant")
    told = (meant.c.id, meant.c.kvk_number, meant.c.name, *STATUS_ON[has_passed])
    return select(*told).select_from(with_status(meant, meant.c.assessment_id))


# By whether the day had passed.
OF_IDS = {has_passed: _of_ids(has_passed=has_passed) for has_passed in (False, True)}


def page_of_rows(
    connection: Connection, listed: Listed, *, after_id: int, limit: int
) -> tuple[list[Written], int | None]:
    """Which of the next `limit` suppliers the list holds, and after which one it goes on.

    One of which nothing was known then is left out. There are no more where that is None.
    """
    values: dict[str, Any] = {
        "customer_id": listed.customer_id,
        "after_id": after_id,
        "on": listed.on,
        "known_at": listed.known_at,
    }
    if listed.status is not None:
        values["status"] = listed.status.value
    if listed.changed_since is not None:
        values["changed_at"], values["changed_on"] = listed.changed_since
    statement = _page(
        limit, of_status=listed.status is not None, changed=listed.changed_since is not None
    )
    rows = statement.rows(connection, values)
    last_id, many = None, len(rows)
    if not listed.is_whole:
        last_id, many = rows[0][:2]
        rows = [row[2:] for row in rows]
    elif rows:
        last_id = rows[-1][ID]
    held: list[Written] = [row for row in rows if row[STATUS_TOLD] is not None]
    return held, last_id if many == limit else None


def rows_of(
    session: Session, relation_ids: Sequence[int], on: date, known_at: datetime, today: date
) -> dict[int, Written]:
    """The same of these suppliers, by their ids; no more than a page of them."""
    known = {"ids": relation_ids, "on": on, "known_at": known_at}
    rows = session.execute(OF_IDS[on < today], known)
    return {row[ID]: row for row in rows if row[STATUS_TOLD] is not None}
