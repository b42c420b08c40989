"""Asks an application in this process as a server would, and counts what the database does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask, Response, jsonify
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder

WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came, after how many milliseconds it began and ended."""

    status: str
    body: bytes
    began: float
    ended: float


class Question:
    """A GET of one address, made once; asked any number of times."""

    def __init__(self, application: WSGIApplication, address: str, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        builder = EnvironBuilder(path=address.partition("?")[0], headers=named)
        builder.query_string = address.partition("?")[2]
        self.application, self.environ = application, builder.get_environ()

    def ask(self) -> Answered:
        told: list[str] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            told.append(status)

        start = perf_counter()
        answer = self.application(dict(self.environ), start_response)
        parts = iter(answer)
        first = next(parts, b"")
        began = perf_counter()
        body = b"".join((first, *parts))
        if hasattr(answer, "close"):
            answer.close()
        ended = perf_counter()
        return Answered(told[0], body, (began - start) * 1000, (ended - start) * 1000)

    def milliseconds(self, times: int) -> float:
        """Of one, in the middle of so many in a row."""
        start = perf_counter()
        for _ in range(times):
            self.ask()
        return (perf_counter() - start) * 1000 / times


def bare_view(told: Any) -> Flask:
    """A Flask application that knows its answer and only writes it."""
    app = Flask("bare")

    @app.get("/api/v1/eligibility/<ref>")
    def single(ref: str) -> Response:
        return jsonify(told)

    return app


@dataclass
class Statements:
    """What was executed while it was counted."""

    all: list[str] = field(default_factory=list)

    @property
    def writes(self) -> list[str]:
        return [one for one in self.all if one.lstrip().upper().startswith(WRITES)]

    @property
    def asked(self) -> list[str]:
        return [one for one in self.all if not one.upper().startswith(NOT_COUNTED)]


@contextmanager
def statements(engine: Engine) -> Iterator[Statements]:
    found = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.all.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
