"""Finding suppliers by what programs call them, in prebuilt statements."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from onboarding.domain.references import Ref, RefKind
from onboarding.store.tables import (
    CreditorNumberRow,
    FormerKvkNumberRow,
    MergedRelationRow,
    RelationRow,
)

RELATIONS = RelationRow.__table__.c
CREDITORS = CreditorNumberRow.__table__.c
FORMER = FormerKvkNumberRow.__table__.c
MERGED = MergedRelationRow.__table__.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A supplier that has the reference."""

    relation_id: int
    kvk_number: str | None
    name: str
    division: str | None


def leads_to(own_number: ColumnElement[int]) -> ColumnElement[int]:
    """The id of the relation that has this number, or into which the one that had it went."""
    went = select(MERGED.relation_id).where(MERGED.former_id == own_number).scalar_subquery()
    return func.coalesce(went, own_number)


OF_CUSTOMER = (
    select(RELATIONS.id, RELATIONS.kvk_number, RELATIONS.name, RELATIONS.division)
    .where(RELATIONS.customer_id == bindparam("customer_id"))
    .order_by(RELATIONS.id)
)
BY_NUMBER = OF_CUSTOMER.where(RELATIONS.kvk_number == bindparam("value"))
BY_FORMER_NUMBER = OF_CUSTOMER.where(
    RELATIONS.id.in_(select(FORMER.relation_id).where(FORMER.kvk_number == bindparam("value")))
)
BY_OWN_NUMBER = OF_CUSTOMER.where(RELATIONS.id == leads_to(bindparam("value", type_=Integer)))
BY_CREDITOR_NUMBER = OF_CUSTOMER.where(
    RELATIONS.id.in_(select(CREDITORS.relation_id).where(CREDITORS.number == bindparam("value")))
)


def with_reference(session: Session, customer_id: int, ref: Ref) -> list[Found]:
    """The suppliers of the customer that have the reference; more than one for creditors only.

    A KvK number that a supplier had before leads to it, unless another has it now.
    """

    def found(statement: Select[tuple[int, str | None, str, str | None]]) -> list[Found]:
        value = int(ref.value) if ref.kind is RefKind.OWN else ref.value
        rows = session.execute(statement, {"customer_id": customer_id, "value": value})
        return [_found(row) for row in rows]

    match ref.kind:
        case RefKind.KVK:
            return (found(BY_NUMBER) or found(BY_FORMER_NUMBER))[:1]
        case RefKind.OWN:
            return found(BY_OWN_NUMBER)
        case RefKind.CREDITOR:
            return found(BY_CREDITOR_NUMBER)


def _found(row: Row[tuple[int, str | None, str, str | None]]) -> Found:
    return Found(
        relation_id=row.id, kvk_number=row.kvk_number, name=row.name, division=row.division
    )


def former_numbers_of(session: Session, relation_id: int) -> tuple[str, ...]:
    """The KvK numbers that a supplier had before, the oldest first."""
    rows = session.scalars(
        select(FORMER.kvk_number)
        .where(FORMER.relation_id == relation_id)
        .order_by(FORMER.until_on, FORMER.id)
    )
    return tuple(rows)


def keep_former_number(
    session: Session, relation_id: int, was: str | None, until_on: date, *, becomes: str | None
) -> None:
    """The number that a supplier leaves goes on leading to it; the one it takes is no former one.

    `until_on` is the last day on which the old number was its own.
    """
    session.execute(
        delete(FormerKvkNumberRow).where(
            FormerKvkNumberRow.relation_id == relation_id,
            FormerKvkNumberRow.kvk_number.in_([number for number in (was, becomes) if number]),
        )
    )
    if was is not None:
        session.add(FormerKvkNumberRow(relation_id=relation_id, kvk_number=was, until_on=until_on))
    session.flush()
