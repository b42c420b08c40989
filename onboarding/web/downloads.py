"""Answers that a browser saves instead of showing."""

from typing import Any

from flask import Response


def csv_file(content: str, name: str, **headers: Any) -> Response:
    """A CSV to save, under this name."""
    return Response(
        content,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', **headers},
    )
