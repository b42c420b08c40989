"""Connections kept open for statements that read, of answers that must come fast."""

from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Any

from flask import Flask, current_app
from sqlalchemy.engine import Connection

from onboarding.store.database import db

READERS = "readers"
SILENT = 60.0  # seconds
# Few statements run here, and each has one good plan: making it takes longer than running. What
# libpq is given and gives back is UTF-8, whatever the database is kept in.
PREPARED = """
SET default_transaction_read_only = on;
SET plan_cache_mode = force_generic_plan;
SET client_encoding = 'UTF8'
"""


class Readers:
    """The connections of one process that wait for the next question.

    Taking one from the pool and giving it back took as long as what is asked. A connection more is
    made when none waits, so there are never more than there were questions at once; the pool's are
    for what writes and for pages.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[Connection, float]] = deque()

    def take(self) -> Connection:
        """The one that was used last; after a silence another, since firewalls cut such ones."""
        while True:
            try:
                connection, since = self._waiting.pop()
            except IndexError:
                return _opened()
            if monotonic() - since < SILENT:
                return connection
            connection.close()

    def give_back(self, connection: Connection) -> None:
        if connection.in_transaction():  # SQLAlchemy was asked, and not the driver
            connection.rollback()
        self._waiting.append((connection, monotonic()))

    def discard(self, connection: Connection) -> None:
        """After an error in one of them none is trusted."""
        connection.close()
        self.close()

    def close(self) -> None:
        """Close those that wait."""
        with suppress(IndexError):  # another thread may take the last one meanwhile
            while True:
                self._waiting.pop()[0].close()


def _opened() -> Connection:
    connection = db.engine.connect()
    connection.detach()  # the pool may make another
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        driver.autocommit = True  # a statement is a transaction, without asking for one
        driver.execute(PREPARED)
    else:
        driver.execute("PRAGMA query_only = on")
    return connection


class one_read:  # noqa: N801 (it is written as a function is)
    """A connection for one statement that reads; it needs no session and no transaction."""

    _readers: Readers
    _connection: Connection

    def __enter__(self) -> Connection:
        self._readers = current_app.extensions[READERS]
        self._connection = self._readers.take()
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_what: object) -> None:
        if kind is None:
            self._readers.give_back(self._connection)
        else:
            self._readers.discard(self._connection)


def init_app(app: Flask) -> None:
    app.extensions[READERS] = Readers()
