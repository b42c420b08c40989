"""What a row of a list says of one division: read from its cells, and put among the lines.

A row that names a division or a site is about that line; it adds or changes it and takes no other
away. A row that names none is about the supplier as a whole.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from onboarding.domain.divisions import DivisionLine, Lines, in_order, settled
from onboarding.domain.errors import InputInvalid
from onboarding.domain.suppliers import CreditorNumber, amount_from, clean_line

FIELDS = frozenset({"division", "site", "division_buyer", "contract", "contract_ends_on", "spend"})
DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class LineGiven:
    """What the cells of a row say; `fields` are those of the line whose columns are there.

    `spend` are amounts by year, None in a year's empty cell. An amount without a year stands in
    `fields`, as "spend".
    """

    key: tuple[str, str] = ("", "")
    fields: Mapping[str, Any] = field(default_factory=dict)
    spend: Mapping[int, Decimal | None] = field(default_factory=dict)

    @property
    def names_a_line(self) -> bool:
        return self.key != ("", "")


def is_about_a_line(name: str) -> bool:
    return name in FIELDS or name.startswith("spend:")


def read_line(
    cells: Mapping[str, str], buyers: Mapping[str, int]
) -> tuple[LineGiven, list[InputInvalid]]:
    """What the cells say, and those that cannot be used; each mistake names its column."""
    mistakes: list[InputInvalid] = []
    spend: dict[int, Decimal | None] = {}
    fields: dict[str, Any] = {}
    for name in [name for name in cells if is_about_a_line(name)]:
        try:
            if name.startswith("spend:"):
                spend[int(name.removeprefix("spend:"))] = amount_from(cells[name])
            elif name not in ("division", "site"):
                fields[LINE_FIELD.get(name, name)] = READERS[name](cells[name], buyers)
        except InputInvalid as mistake:
            rest = {key: value for key, value in mistake.facts.items() if key != "field"}
            mistakes.append(InputInvalid(field=name, **rest))
    try:
        named = clean_line(
            DivisionLine(division=cells.get("division", ""), site=cells.get("site", ""))
        )
        fields |= _line_of_contract(fields)
    except InputInvalid as mistake:
        return LineGiven(), [*mistakes, mistake]
    return LineGiven(named.key, fields, spend), mistakes


def applied(before: Lines, given: LineGiven, year: int, *, told_apart: bool = False) -> Lines:
    """The lines with what the row says of one of them.

    A supplier's only line without a division gets the one that is named, unless they are
    `told_apart`: a row of the list was about that line. Raises InputInvalid where the row names
    no division and the supplier has several.
    """
    if not given.names_a_line and len(before) > 1 and ("", "") not in [one.key for one in before]:
        _check_the_whole(before, given, year)
        return before
    line = _meant(before, given, told_apart)
    others = [one for one in before if one is not line]
    line = line or DivisionLine()
    if given.names_a_line:
        line = replace(line, division=given.key[0], site=given.key[1])
    line = replace(line, **{k: v for k, v in given.fields.items() if k != "spend"})
    for of_year, amount in given.spend.items():
        line = line.bought(of_year, amount)
    if "spend" in given.fields and given.fields["spend"] != line.per_year:
        amount = given.fields["spend"]
        line = replace(line, spend=()) if amount is None else line.bought(year, amount)
    return in_order([*others, line])


def _check_the_whole(before: Lines, given: LineGiven, year: int) -> None:
    """What is said of the whole as it stands is no mistake; anything else has to name a line."""
    whole = {name: given.fields[name] for name in ("spend", "contract") if name in given.fields}
    settled(whole, before, year)
    other = [value for name, value in given.fields.items() if name not in whole]
    if any(value is not None for value in (*other, *given.spend.values())):
        raise InputInvalid(field="division", reason="several-divisions")


def numbers_of_division(
    numbers: tuple[CreditorNumber, ...], division: str, held: tuple[CreditorNumber, ...]
) -> tuple[CreditorNumber, ...]:
    """A number without a division is of the row's own, unless it was the whole's before."""
    return tuple(
        CreditorNumber(division, one.number) if not one.division and one not in held else one
        for one in numbers
    )


def _meant(before: Lines, given: LineGiven, told_apart: bool) -> DivisionLine | None:
    by_key = {line.key: line for line in before}
    if given.key in by_key:
        return by_key[given.key]
    only = before[0] if len(before) == 1 else None
    if only is None or (given.names_a_line and (told_apart or only.key != ("", ""))):
        return None
    return only


def _line_of_contract(fields: Mapping[str, Any]) -> dict[str, Any]:
    if "contract" not in fields:
        return {}
    return {"contract": clean_line(DivisionLine(contract=fields["contract"])).contract}


def _buyer(cell: str, buyers: Mapping[str, int]) -> int | None:
    if not cell:
        return None
    if cell.casefold() not in buyers:
        raise InputInvalid(field="division_buyer", reason="not-a-buyer", given=cell)
    return buyers[cell.casefold()]


def _day(cell: str, _buyers: Mapping[str, int]) -> date | None:
    """A day as 2027-12-31 or 31-12-2027."""
    text = cell.split("T")[0].strip()
    if not text:
        return None
    try:
        if found := DAY.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise InputInvalid(field="contract_ends_on", reason="not-a-day", given=cell) from None


LINE_FIELD = {"division_buyer": "buyer_id"}
READERS: dict[str, Any] = {
    "division_buyer": _buyer,
    "contract": lambda cell, _buyers: cell,
    "contract_ends_on": _day,
    "spend": lambda cell, _buyers: amount_from(cell),
}
