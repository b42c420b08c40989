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
from onboarding.store.tables import CreditorNumberRow, PersonRow, RelationRow, StatusPeriodRow

PER_PAGE = 50
NOBODY = "nobody"
Buyer = aliased(PersonRow)
RANK = case(
    {status.value: status.rank() for status in Status}, value=StatusPeriodRow.status, else_=-1
)
SORTS: dict[str, ColumnElement[Any]] = {
    "name": RelationRow.sort_name.expression,
    "spend": func.coalesce(RelationRow.spend, -1),
    "status": RANK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierFilter:
    """What of the list is asked; all of it stands in the address.

    `buyer` is a person's id or "nobody"; `is_enrolled` None is both; `ids` are suppliers that
    were picked, none for all.
    """

    q: str = ""
    status: str = ""
    buyer: str = ""
    division: str = ""
    is_enrolled: bool | None = None
    ids: tuple[int, ...] = ()
    sort: str = "name"


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
        .where(*_conditions(customer_id, asked))
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
    """One page of what is asked; the first page is 1."""
    query = in_order(_lines(customer_id, asked, on), asked)
    return [
        _line(row) for row in session.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    ]


def asked_relations(
    customer_id: int, asked: SupplierFilter, on: date, *columns: Any
) -> Select[Any]:
    """These columns of each relation that is asked, and of the status that it has on the day."""
    return (
        select(*columns)
        .select_from(RelationRow)
        .outerjoin(StatusPeriodRow, _holds(on))
        .where(*_conditions(customer_id, asked), *_status(asked))
    )


def in_order(query: Select[Any], asked: SupplierFilter) -> Select[Any]:
    """The query in the order that is asked."""
    column, backwards = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    key = SORTS.get(column, SORTS["name"])
    return query.order_by(
        key.desc() if backwards else key.asc(), RelationRow.sort_name, RelationRow.id
    )


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
                RelationRow.sort_name.like(f"%{_literal(start)}%", escape="\\"),
            )
            .order_by(RelationRow.sort_name, RelationRow.id)
            .limit(limit)
        )
    )


def _lines(customer_id: int, asked: SupplierFilter, on: date) -> Select[Any]:
    return (
        select(RelationRow, StatusPeriodRow.status, StatusPeriodRow.reasons, Buyer.name)
        .outerjoin(StatusPeriodRow, _holds(on))
        .outerjoin(Buyer, Buyer.id == RelationRow.buyer_id)
        .where(*_conditions(customer_id, asked), *_status(asked))
    )


def _line(found: Any) -> SupplierLine:
    row, status, reasons, buyer = found
    return SupplierLine(
        id=row.id,
        name=row.name,
        kvk_number=row.kvk_number,
        country=row.country,
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


def _conditions(customer_id: int, asked: SupplierFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [RelationRow.customer_id == customer_id]
    if asked.q.strip():
        conditions.append(_matches(asked.q))
    if asked.buyer == NOBODY:
        conditions.append(RelationRow.buyer_id.is_(None))
    elif asked.buyer.isdecimal():
        conditions.append(RelationRow.buyer_id == min(int(asked.buyer), 2**31 - 1))
    if asked.division:
        conditions.append(RelationRow.division == asked.division)
    if asked.ids:
        conditions.append(RelationRow.id.in_(asked.ids))
    if asked.is_enrolled is not None:
        is_out = RelationRow.enrolled_on.is_(None)
        conditions.append(~is_out if asked.is_enrolled else is_out)
    return conditions


def _matches(q: str) -> ColumnElement[bool]:
    """Every word in the name, or the beginning of a KvK or creditor number."""
    in_name = [
        RelationRow.sort_name.like(f"%{_literal(word)}%", escape="\\") for word in folded(q).split()
    ]
    number = _literal(re.sub(r"\s", "", q))
    creditor = exists().where(
        CreditorNumberRow.relation_id == RelationRow.id,
        CreditorNumberRow.number.like(f"{number.upper()}%", escape="\\"),
    )
    digits = number.removeprefix("kvk").removeprefix("KvK")
    return or_(and_(*in_name), RelationRow.kvk_number.like(f"{digits}%", escape="\\"), creditor)


def _literal(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
