"""Compares a list with what is known: what each of its rows would do, or why it cannot be taken.

A column that is not there leaves its field alone; an empty cell empties it, but never takes a KvK
number or country away. Creditor numbers and divisions only come along: a supplier may have a row
for each of its divisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from onboarding.domain.errors import InputInvalid
from onboarding.domain.imports import ImportPlan, Outcome, RowMistake, RowPlan, Sheet
from onboarding.domain.suppliers import changes, clean
from onboarding.i18n.countries import country_code
from onboarding.services.lists.cells import cells_of, extra_cells, mistake_in, unused_headers
from onboarding.services.lists.import_cells import creditor_numbers_in, yes_or_no
from onboarding.services.lists.import_divisions import (
    LineGiven,
    applied,
    is_about_a_line,
    numbers_of_division,
    read_line,
)
from onboarding.services.lists.import_matching import RowWrong, find_supplier
from onboarding.store.imports import Known

Buyers = Mapping[str, int]


@dataclass(slots=True)
class Seen:
    """A supplier that had a row already: the first one, which lines, and how it then stands."""

    number: int
    stands: dict[str, Any]
    lines: set[tuple[str, str]] = field(default_factory=set)


def plan_import(
    sheet: Sheet, places: Mapping[str, int], known: Known, buyers: Buyers, year: int
) -> ImportPlan:
    """What taking the list would do, row by row; `buyers` maps address or name to a person.

    An amount without a year is that of `year`.
    """
    planner = Planner(sheet, places, known, buyers, year)
    rows = [
        planner.plan_row(number, row) for number, row in zip(sheet.numbers, sheet.rows, strict=True)
    ]
    whole = tuple(planner.whole(row) for row in rows)
    return ImportPlan(whole, unused_headers(sheet, places))


class Planner:
    """Goes through the rows in order and remembers which supplier had its row already."""

    def __init__(
        self, sheet: Sheet, places: Mapping[str, int], known: Known, buyers: Buyers, year: int
    ) -> None:
        self.sheet, self.places, self.known = sheet, places, known
        self.buyers, self.year = buyers, year
        self.seen: dict[object, Seen] = {}
        self.numbers: dict[str, Seen] = {}
        self.new: dict[int, Seen] = {}

    def plan_row(self, number: int, row: tuple[str, ...]) -> RowPlan:
        cells = cells_of(row, self.places)
        given, mistakes = self._given(cells)
        mistakes += extra_cells(self.sheet, row)
        cleaned = clean(given)
        line, wrong_cells = read_line(cells, self.buyers)
        refused = [m for m in cleaned.mistakes if not self._is_told_above(m, cleaned.values)]
        refused += wrong_cells
        mistakes += [self._mistake(m.facts["field"], cells, m.facts) for m in refused]
        values = dict(cleaned.values)
        if not mistakes:
            try:
                relation_id = self._supplier(cells, values)
                return self._planned(number, relation_id, values, line, cleaned.repaired)
            except RowWrong as wrong:
                facts = {"reason": wrong.reason, **wrong.facts}
                mistakes.append(self._mistake(wrong.field, cells, facts))
            except InputInvalid as invalid:
                mistakes.append(self._mistake(invalid.facts["field"], cells, invalid.facts))
        return RowPlan(
            number=number,
            outcome=Outcome.WRONG,
            name=cells.get("name", ""),
            values={},
            mistakes=tuple(mistakes),
            repaired={},
        )

    def whole(self, row: RowPlan) -> RowPlan:
        """The first row of a new supplier, with what its other rows brought along."""
        return replace(row, values=self.new[row.number].stands) if row.number in self.new else row

    def _planned(
        self,
        number: int,
        relation_id: int | None,
        values: dict[str, Any],
        line: LineGiven,
        repaired: Mapping[str, str],
    ) -> RowPlan:
        before = {} if relation_id is None else self.known.values[relation_id]
        seen = self._seen(relation_id, values)
        if seen is not None:
            before = seen.stands
            values = self._joining(seen, values, line)
        numbers, lines = before.get("creditor_numbers", ()), before.get("divisions", ())
        if "creditor_numbers" in values:
            given = values["creditor_numbers"]
            if line.names_a_line:
                given = numbers_of_division(given, line.key[0], numbers)
            values["creditor_numbers"] = tuple(sorted({*numbers, *given}))
        if any(is_about_a_line(name) for name in self.places):
            apart = seen is not None and ("", "") in seen.lines
            values["divisions"] = applied(lines, line, self.year, told_apart=apart)
        changed = changes(before, values) if relation_id is not None else ()
        outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
        stands = seen or self._first(number, relation_id, values)
        stands.stands = {**before, **values}
        stands.lines.add(line.key)
        return RowPlan(
            number=number,
            outcome=Outcome.NEW if relation_id is None else outcome,
            name=stands.stands["name"],
            relation_id=relation_id,
            joins=seen.number if seen and relation_id is None else None,
            division=" / ".join(part for part in line.key if part),
            values=values,
            changed=changed,
            repaired=repaired,
        )

    def _given(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[RowMistake]]:
        """The cells as `clean` takes them, and what stands in the way of that."""
        given: dict[str, Any] = {
            f: cell
            for f, cell in cells.items()
            if f not in ("id", "buyer") and ":" not in f and not is_about_a_line(f)
        }
        mistakes = []
        if not given.get("kvk_number"):
            given.pop("kvk_number", None)
        if country := given.pop("country", ""):
            given["country"] = country_code(country)
            if given["country"] is None:
                facts = {"reason": "not-a-country", "given": country}
                mistakes.append(self._mistake("country", cells, facts))
                del given["country"]
        if any(name.startswith("creditor_numbers") for name in cells):
            given["creditor_numbers"] = tuple(creditor_numbers_in(cells))
        if "has_no_alternative" in given:
            try:
                said = given.pop("has_no_alternative")
                given["has_no_alternative"] = yes_or_no("has_no_alternative", said)
            except InputInvalid as mistake:
                mistakes.append(self._mistake("has_no_alternative", cells, mistake.facts))
        if "buyer" in cells:
            buyer = cells["buyer"].casefold()
            given["buyer_id"] = self.buyers.get(buyer)
            if buyer and given["buyer_id"] is None:
                facts = {"reason": "not-a-buyer", "given": cells["buyer"]}
                mistakes.append(self._mistake("buyer", cells, facts))
        return given, mistakes

    def _supplier(self, cells: Mapping[str, str], values: dict[str, Any]) -> int | None:
        """The supplier that the row is about, None for a new one, which needs a name."""
        found = find_supplier(self.known, cells, values)
        is_named = values.get("name") or values.get("kvk_number") in self.numbers
        if found is None and not is_named:
            raise RowWrong("name", "required")
        return found

    def _is_told_above(self, mistake: InputInvalid, values: Mapping[str, Any]) -> bool:
        """A later row of a supplier need not name it again."""
        is_named = mistake.facts["field"] == "name" and mistake.facts["reason"] == "required"
        return is_named and values.get("kvk_number") in self.numbers

    def _seen(self, relation_id: int | None, values: Mapping[str, Any]) -> Seen | None:
        """Whether an earlier row was about this supplier. A number belongs to one of them."""
        seen = self.seen.get(_identity(relation_id, values))
        of_number = self.numbers.get(values.get("kvk_number") or "")
        if of_number is not None and of_number is not seen:
            raise RowWrong("kvk_number", "twice", row=of_number.number)
        return seen

    def _first(self, number: int, relation_id: int | None, values: Mapping[str, Any]) -> Seen:
        seen = Seen(number, {})
        self.seen[_identity(relation_id, values)] = seen
        if values.get("kvk_number"):
            self.numbers[values["kvk_number"]] = seen
        if relation_id is None:
            self.new[number] = seen
        return seen

    def _joining(self, seen: Seen, values: dict[str, Any], line: LineGiven) -> dict[str, Any]:
        """What a later row of a supplier brings along: another division, and its numbers.

        Without a division of its own it is a mistake of the list; so is what it says otherwise.
        """
        known = {one.key for one in seen.stands.get("divisions", ())}
        if line.key in seen.lines or not (line.names_a_line or line.key in known):
            at = "kvk_number" if values.get("kvk_number") else "name"
            raise RowWrong(at, "twice", row=seen.number)
        for name, value in values.items():
            if name != "creditor_numbers" and value and value != seen.stands.get(name):
                raise RowWrong(name, "differs", row=seen.number)
        return {name: value for name, value in values.items() if name == "creditor_numbers"}

    def _mistake(
        self, field: str, cells: Mapping[str, str], facts: Mapping[str, Any]
    ) -> RowMistake:
        column = "buyer" if field == "buyer_id" else field
        return mistake_in(self.sheet, self.places, column, cells, facts)


def _identity(relation_id: int | None, values: Mapping[str, Any]) -> object:
    """A known supplier by its relation, a new one by its number, else by its name."""
    if relation_id is not None:
        return relation_id
    if foreign := values.get("foreign_number"):
        return values.get("country", "NL"), foreign
    return values.get("kvk_number") or ("name", values["name"])
