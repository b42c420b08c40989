"""Looks into an XLSX file before it is read: what it unpacks to, without unpacking all of it.

A sheet can unpack a thousandfold, repeat one long text in every cell, or hold a cell in its last
row and column so that a reader makes room for billions. The zip directory tells the sizes; what
passes them is unpacked here in memory, within those sizes, and its cells are counted.
"""

import io
import re
import zipfile
import zlib

from onboarding.domain.imports import FileUnreadable

MOST_UNPACKED = 64 * 1024 * 1024
MOST_TIMES_PACKED = 100  # beyond the first megabyte; real sheets unpack five- to twentyfold
UNSUSPECTED = 1024 * 1024
MOST_TEXT = 256 * 1024 * 1024  # of all cells together, when each held the longest text
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELLS = 1_000_000
# None of these looks far ahead for an end that a hostile file leaves out.
CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*?)(/?)>")
PLACE = re.compile(rb"""\br=["']\s*\$?([A-Za-z]{1,4})\$?(\d{1,9})""")
SHARED = re.compile(rb"""\bt=["']s["']""")
END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")


def check_sizes(content: bytes) -> None:
    """Raises FileUnreadable for a file that is damaged, protected or not to be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive, len(content))
            _check_cells(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileUnreadable(reason="damaged") from error


def _check_directory(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    many_times = unpacked > UNSUSPECTED and unpacked > MOST_TIMES_PACKED * packed
    if unpacked > MOST_UNPACKED or many_times or len(entries) > 1000:
        raise FileUnreadable(reason="unpacks-too-large", times=max(unpacked // max(packed, 1), 1))
    names = {entry.filename for entry in entries}
    if not any(name.startswith("xl/") for name in names):
        raise FileUnreadable(reason="not-a-spreadsheet")


def _check_cells(archive: zipfile.ZipFile) -> None:
    """`read` stops at the size that the directory tells, and checks what it read."""
    longest = cells = shared = 0
    for entry in archive.infolist():
        if not entry.filename.endswith(".xml") or not entry.filename.startswith("xl/"):
            archive.read(entry)
            continue
        xml = archive.read(entry)
        if "sharedStrings" in entry.filename:
            longest = max(len(text) - max(text.find(b"<si"), 0) for text in END_OF_TEXT.split(xml))
        elif "/worksheets/" in entry.filename:
            for attributes, is_empty in CELL.findall(xml):
                cells += 1
                shared += SHARED.search(attributes) is not None
                place = PLACE.search(attributes)
                if place and not is_empty:
                    _check_place(place[1], int(place[2]))
    if cells > MOST_CELLS or longest * shared > MOST_TEXT:
        raise FileUnreadable(reason="too-many-cells", most=MOST_CELLS)


def _check_place(letters: bytes, row: int) -> None:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    if row > MOST_ROWS:
        raise FileUnreadable(reason="too-many-rows", most=MOST_ROWS)
    if column > MOST_COLUMNS:
        raise FileUnreadable(reason="too-many-columns", most=MOST_COLUMNS)
