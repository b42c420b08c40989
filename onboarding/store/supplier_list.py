"""The list of suppliers: found, counted by status and sorted, in a constant number of statements.

The status is read from the period of the stored assessment that holds on the day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from onboarding.domain.eligibility import Status
from onboarding.domain.suppliers import folded
from onboarding.store.supplier_filters import SupplierFilter, conditions, literal
from onboarding.store.tables import PersonRow, RelationRow, StatusPeriodRow

PER_PAGE = 50
Buyer = aliased(PersonRow)
RANK = case(
    {status.value: status.rank() for status in Status}, value=StatusPeriodRow.status, else_=-1
)
SORTS: dict[str, ColumnElement[Any]] = {
    "name": RelationRow.sort_name.expression,
    "spend": RelationRow.spend.expression,
    "status": RANK,
    "next": RelationRow.next_on.expression,
    "contact": RelationRow.contact_on.expression,
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
    query = (
        select(StatusPeriodRow.status, func.count(), func.sum(RelationRow.spend))
        .select_from(RelationRow)
        .outerjoin(StatusPeriodRow, _holds(on))
        .where(*conditions(customer_id, asked))
        .group_by(StatusPeriodRow.status)
    )
    found = [
        StatusCount(status, count, Decimal(spend or 0))
        for status, count, spend in session.execute(query)
    ]
    order = {status.value: status.rank() for status in Status}
    return sorted(found, key=lambda one: order.get(one.status or "", -1))


def lines(
    session: Session, customer_id: int, asked: SupplierFilter, on: date, page: int
) -> list[SupplierLine]:
    """One page of what is asked; the first page is 1.

    Which suppliers are on it is asked first, so that only theirs is read in full.
    """
    ids = session.scalars(
        in_order(_ids(customer_id, asked, on), asked).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    rows = session.execute(
        select(RelationRow, StatusPeriodRow.status, StatusPeriodRow.reasons, Buyer.name)
        .outerjoin(StatusPeriodRow, _holds(on))
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
        .outerjoin(StatusPeriodRow, _holds(on))
        .where(*conditions(customer_id, asked), *_status(asked))
    )


def in_order(query: Select[Any], asked: SupplierFilter) -> Select[Any]:
    """The query in the order that is asked."""
    return query.order_by(*_order(asked.sort))


def all_ids(
    session: Session, customer_id: int, asked: SupplierFilter, on: date, at_once: int = 1000
) -> Iterator[list[int]]:
    """The ids of all that is asked by name, a page at a time; each page is a statement."""
    last: tuple[str, int] | None = None
    while True:
        query = (
            asked_relations(customer_id, asked, on, RelationRow.sort_name, RelationRow.id)
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


def _ids(customer_id: int, asked: SupplierFilter, on: date) -> Select[tuple[int]]:
    """What is asked; the periods come along only where the status is looked at."""
    query = select(RelationRow.id).where(*conditions(customer_id, asked))
    if asked.status or asked.sort.removeprefix("-") == "status":
        query = query.outerjoin(StatusPeriodRow, _holds(on)).where(*_status(asked))
    return query


def _order(sort: str) -> list[ColumnElement[Any]]:
    """What is unknown comes last, whichever way the list is sorted."""
    name, last = RelationRow.sort_name.expression, RelationRow.id.expression
    is_backwards, key = sort.startswith("-"), SORTS.get(sort.removeprefix("-"), name)
    if key is name:
        return [name.desc(), last.desc()] if is_backwards else [name, last]
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


def _holds(on: date) -> ColumnElement[bool]:
    return and_(
        StatusPeriodRow.assessment_id == RelationRow.assessment_id,
        StatusPeriodRow.starts_on <= on,
        StatusPeriodRow.ends_on >= on,
    )


def _status(asked: SupplierFilter) -> list[ColumnElement[bool]]:
    return [StatusPeriodRow.status == asked.status] if asked.status else []
