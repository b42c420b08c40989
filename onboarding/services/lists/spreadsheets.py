"""Reads a list as spreadsheet programs save it: CSV in any usual form, or XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from onboarding.domain.imports import FileUnreadable, Sheet
from onboarding.services.lists.columns import Columns
from onboarding.services.lists.xlsx_sizes import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, check_sizes

LARGEST_FILE = 10 * 1024 * 1024
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ";,\t"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
HEADER_WITHIN = 10  # rows: titles may stand above the names of the columns
Row = tuple[str, ...]


def read_sheet(content: bytes, columns: Columns) -> Sheet:
    """The list in a file; the names of its columns stand in the row that has most of `columns`.

    Raises FileUnreadable, with the reason and the way out.
    """
    if len(content) > LARGEST_FILE:
        raise FileUnreadable(reason="too-large", most=LARGEST_FILE // 1024 // 1024)
    if content.startswith(OLD_EXCEL):
        raise FileUnreadable(reason="old-excel")
    is_xlsx = content.startswith(ZIP)
    rows = _xlsx_rows(content) if is_xlsx else _csv_rows(_decoded(content), columns)
    return _sheet(rows, columns)


def _sheet(rows: Iterable[Row], columns: Columns) -> Sheet:
    kept: list[tuple[int, Row]] = []
    cells = 0
    for number, row in enumerate(rows, start=1):
        if not any(row):
            continue
        cells += len(row)
        if number > MOST_ROWS:
            raise FileUnreadable(reason="too-many-rows", most=MOST_ROWS)
        if len(row) > MOST_COLUMNS:
            raise FileUnreadable(reason="too-many-columns", most=MOST_COLUMNS)
        if cells > MOST_CELLS:
            raise FileUnreadable(reason="too-many-cells", most=MOST_CELLS)
        kept.append((number, row))
    if not kept:
        raise FileUnreadable(reason="empty")
    head = _header_place([row for _, row in kept[:HEADER_WITHIN]], columns)
    headers = list(kept[head][1])
    while headers and not headers[-1]:
        headers.pop()
    return Sheet(
        headers=tuple(headers),
        rows=tuple(row for _, row in kept[head + 1 :]),
        numbers=tuple(number for number, _ in kept[head + 1 :]),
    )


def _header_place(rows: list[Row], columns: Columns) -> int:
    """The row with the most known names of columns; the first where there is none."""
    known = [sum(columns.knows(cell) for cell in row) for row in rows]
    return known.index(max(known))


def _decoded(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16, else what Windows writes. Raises FileUnreadable."""
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise FileUnreadable(reason="empty")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        elif b"\x00" in content[:200]:
            start = content[:200]
            text = content.decode("utf-16-le" if start[1::2].count(0) else "utf-16-be")
        else:
            text = _utf8_or_windows(content)
    except UnicodeDecodeError as error:
        raise FileUnreadable(reason="not-a-spreadsheet") from error
    if CONTROL.search(text):
        raise FileUnreadable(reason="not-a-spreadsheet")
    return text


def _utf8_or_windows(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _csv_rows(text: str, columns: Columns) -> Iterator[Row]:
    if text.lstrip()[:200].lower().startswith(("%pdf", "{\\rtf", "<!doctype", "<html", "<?xml")):
        raise FileUnreadable(reason="not-a-spreadsheet")
    if text[:6].lower().startswith("sep=") and "\n" in text:
        text = text.split("\n", 1)[1]  # a line for Excel
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True
    )
    try:
        for row in reader:
            yield tuple(cell.strip() for cell in row)
    except csv.Error as error:
        raise FileUnreadable(reason="quote-not-closed", line=reader.line_num) from error


def _delimiter(text: str, columns: Columns) -> str:
    """The sign that most often stands outside quotes in the first line that has one.

    A line that is the name of a column as a whole has none: the list has one column.
    """
    for line in text.splitlines()[:HEADER_WITHIN]:
        if columns.knows(line) and not any(sign in line for sign in DELIMITERS):
            return ";"
        bare = re.sub(r'"[^"]*"', "", line)
        counts = {sign: bare.count(sign) for sign in DELIMITERS}
        if any(counts.values()):
            return max(counts, key=lambda sign: counts[sign])
    return ";"


def _xlsx_rows(content: bytes) -> Iterator[Row]:
    check_sizes(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            if not workbook.sheet_names:
                raise FileUnreadable(reason="empty")
            sheet = workbook.get_sheet_by_index(0)
            for row in sheet.to_python(skip_empty_area=False):
                yield tuple(_text(cell) for cell in row)
    except (CalamineError, ValueError, OSError) as error:
        raise FileUnreadable(reason="damaged") from error


def _text(cell: object) -> str:
    """A cell as text: whole numbers without their `.0`, days in ISO 8601."""
    match cell:
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell).strip()
