"""Which supplier a row of a list is about.

That with its KvK number, also one that it had before; else with its own number (`id-17`), its
number in a register abroad or its creditor number; else with exactly its name.
"""

import re
from collections.abc import Mapping
from typing import Any

from onboarding.store.imports import Known

OWN_ID = re.compile(r"(?i)(?:id-)?(\d{1,15})(?:\.0)?")


class RowWrong(Exception):
    """A row cannot be taken; the field at fault, the reason and its facts."""

    def __init__(self, field: str, reason: str, **facts: Any) -> None:
        super().__init__(field, reason)
        self.field, self.reason, self.facts = field, reason, facts


def find_supplier(known: Known, cells: Mapping[str, str], values: dict[str, Any]) -> int | None:
    """The supplier that the row is about, None where it is not known.

    Takes a number from the values that the supplier left behind: it leads there, and stays old.
    Raises RowWrong where the row could be about several.
    """
    kvk_number = values.get("kvk_number")
    found = known.by_kvk_number.get(kvk_number or "")
    if found is None and kvk_number in known.by_former_number:
        found = known.by_former_number[kvk_number]
        del values["kvk_number"]
    own = _own(known, cells)
    if found is not None and own is not None and own != found:
        raise RowWrong("id", "another-supplier", name=known.values[found]["name"])
    if found is None:
        found = own
    abroad = _by_foreign_number(known, values)
    if found is not None and abroad not in (None, found):
        raise RowWrong("foreign_number", "number-known", name=known.values[abroad]["name"])
    if found is None:
        found = abroad
    if found is None:
        found = _by_creditor_number(known, values)
    if found is None:
        found = _by_name(known, values)
    return found


def _own(known: Known, cells: Mapping[str, str]) -> int | None:
    text = cells.get("id", "")
    if not text:
        return None
    match = OWN_ID.fullmatch(text)
    number = int(match[1]) if match else 0
    found = known.by_former_id.get(number, number)
    if found not in known.values:
        raise RowWrong("id", "unknown-id", given=text)
    return found


def _by_foreign_number(known: Known, values: Mapping[str, Any]) -> int | None:
    """The same number can stand in the registers of two countries."""
    found = known.by_foreign_number.get(values.get("foreign_number") or "", ())
    country = values.get("country")
    there = [one for one in found if country in (None, known.values[one]["country"])]
    if len(there) > 1:
        raise RowWrong("foreign_number", "several-suppliers")
    return there[0] if there else None


def _by_creditor_number(known: Known, values: Mapping[str, Any]) -> int | None:
    numbers = values.get("creditor_numbers", ())
    found = {one for n in numbers for one in known.by_creditor_number.get(n.number, ())}
    if len(found) > 1:
        raise RowWrong("creditor_numbers", "several-suppliers")
    return next(iter(found), None)


def _by_name(known: Known, values: Mapping[str, Any]) -> int | None:
    """By name only where one side has no number: two companies can have one name."""
    same = known.by_name.get(values.get("name", ""), [])
    if foreign := values.get("foreign_number"):
        numbers = {one: known.values[one]["foreign_number"] for one in same}
        same = [one for one in same if numbers[one] in (None, foreign)]
    if values.get("kvk_number"):
        country = values.get("country", "NL")
        held = (known.values[one] | {"id": one} for one in same)
        same = [one["id"] for one in held if not one["kvk_number"] and one["country"] == country]
    if len(same) > 1:
        raise RowWrong("name", "several-suppliers")
    return same[0] if same else None
