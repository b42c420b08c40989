"""What comes in and can mean nothing here: refused before any page looks at it."""

from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_NUMBER = 2**31 - 1  # of a row
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: no row has a larger number, and a database fails over one."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_NUMBER, **kwargs})


def number_asked(name: str) -> int | None:
    """The number of a row in the address or the form; None where it can be none."""
    number = request.values.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_NUMBER else None


def numbers_asked(name: str) -> list[int]:
    """The numbers of rows in the address or the form; what can be none is left out."""
    numbers = request.values.getlist(name, type=int)
    return [number for number in numbers if 0 < number <= LARGEST_NUMBER]


def _refuse_null_characters() -> None:
    """Nobody types one, and PostgreSQL keeps none."""
    # What programs send is read, and checked, elsewhere.
    if "CONTENT_TYPE" not in request.environ or request.mimetype not in FORMS:
        return
    if any("\0" in text for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    for name, value in request.form.items(multi=True):
        yield from (name, value)
    for file in request.files.values():
        yield file.filename or ""


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_null_characters)
