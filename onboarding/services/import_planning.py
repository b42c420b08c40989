"""Compares a list with what is known: what each of its rows would do, or why it cannot be taken.

A row is about the supplier with its KvK number, else with its own number (`id-17`) or creditor
number, else with exactly its name. A column that is not there leaves its field alone; an empty
cell empties it, but never takes a KvK number or country away. Creditor numbers only come along.
"""

import re
from collections.abc import Mapping
from typing import Any

from onboarding.domain.imports import ImportPlan, Outcome, RowMistake, RowPlan, Sheet
from onboarding.domain.suppliers import CreditorNumber, changes, clean, creditor_numbers_from
from onboarding.i18n.countries import country_code
from onboarding.services.list_cells import cells_of, extra_cells, mistake_in, unused_headers
from onboarding.store.imports import Known

OWN_ID = re.compile(r"(?i)(?:id-)?(\d{1,15})(?:\.0)?")
Buyers = Mapping[str, int]


class RowWrong(Exception):
    """A row cannot be taken; the field at fault, the reason and its facts."""

    def __init__(self, field: str, reason: str, **facts: Any) -> None:
        super().__init__(field, reason)
        self.field, self.reason, self.facts = field, reason, facts


def plan_import(
    sheet: Sheet, places: Mapping[str, int], known: Known, buyers: Buyers
) -> ImportPlan:
    """What taking the list would do, row by row; `buyers` maps address or name to a person."""
    planner = Planner(sheet, places, known, buyers)
    rows = tuple(
        planner.plan_row(number, row) for number, row in zip(sheet.numbers, sheet.rows, strict=True)
    )
    return ImportPlan(rows, unused_headers(sheet, places))


class Planner:
    """Goes through the rows in order and remembers which supplier had its row already."""

    def __init__(
        self, sheet: Sheet, places: Mapping[str, int], known: Known, buyers: Buyers
    ) -> None:
        self.sheet, self.places, self.known, self.buyers = sheet, places, known, buyers
        self.seen: dict[tuple[str, object], int] = {}

    def plan_row(self, number: int, row: tuple[str, ...]) -> RowPlan:
        cells = cells_of(row, self.places)
        given, mistakes = self._given(cells)
        mistakes += extra_cells(self.sheet, row)
        cleaned = clean(given)
        mistakes += [self._mistake(m.facts["field"], cells, m.facts) for m in cleaned.mistakes]
        values = dict(cleaned.values)
        relation_id = None
        if not mistakes:
            try:
                relation_id = self._supplier(cells, values)
                self._check_once(number, relation_id, values)
            except RowWrong as wrong:
                facts = {"reason": wrong.reason, **wrong.facts}
                mistakes.append(self._mistake(wrong.field, cells, facts))
        if mistakes:
            return RowPlan(
                number=number,
                outcome=Outcome.WRONG,
                name=cells.get("name", ""),
                values={},
                mistakes=tuple(mistakes),
                repaired={},
            )
        return self._outcome(number, relation_id, values, cleaned.repaired)

    def _outcome(
        self,
        number: int,
        relation_id: int | None,
        values: dict[str, Any],
        repaired: Mapping[str, str],
    ) -> RowPlan:
        before = {} if relation_id is None else self.known.values[relation_id]
        changed = changes(before, values) if relation_id is not None else ()
        outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
        return RowPlan(
            number=number,
            outcome=Outcome.NEW if relation_id is None else outcome,
            name=values.get("name") or before["name"],
            relation_id=relation_id,
            values=values,
            changed=changed,
            repaired=repaired,
        )

    def _given(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[RowMistake]]:
        """The cells as `clean` takes them, and what stands in the way of that."""
        given: dict[str, Any] = {f: cell for f, cell in cells.items() if f not in ("id", "buyer")}
        mistakes = []
        if not given.get("kvk_number"):
            given.pop("kvk_number", None)
        if country := given.pop("country", ""):
            given["country"] = country_code(country)
            if given["country"] is None:
                facts = {"reason": "not-a-country", "given": country}
                mistakes.append(self._mistake("country", cells, facts))
                del given["country"]
        if "creditor_numbers" in given:
            given["creditor_numbers"] = creditor_numbers_from(given["creditor_numbers"])
        if "buyer" in cells:
            buyer = cells["buyer"].casefold()
            given["buyer_id"] = self.buyers.get(buyer)
            if buyer and given["buyer_id"] is None:
                facts = {"reason": "not-a-buyer", "given": cells["buyer"]}
                mistakes.append(self._mistake("buyer", cells, facts))
        return given, mistakes

    def _supplier(self, cells: Mapping[str, str], values: dict[str, Any]) -> int | None:
        """The supplier that the row is about, None for a new one. Completes the values."""
        known, kvk_number = self.known, values.get("kvk_number")
        found = known.by_kvk_number.get(kvk_number or "")
        if found is None and kvk_number in known.by_former_number:
            found = known.by_former_number[kvk_number]
            del values["kvk_number"]  # the old number leads to the supplier, and stays old
        own = self._own(cells)
        if found is not None and own is not None and own != found:
            raise RowWrong("id", "another-supplier", name=known.values[found]["name"])
        if found is None:
            found = own
        if found is None:
            found = self._by_creditor_number(values)
        if found is None:
            found = self._by_name(values)
        if found is None:
            if not values.get("name"):
                raise RowWrong("name", "required")
            return None
        if "creditor_numbers" in values:
            held: set[CreditorNumber] = set(known.values[found]["creditor_numbers"])
            values["creditor_numbers"] = tuple(sorted(held | set(values["creditor_numbers"])))
        return found

    def _own(self, cells: Mapping[str, str]) -> int | None:
        text = cells.get("id", "")
        if not text:
            return None
        match = OWN_ID.fullmatch(text)
        if match is None or int(match[1]) not in self.known.values:
            raise RowWrong("id", "unknown-id", given=text)
        return int(match[1])

    def _by_creditor_number(self, values: Mapping[str, Any]) -> int | None:
        numbers = values.get("creditor_numbers", ())
        found = {one for n in numbers for one in self.known.by_creditor_number.get(n.number, ())}
        if len(found) > 1:
            raise RowWrong("creditor_numbers", "several-suppliers")
        return next(iter(found), None)

    def _by_name(self, values: Mapping[str, Any]) -> int | None:
        """By name only where one side has no number: two companies can have one name."""
        same = self.known.by_name.get(values.get("name", ""), [])
        if values.get("kvk_number"):
            country = values.get("country", "NL")
            held = (self.known.values[one] | {"id": one} for one in same)
            same = [
                one["id"] for one in held if not one["kvk_number"] and one["country"] == country
            ]
        if len(same) > 1:
            raise RowWrong("name", "several-suppliers")
        return same[0] if same else None

    def _check_once(self, number: int, relation_id: int | None, values: Mapping[str, Any]) -> None:
        """A supplier has one row: a later one is a mistake of the list."""
        keys: list[tuple[str, object]] = []
        if values.get("kvk_number"):
            keys.append(("kvk_number", values["kvk_number"]))
        if relation_id is not None:
            keys.append(("name", relation_id))
        elif not keys:
            keys.append(("name", values["name"]))
        for field, key in keys:
            if (field, key) in self.seen:
                raise RowWrong(field, "twice", row=self.seen[field, key])
        self.seen |= {key: number for key in keys}

    def _mistake(
        self, field: str, cells: Mapping[str, str], facts: Mapping[str, Any]
    ) -> RowMistake:
        column = "buyer" if field == "buyer_id" else field
        return mistake_in(self.sheet, self.places, column, cells, facts)
