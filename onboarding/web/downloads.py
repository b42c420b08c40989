"""Answers that a browser saves instead of showing."""

from typing import Any

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(content: str, name: str, **headers: Any) -> Response:
    """A CSV to save, under this name."""
    return Response(
        content,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', **headers},
    )


def xlsx_file(content: bytes, name: str) -> Response:
    """A workbook to save, under this name."""
    return Response(
        content,
        mimetype=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )
