"""What of the list of suppliers is asked: a filter that stands in the address, as conditions."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from onboarding.domain.suppliers import folded
from onboarding.store.tables import CreditorNumberRow, DivisionRow, RelationRow

NOBODY = "nobody"


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
    has_no_alternative: bool = False
    ids: tuple[int, ...] = ()
    sort: str = "name"


def conditions(customer_id: int, asked: SupplierFilter) -> list[ColumnElement[bool]]:
    """All that is asked but the status."""
    found: list[ColumnElement[bool]] = [RelationRow.customer_id == customer_id]
    if asked.q.strip():
        found.append(_matches(asked.q))
    if asked.buyer == NOBODY:
        found.append(RelationRow.buyer_id.is_(None))
    elif asked.buyer.isdecimal():
        found.append(or_(RelationRow.buyer_id == int(asked.buyer), _buys_there(int(asked.buyer))))
    if asked.division:
        found.append(or_(_of_division(customer_id, asked.division), _known_to(asked.division)))
    if asked.ids:
        found.append(RelationRow.id.in_(asked.ids))
    if asked.has_no_alternative:
        found.append(RelationRow.has_no_alternative.is_(True))
    if asked.is_enrolled is not None:
        is_out = RelationRow.enrolled_on.is_(None)
        found.append(~is_out if asked.is_enrolled else is_out)
    return found


def _buys_there(buyer_id: int) -> ColumnElement[bool]:
    """Who buys for one of the divisions only."""
    return RelationRow.id.in_(
        select(DivisionRow.relation_id).where(DivisionRow.buyer_id == buyer_id)
    )


def _of_division(customer_id: int, division: str) -> ColumnElement[bool]:
    return RelationRow.id.in_(
        select(DivisionRow.relation_id).where(
            DivisionRow.customer_id == customer_id, DivisionRow.division == division
        )
    )


def _known_to(division: str) -> ColumnElement[bool]:
    """Its books know the supplier, whatever was told of what it buys."""
    return RelationRow.id.in_(
        select(CreditorNumberRow.relation_id).where(CreditorNumberRow.division == division)
    )


def literal(text: str) -> str:
    """The text as LIKE finds it: its signs stand for themselves, after a backslash."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _matches(q: str) -> ColumnElement[bool]:
    """Every word in the name or the city, or the beginning of a KvK or creditor number."""
    words = [
        or_(
            RelationRow.sort_name.like(f"%{literal(word)}%", escape="\\"),
            RelationRow.sort_city.like(f"%{literal(word)}%", escape="\\"),
        )
        for word in folded(q).split()
    ]
    number = literal(re.sub(r"\s", "", q))
    creditor = RelationRow.id.in_(
        select(CreditorNumberRow.relation_id).where(
            CreditorNumberRow.number.like(f"{number.upper()}%", escape="\\")
        )
    )
    digits = number.removeprefix("kvk").removeprefix("KvK")
    abroad = func.replace(RelationRow.foreign_number, " ", "")
    return or_(
        and_(*words),
        RelationRow.kvk_number.like(f"{digits}%", escape="\\"),
        abroad.like(f"{number.upper()}%", escape="\\"),
        creditor,
    )
