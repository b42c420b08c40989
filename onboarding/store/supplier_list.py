"""The list of suppliers: found, counted by status and sorted, in a constant number of statements.

Suppliers are counted by the status that is noted of them; only where none is noted for the day
are their periods read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from onboarding.domain.eligibility import Status
from onboarding.domain.suppliers import folded
from onboarding.store.current_status import holds, is_not_noted, is_noted, status_on
from onboarding.store.supplier_filters import SupplierFilter, conditions, literal
from onboarding.store.tables import PersonRow, RelationRow, StatusPeriodRow

PER_PAGE = 50
Buyer = aliased(PersonRow)
RANKS = {status.value: status.rank() for status in Status}
SORTS: dict[str, Callable[[date], ColumnElement[Any]]] = {
    "name": lambda on: RelationRow.sort_name.expression,
    "spend": lambda on: RelationRow.spend.expression,
    "status": lambda on: case(RANKS, value=status_on(on), else_=-1),
    "next": lambda on: RelationRow.next_on.expression,
    "contact": lambda on: RelationRow.contact_on.expression,
}


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many suppliers have a status, and what is bought from them in a year."""

    status: str | None
    count: int
    spend: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLine:
    """A supplier in the list."""

    id: int
    name: str
    kvk_number: str | None
    country: str
    foreign_number: str | None
    city: str | None
    division: str | None
    spend: Decimal | None
    is_enrolled: bool
    ended_on: date | None
    contact_on: date | None
    buyer: str | None
    status: str | None
    reasons: list[dict[str, Any]]


def count_by_status(
    session: Session, customer_id: int, asked: SupplierFilter, on: date
) -> list[StatusCount]:
    """The statuses among what is asked, whichever status is asked; best first."""
    asked_for = conditions(customer_id, asked)
    is_known = is_noted(on)
    noted = session.execute(
        select(
            RelationRow.status,
            func.sum(case((is_known, 1), else_=0)),
            func.sum(case((is_known, RelationRow.spend))),
            func.count(),
        )
        .where(*asked_for)
        .group_by(RelationRow.status)
    ).all()
    found = [(status, known, spend) for status, known, spend, _ in noted]
    if any(count > known for _, known, _, count in noted):
        passed = session.execute(
            select(StatusPeriodRow.status, func.count(), func.sum(RelationRow.spend))
            .select_from(RelationRow)
            .outerjoin(StatusPeriodRow, holds(on))
            .where(*asked_for, is_not_noted(on))
            .group_by(StatusPeriodRow.status)
        )
        found += [(status, count, spend) for status, count, spend in passed]
    counts: Counter[str | None] = Counter()
    spends: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    for status, count, spend in found:
        counts[status] += count
        spends[status] += Decimal(spend or 0)
    return [
        StatusCount(status, count, spends[status])
        for status, count in sorted(counts.items(), key=lambda one: RANKS.get(one[0] or "", -1))
        if count
    ]


def lines(
    session: Session, customer_id: int, asked: SupplierFilter, on: date, page: int
) -> list[SupplierLine]:
    """One page of what is asked; the first page is 1.

    Which suppliers are on it is asked first, so that only theirs is read in full.
    """
    query = select(RelationRow.id).where(*conditions(customer_id, asked), *_status(asked, on))
    ids = session.scalars(
        in_order(query, asked, on).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    rows = session.execute(
        select(RelationRow, StatusPeriodRow.status, StatusPeriodRow.reasons, Buyer.name)
        .select_from(RelationRow)
        .outerjoin(StatusPeriodRow, holds(on))
        .outerjoin(Buyer, Buyer.id == RelationRow.buyer_id)
        .where(RelationRow.id.in_(ids))
    )
    found = {row[0].id: _line(row) for row in rows}
    return [found[relation_id] for relation_id in ids]


def asked_relations(
    customer_id: int, asked: SupplierFilter, on: date, *columns: Any
) -> Select[Any]:
    """These columns of each relation that is asked, and of the status that it has on the day."""
    return (
        select(*columns)
        .select_from(RelationRow)
        .outerjoin(StatusPeriodRow, holds(on))
        .where(*conditions(customer_id, asked), *_status(asked, on))
    )


def in_order(query: Select[Any], asked: SupplierFilter, on: date) -> Select[Any]:
    """The query in the order that is asked."""
    return query.order_by(*_order(asked.sort, on))


def all_ids(
    session: Session, customer_id: int, asked: SupplierFilter, on: date, at_once: int = 1000
) -> Iterator[list[int]]:
    """The ids of all that is asked by name, a page at a time; each page is a statement."""
    last: tuple[str, int] | None = None
    while True:
        query = (
            select(RelationRow.sort_name, RelationRow.id)
            .where(*conditions(customer_id, asked), *_status(asked, on))
            .order_by(RelationRow.sort_name, RelationRow.id)
            .limit(at_once)
        )
        if last is not None:
            name, relation_id = last
            query = query.where(
                or_(
                    RelationRow.sort_name > name,
                    and_(RelationRow.sort_name == name, RelationRow.id > relation_id),
                )
            )
        found = session.execute(query).all()
        if not found:
            return
        yield [relation_id for _, relation_id in found]
        last = found[-1][0], found[-1][1]


def is_empty(session: Session, customer_id: int) -> bool:
    """Whether the customer has no supplier at all."""
    return not session.scalar(select(exists().where(RelationRow.customer_id == customer_id)))


def similar(session: Session, customer_id: int, name: str, limit: int = 5) -> list[RelationRow]:
    """Suppliers whose name has the same first word or two: perhaps the same company."""
    words = [word for word in re.findall(r"\w+", folded(name)) if len(word) > 1]
    start = " ".join(words[:2])
    if len(start) < 3:
        return []
    return list(
        session.scalars(
            select(RelationRow)
            .where(
                RelationRow.customer_id == customer_id,
                RelationRow.sort_name.like(f"%{literal(start)}%", escape="\\"),
            )
            .order_by(RelationRow.sort_name, RelationRow.id)
            .limit(limit)
        )
    )


def _order(sort: str, on: date) -> list[ColumnElement[Any]]:
    """What is unknown comes last, whichever way the list is sorted."""
    name, last = RelationRow.sort_name.expression, RelationRow.id.expression
    is_backwards, by = sort.startswith("-"), sort.removeprefix("-")
    if by == "name" or by not in SORTS:
        return [name.desc(), last.desc()] if is_backwards else [name, last]
    key = SORTS[by](on)
    return [(key.desc() if is_backwards else key.asc()).nulls_last(), name, last]


def _line(found: Any) -> SupplierLine:
    row, status, reasons, buyer = found
    return SupplierLine(
        id=row.id,
        name=row.name,
        kvk_number=row.kvk_number,
        country=row.country,
        foreign_number=row.foreign_number,
        city=row.city,
        division=row.division,
        spend=row.spend,
        is_enrolled=row.enrolled_on is not None,
        ended_on=row.ended_on,
        contact_on=row.contact_on,
        buyer=buyer,
        status=status,
        reasons=reasons or [],
    )


def _status(asked: SupplierFilter, on: date) -> list[ColumnElement[bool]]:
    return [status_on(on) == asked.status] if asked.status else []
