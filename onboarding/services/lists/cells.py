"""The cells of a row: found by the columns of their fields, and named where one is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from onboarding.domain.imports import RowMistake, Sheet

DEFUSED = re.compile(r"'+[=+\-@\t\r]")
Cells = dict[str, str]


def cells_of(row: tuple[str, ...], places: Mapping[str, int]) -> Cells:
    """The cells by field; a short row lacks its last ones."""
    return {field: restored(row[place]) for field, place in places.items() if place < len(row)}


def extra_cells(sheet: Sheet, row: tuple[str, ...]) -> list[RowMistake]:
    """What stands beyond the last column: a separator in a text that has no quotes."""
    width = len(sheet.headers)
    if not any(row[width:]):
        return []
    extra = " | ".join(cell for cell in row[width:] if cell)
    return [RowMistake(column="", cell=extra, reason="too-many-cells", facts={})]


def mistake_in(
    sheet: Sheet,
    places: Mapping[str, int],
    column: str,
    cells: Mapping[str, str],
    facts: Mapping[str, Any],
) -> RowMistake:
    """What is wrong in the column of a field, named by its header where the list has one."""
    place = places.get(column)
    header = sheet.headers[place] if place is not None else ""
    rest = {name: value for name, value in facts.items() if name not in ("field", "reason")}
    return RowMistake(
        column=header or column,
        cell=cells.get(column, ""),
        reason=str(facts["reason"]),
        facts=rest,
    )


def unused_headers(sheet: Sheet, places: Mapping[str, int]) -> tuple[str, ...]:
    """The names of columns that no field took."""
    taken = set(places.values())
    return tuple(h for place, h in enumerate(sheet.headers) if h and place not in taken)


def restored(cell: str) -> str:
    """The text of a cell without the mark that our export puts before `=`, `+`, `-` and `@`."""
    return cell[1:] if DEFUSED.match(cell) else cell


def defused(text: str) -> str:
    """The text so that a spreadsheet program shows it and does not calculate it."""
    return f"'{text}" if DEFUSED.match(f"'{text}") else text
