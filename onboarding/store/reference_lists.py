"""Finding the suppliers that many references mean, in a statement for each kind of reference."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from onboarding.domain.references import Ref, RefKind
from onboarding.store.references import Found
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
SUPPLIER = (RELATIONS.id, RELATIONS.kvk_number, RELATIONS.name, RELATIONS.division)
OF_CUSTOMER = RELATIONS.customer_id == bindparam("customer_id")


def _values() -> Any:
    return bindparam("values", expanding=True)


# A number that somebody has now goes before one that another had.
BY_NUMBER = union_all(
    select(RELATIONS.kvk_number.label("value"), literal(0).label("place"), *SUPPLIER).where(
        OF_CUSTOMER, RELATIONS.kvk_number.in_(_values())
    ),
    select(FORMER.kvk_number.label("value"), literal(1).label("place"), *SUPPLIER)
    .join_from(FormerKvkNumberRow, RelationRow, RELATIONS.id == FORMER.relation_id)
    .where(OF_CUSTOMER, FORMER.kvk_number.in_(_values())),
).order_by("value", "place", "id")
WENT = (
    select(MERGED.former_id, MERGED.relation_id).where(MERGED.former_id.in_(_values())).subquery()
)
BY_OWN_NUMBER = union_all(
    select(WENT.c.former_id.label("value"), *SUPPLIER)
    .join_from(WENT, RelationRow, RELATIONS.id == WENT.c.relation_id)
    .where(OF_CUSTOMER),
    select(RELATIONS.id.label("value"), *SUPPLIER).where(
        OF_CUSTOMER,
        RELATIONS.id.in_(_values()),
        RELATIONS.id.not_in(select(WENT.c.former_id)),
    ),
)
BY_CREDITOR_NUMBER = (
    select(CREDITORS.number.label("value"), *SUPPLIER)
    .join_from(CreditorNumberRow, RelationRow, RELATIONS.id == CREDITORS.relation_id)
    .where(OF_CUSTOMER, CREDITORS.number.in_(_values()))
    .group_by(CREDITORS.number, *SUPPLIER)
    .order_by(CREDITORS.number, RELATIONS.id)
)
STATEMENTS: dict[RefKind, Any] = {
    RefKind.KVK: BY_NUMBER,
    RefKind.OWN: BY_OWN_NUMBER,
    RefKind.CREDITOR: BY_CREDITOR_NUMBER,
}


def with_references(
    session: Session, customer_id: int, refs: Iterable[Ref]
) -> Mapping[Ref, Sequence[Found]]:
    """The suppliers of the customer that have each reference; more than one for creditors only.

    As `with_reference` finds them one by one.
    """
    by_kind: defaultdict[RefKind, set[str]] = defaultdict(set)
    for ref in refs:
        by_kind[ref.kind].add(ref.value)
    found: defaultdict[Ref, list[Found]] = defaultdict(list)
    for kind, values in by_kind.items():
        asked: list[Any] = sorted(values)
        if kind is RefKind.OWN:
            asked = [int(value) for value in asked]
        rows = session.execute(STATEMENTS[kind], {"customer_id": customer_id, "values": asked})
        for row in rows:
            ref = Ref(kind, str(row.value))
            if kind is RefKind.CREDITOR or not found[ref]:
                found[ref].append(_found(row))
    return found


def _found(row: Row[Any]) -> Found:
    return Found(
        relation_id=row.id, kvk_number=row.kvk_number, name=row.name, division=row.division
    )
