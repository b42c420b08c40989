"""Lists are read as spreadsheet programs save them; what cannot be read says why."""

import io
import zipfile

import pytest

from onboarding.domain.imports import FileUnreadable, Sheet
from onboarding.services.lists import spreadsheets
from onboarding.services.lists.import_columns import SUPPLIER_COLUMNS
from tests import lists

ROWS = ("Leverancier;KvK-nummer", "Café Zoë & Zn;02076358", '"De ""Beste""; B.V.";17037842')
READ = (("Café Zoë & Zn", "02076358"), ('De "Beste"; B.V.', "17037842"))


def read_sheet(content: bytes) -> Sheet:
    return spreadsheets.read_sheet(content, SUPPLIER_COLUMNS)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16", "utf-16-le"])
def test_a_csv_is_read_in_every_encoding(encoding: str, end: str) -> None:
    sheet = read_sheet(lists.a_csv(*ROWS, encoding=encoding, end=end))
    assert sheet.headers == ("Leverancier", "KvK-nummer")
    assert sheet.rows == READ
    assert sheet.numbers == (2, 3)


@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_columns_are_apart_by_any_usual_sign(sign: str) -> None:
    content = lists.a_csv(f"Name{sign}City", f'"Jansen{sign} Sons"{sign}Gouda')
    assert read_sheet(content).rows == ((f"Jansen{sign} Sons", "Gouda"),)


def test_a_list_of_names_only_is_a_list() -> None:
    assert read_sheet(b"Leverancier\nJansen, Smit\n").rows == (("Jansen, Smit",),)


def test_an_xlsx_is_read_with_numbers_as_people_see_them() -> None:
    content = lists.an_xlsx(
        ["Leverancier", "KvK", "Inkoop"], ["Zoë", 2076358, 1234.5], ["B", "", 3]
    )
    sheet = read_sheet(content)
    assert sheet.rows == (("Zoë", "2076358", "1234.5"), ("B", "", "3"))


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    content = lists.an_xlsx(["Lijst van 2026"], [], ["Naam", "KvK"], [], ["Jansen", "17037842"])
    sheet = read_sheet(content)
    assert sheet.headers == ("Naam", "KvK")
    assert sheet.numbers == (5,)


def broken_xlsx() -> bytes:
    made = lists.an_xlsx(["Leverancier"], ["Jansen"])
    return made[: len(made) // 2]


def a_word_file() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return file.getvalue()


def one_long_text_in_many_cells() -> bytes:
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % n for n in range(1, 20_000))
    shared = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    return lists.with_sheet(lists.sheet_xml(b"<row>" + cells + b"</row>"), shared)


def without_ends(tag: bytes) -> bytes:
    """Small to send; who looks from each beginning for an end is busy for hours."""
    return lists.with_sheet(lists.sheet_xml(tag * 100_000), tag * 100_000)


UNREADABLE = {
    "nothing": (lambda: b"", "empty"),
    "only a mark": (lambda: b"\xef\xbb\xbf\r\n", "empty"),
    "an empty sheet": (lambda: lists.an_xlsx([]), "empty"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(99), "not-a-spreadsheet"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj\n", "not-a-spreadsheet"),
    "a web page": (lambda: b"<!DOCTYPE html><html>", "not-a-spreadsheet"),
    "a Word file": (a_word_file, "not-a-spreadsheet"),
    "an old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-excel"),
    "a torn file": (broken_xlsx, "damaged"),
    "a thousandfold": (lists.a_bomb, "unpacks-too-large"),
    "a far row": (
        lambda: lists.with_sheet(lists.sheet_xml(b'<row><c r="A900000"><v>1</v></c></row>')),
        "too-many-rows",
    ),
    "a far column": (
        lambda: lists.with_sheet(lists.sheet_xml(b'<row><c r="XFD1"><v>1</v></c></row>')),
        "too-many-columns",
    ),
    "cells without ends": (lambda: without_ends(b"<c "), "damaged"),
    "texts without ends": (lambda: without_ends(b"<si>"), "damaged"),
    "one text in many cells": (one_long_text_in_many_cells, "too-many-cells"),
    "too many rows": (lambda: b"Naam\n" + b"x\n" * 50_001, "too-many-rows"),
    "too many columns": (lambda: b"Naam" + b";x" * 101, "too-many-columns"),
    "too large": (lambda: b"Naam\n" + b"x" * 10_500_000, "too-large"),
    "an open quote": (lambda: b'Naam;KvK\n"Jansen;1\nSmit;2\n', "quote-not-closed"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_says_why(case: str) -> None:
    make, reason = UNREADABLE[case]
    with pytest.raises(FileUnreadable) as refused:
        read_sheet(make())
    assert refused.value.facts["reason"] == reason


def test_styled_cells_without_content_do_no_harm() -> None:
    cells = b'<row><c r="A1" t="inlineStr"><is><t>Naam</t></is></c><c r="XFD1048576" s="1"/></row>'
    assert read_sheet(lists.with_sheet(lists.sheet_xml(cells))).headers == ("Naam",)
