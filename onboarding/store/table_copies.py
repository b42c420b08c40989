"""Whole tables as lines of JSON, and back: the same lines from SQLite and from PostgreSQL."""

import base64
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    LargeBinary,
    Numeric,
    Table,
    create_engine,
    func,
    insert,
    select,
    text,
)

from onboarding.store.database import Base, UtcInstant

# Who is logged in, who tried, and how delivery fares belong to the running installation only.
LEFT_OUT = frozenset(
    {"login_sessions", "login_attempts", "mail_breaker", "mail_allowances", "workers"}
)
BATCH = 500


def kept_tables() -> list[Table]:
    """The tables of a copy, each after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


@contextmanager
def at_one_instant(engine: Engine) -> Iterator[Connection]:
    """A connection on which nothing moves, and that makes no writer wait.

    A long reader would make writers fail on SQLite, so its file is copied first.
    """
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with engine.connect().execution_options(**options) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        _copy_sqlite(engine, copy)
        copied = create_engine(f"sqlite:///{copy}")
        try:
            with copied.connect() as connection:
                yield connection
        finally:
            copied.dispose()


def _copy_sqlite(engine: Engine, copy: Path) -> None:
    with engine.connect() as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        connection.rollback()
        target = sqlite3.connect(copy)
        try:
            source.backup(target)
        finally:
            target.close()


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """Each row as one line, in the order of the key."""
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(table).order_by(*table.primary_key)
    )
    for row in rows.mappings():
        values = {column.name: _out(row[column]) for column in table.columns}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def count_rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def empty_table(connection: Connection, table: Table) -> None:
    connection.execute(table.delete())


def take_lines(connection: Connection, table: Table, given: Iterable[str]) -> int:
    """Insert the rows as they were, keys included; returns how many."""
    taken = 0
    batch: list[dict[str, Any]] = []
    for line in given:
        stored = json.loads(line)
        batch.append({column.name: _in(column, stored[column.name]) for column in table.columns})
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            taken, batch = taken + len(batch), []
    if batch:
        connection.execute(insert(table), batch)
    return taken + len(batch)


def continue_numbering(connection: Connection, table: Table) -> None:
    """New rows get numbers after the ones taken; SQLite sees to that by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    last = connection.scalar(select(func.max(table.c.id)))
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
        connection.execute(sequence, {"table": table.name, "last": last})


def _out(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case _:
            return value


def _in(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case UtcInstant():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case LargeBinary():
            return base64.b64decode(value)
        case Numeric():
            return Decimal(value)
        case _:
            return value
