"""Makes lists as spreadsheet programs save them, the nasty ones too."""

import io
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

REAL_LIST = Path(__file__).parents[2] / "shared" / "data" / "leveranciers.csv"


def a_csv(*rows: str, encoding: str = "utf-8-sig", end: str = "\r\n") -> bytes:
    return "".join(row + end for row in rows).encode(encoding)


def an_xlsx(*rows: list[Any]) -> bytes:
    """Texts stay texts and numbers numbers, as a person types them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    return file.getvalue()


def with_sheet(sheet_xml: bytes, shared_xml: bytes = b"") -> bytes:
    """A small XLSX of which the first sheet is replaced by this XML."""
    made = an_xlsx(["Leverancier"], ["Jansen"])
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("worksheets/sheet1.xml"):
                content = sheet_xml
            if shared_xml and entry.filename.endswith("sharedStrings.xml"):
                content = shared_xml
            target.writestr(entry.filename, content)
    return file.getvalue()


def sheet_xml(cells: bytes) -> bytes:
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + cells + b"</sheetData></worksheet>"
    )


def a_bomb() -> bytes:
    """A sheet that unpacks a thousandfold: 50 MB of spaces between two tags."""
    return with_sheet(sheet_xml(b'<row r="1">' + b" " * 50_000_000 + b"</row>"))
