"""Where in the customer's organisation a supplier belongs: which division buys what, and how much.

A supplier has a line for each division that buys from it and, where wanted, for each of its sites.
What is told of the supplier as a whole (its main division, contract and spend per year) follows
from its lines. Where there is one line or none, the whole and the line are the same thing, and
what is said of the one is said of the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from onboarding.domain.errors import InputInvalid

# What can be said of a supplier as a whole, and then concerns its only line.
OF_THE_WHOLE = ("division", "spend", "contract")


@dataclass(frozen=True, slots=True, order=True)
class Spend:
    """What was bought in a calendar year, in euros."""

    year: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionLine:
    """What one division buys from a supplier, on one of its sites or on all of them.

    An empty division is the customer as a whole, an empty site all sites. `buyer_id` is who buys
    there, `contract_ends_on` the contract's last day, `spend` a year each, the latest first.
    """

    division: str = ""
    site: str = ""
    buyer_id: int | None = None
    contract: str | None = None
    contract_ends_on: date | None = None
    spend: tuple[Spend, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.division, self.site

    @property
    def per_year(self) -> Decimal | None:
        """What was bought in the latest year that is known."""
        return self.spend[0].amount if self.spend else None

    def says_nothing(self) -> bool:
        return self == DivisionLine()

    def bought(self, year: int, amount: Decimal | None) -> "DivisionLine":
        """With this amount for the year; without that year where there is none."""
        others = [one for one in self.spend if one.year != year]
        added = [] if amount is None else [Spend(year, amount)]
        return replace(self, spend=tuple(sorted([*others, *added], reverse=True)))

    def __str__(self) -> str:
        return " / ".join(part for part in self.key if part)


Lines = tuple[DivisionLine, ...]


def in_order(lines: Iterable[DivisionLine]) -> Lines:
    """The line with the highest spend first; one that says nothing is left out."""
    told = (line for line in lines if not line.says_nothing())
    return tuple(sorted(told, key=lambda one: (-(one.per_year or Decimal(-1)), *one.key)))


def the_whole(lines: Lines) -> dict[str, Any]:
    """The main division, its contract, and the spend per year of all lines together.

    Of each line the latest year counts, so that the sum does not collapse when the first line
    gets the figure of a new year.
    """
    amounts = [line.per_year for line in lines if line.per_year is not None]
    return {
        "division": next((line.division for line in lines if line.division), None),
        "spend": sum(amounts, Decimal(0)) if amounts else None,
        "contract": next((line.contract for line in lines if line.contract), None),
    }


def settled(values: Mapping[str, Any], before: Lines, year: int) -> dict[str, Any]:
    """The values with all that concerns lines as `divisions`, where that differs from before.

    What is said of the whole as it stands is no change. An amount without a year is that of
    `year`. Raises InputInvalid where the whole cannot be divided among several lines, or is not
    what the lines given come to.
    """
    stood = the_whole(before)
    said = {name: values[name] for name in OF_THE_WHOLE if name in values}
    said = {name: value for name, value in said.items() if value != stood[name]}
    rest = {
        name: value for name, value in values.items() if name not in (*OF_THE_WHOLE, "divisions")
    }
    lines = in_order(values["divisions"]) if "divisions" in values else before
    if lines != before:
        comes_to = the_whole(lines)
        for name, value in said.items():
            if value != comes_to[name]:
                raise InputInvalid(field=name, reason="differs-from-divisions")
    elif said:
        lines = _of_the_only_line(before, said, year)
    return rest if lines == before else {**rest, "divisions": lines}


def with_line(lines: Lines, line: DivisionLine, instead_of: tuple[str, str] | None = None) -> Lines:
    """The lines with this one, in the place of another where it had another key.

    Raises InputInvalid where there is a line for the same division and site already.
    """
    others = [one for one in lines if one.key != instead_of]
    if any(one.key == line.key for one in others):
        raise InputInvalid(field="division", reason="division-known", given=str(line))
    return in_order([*others, line])


def differences(before: Lines, after: Lines) -> Iterator[tuple[str, str, Any, Any]]:
    """What differs, as (field, about which division, was, becomes)."""
    for was, line in _pairs(before, after):
        blank = _blank(was or line or DivisionLine())
        old, new = was or blank, line or blank
        about = str(new)
        if (was is None or line is None) and about:
            yield "divisions", "", str(was or "") or None, str(line or "") or None
        for field in ("division", "site"):
            if getattr(old, field) != getattr(new, field):
                yield field, "", getattr(old, field) or None, getattr(new, field) or None
        for field in ("buyer_id", "contract", "contract_ends_on"):
            if getattr(old, field) != getattr(new, field):
                yield field, about, getattr(old, field), getattr(new, field)
        yield from _spend_differences(about, old, new)


def _blank(line: DivisionLine) -> DivisionLine:
    return DivisionLine(division=line.division, site=line.site)


def _pairs(
    before: Lines, after: Lines
) -> Iterator[tuple[DivisionLine | None, DivisionLine | None]]:
    """What stood and what stands, of each division and site; an only line stays the same line."""
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    had, has = ({line.key: line for line in lines} for lines in (before, after))
    for line in before:
        yield line, has.get(line.key)
    for line in after:
        if line.key not in had:
            yield None, line


def _spend_differences(
    about: str, was: DivisionLine, line: DivisionLine
) -> Iterator[tuple[str, str, Any, Any]]:
    old, new = ({one.year: one.amount for one in each.spend} for each in (was, line))
    for year in sorted({*old, *new}, reverse=True):
        if old.get(year) != new.get(year):
            told = f"{about}, {year}" if about else str(year)
            yield "spend", told, old.get(year), new.get(year)


def _of_the_only_line(before: Lines, said: Mapping[str, Any], year: int) -> Lines:
    """What is said of the whole, put in the one line that there is, or in a first one."""
    if len(before) > 1:
        raise InputInvalid(field=next(iter(said)), reason="several-divisions")
    line = before[0] if before else DivisionLine()
    if "division" in said:
        line = replace(line, division=said["division"] or "")
    if "contract" in said:
        line = replace(line, contract=said["contract"])
    if "spend" in said:
        amount = said["spend"]
        line = replace(line, spend=()) if amount is None else line.bought(year, amount)
    return in_order([line])
