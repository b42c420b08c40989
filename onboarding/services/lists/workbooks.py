"""Workbooks (XLSX) that people open: text as text, days as days, numbers as numbers."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from onboarding.services.lists.cells import DEFUSED

Cell = str | int | Decimal | date | None
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CALCULATED = re.compile(r"[=+\-@\t\r]")
LONGEST_NAME = 31  # of a sheet, by the format


@contextmanager
def workbook() -> Iterator[tuple[io.BytesIO, "Sheets"]]:
    """A file, whole after the block, and the sheets to add to it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        yield file, Sheets(book)


class Sheets:
    """Adds sheets with a bold first row that stays in sight."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        # As text also for who types in the cell: a number keeps its zeros, a name is no formula.
        self._text = book.add_format({"num_format": "@"})
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})

    def add(self, name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        sheet = self._book.add_worksheet(name[:LONGEST_NAME])
        sheet.write_row(0, 0, headers, self._bold)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(headers) - 1, 16)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    at_midnight = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
                    sheet.write_datetime(number, place, at_midnight, self._day)
                elif isinstance(cell, int | Decimal):
                    sheet.write_number(number, place, cell)
                elif cell:
                    self._write_text(sheet, number, place, cell)

    def _write_text(self, sheet: Any, number: int, place: int, text: str) -> None:
        # Who reads a list takes a quote before such a sign for a mark: one of its own is doubled.
        kept = f"'{text}" if DEFUSED.match(text) else text
        looks_calculated = CALCULATED.match(text)
        sheet.write_string(number, place, kept, self._quoted if looks_calculated else self._text)
