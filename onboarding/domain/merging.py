"""Two records of one supplier become one: which stays, what of each, and when that cannot be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.divisions import DivisionLine, Lines, in_order
from onboarding.domain.errors import DomainError
from onboarding.domain.moves import BUYER, check
from onboarding.domain.organisations import Relation
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.people import Actor
from onboarding.domain.suppliers import FieldChange

# What the two can differ in, and one of the two values has to be kept.
CHOSEN = (
    "name",
    "kvk_number",
    "country",
    "foreign_number",
    "city",
    "category",
    "alternative",
    "has_no_alternative",
    "buyer_id",
)


class MergeRefused(DomainError):
    """The two cannot be one now; facts: `reason`, and what it names."""

    code = "merge-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliersMerged(Change):
    """The record `former_id` went into this one; `changed` is what of this one's data did.

    `former_sha256` is the seal with which the history of that record ends.
    """

    code: ClassVar[str] = "suppliers-merged"
    relation_id: int
    former_id: int
    former_name: str
    former_kvk_number: str | None
    changed: tuple[FieldChange, ...]
    former_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One of the two as far as merging asks: its relation and the pathways it has."""

    relation: Relation
    name: str
    pathways: tuple[Pathway, ...]

    def not_over(self) -> Pathway | None:
        return next((one for one in self.pathways if not one.is_over()), None)


def check_merge(stays: Record, goes: Record, actor: Actor) -> Pathway | None:
    """The draft that is left behind, where both have a pathway that is not over.

    A draft is the buyer's own paper, and gives way to what the supplier knows of. Raises
    MergeRefused where neither is a draft, where the one that stays has ended while the other has
    not, and for a record with itself.
    """
    check(actor, BUYER)
    if stays.relation.id == goes.relation.id:
        raise MergeRefused(reason="same")
    if stays.relation.ended_on is not None and goes.relation.ended_on is None:
        raise MergeRefused(reason="stays-ended", name=stays.name)
    one, other = stays.not_over(), goes.not_over()
    if one is None or other is None:
        return None
    for pathway in (other, one):
        if pathway.state is PathwayState.DRAFT:
            return pathway
    raise MergeRefused(reason="two-pathways", stays=stays.name, goes=goes.name)


def kept_values(
    stays: Mapping[str, Any], goes: Mapping[str, Any], others: Iterable[str]
) -> dict[str, Any]:
    """The data of the one that stays: its own, or the other's where that was chosen.

    What the one that stays does not say, the other fills in.
    """
    taken = set(others)
    return {
        field: goes[field] if field in taken or stays[field] in (None, "") else stays[field]
        for field in CHOSEN
    }


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Where both say something and it is not the same."""
    return tuple(
        field
        for field in CHOSEN
        if one[field] != other[field]
        and one[field] not in (None, "")
        and other[field] not in (None, "")
    )


def joined(stays: Lines, goes: Lines, *, add_up: bool) -> Lines:
    """The lines of both. Of a division that both have, the one that stays fills in what is known.

    What was bought there in one year is the sum where that was chosen, else the figure of the one
    that stays.
    """
    lines = {line.key: line for line in stays}
    for line in goes:
        there = lines.get(line.key)
        lines[line.key] = line if there is None else _both(there, line, add_up)
    return in_order(lines.values())


def shared_spend(one: Lines, other: Lines) -> list[tuple[Decimal, Decimal]]:
    """What both hold of one division in the same year: the amount of each."""
    mine, theirs = (
        {(line.key, each.year): each.amount for line in lines for each in line.spend}
        for lines in (one, other)
    )
    return [(amount, theirs[key]) for key, amount in mine.items() if key in theirs]


def _both(there: DivisionLine, line: DivisionLine, add_up: bool) -> DivisionLine:
    amounts = {one.year: one.amount for one in there.spend}
    for one in line.spend:
        known = amounts.get(one.year)
        if known is None or add_up:
            there = there.bought(one.year, one.amount + (known or 0))
    return replace(
        there,
        buyer_id=there.buyer_id or line.buyer_id,
        contract=there.contract or line.contract,
        contract_ends_on=there.contract_ends_on or line.contract_ends_on,
    )
