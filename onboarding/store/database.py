"""The database: one engine, explicit transactions, and the unit of work that commits."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BindParameter,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    bindparam,
    event,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Compiled, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

# Constraints have names, so that migrations can name them on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)


class UtcInstant(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, whatever the database makes of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else as_instant(value)


def as_instant(stored: datetime | str) -> datetime:
    """What a driver gives for an instant, as an instant in UTC."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


# The ids that a statement built once is asked for. What runs with every change is built once:
# building it took longer than the database does.
IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_kept_inserts: dict[tuple[str, Any, tuple[str, ...]], Compiled] = {}

# The database is away, locked or full: that says nothing about the row that was asked for.
OUT_OF_ORDER = (OperationalError, InterfaceError, NoConnectionFree)

db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False},
    # An error is logged whole: the values of a statement (names, addresses, hashes) are not in it.
    # What does not say that it writes only reads. A firewall cuts what is silent, without a word:
    # no connection grows old.
    engine_options={
        "hide_parameters": True,
        "execution_options": {"writes": False},
        "pool_recycle": 300,
    },
)


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """On SQLite: transactions are ours to begin, and foreign keys count.

    On PostgreSQL no statement is compiled to machine code: that takes longer than ours do, and a
    page of statuses looks dear enough to it.
    """
    module = type(connection).__module__
    if module.startswith("psycopg"):
        cursor = connection.cursor()
        cursor.execute("SET jit = off")
        cursor.close()
        connection.commit()
    if module.startswith("sqlite3"):
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """A writer on SQLite takes its lock at once: a reader that upgrades fails as *locked*.

    On PostgreSQL a reader of ours can write nothing.
    """
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    else:
        driver: Any = connection.connection.dbapi_connection
        driver.read_only = _only_reads(connection) or None


@event.listens_for(Engine, "rollback")
def _end_reading(connection: Connection) -> None:
    """What only read ends by COMMIT on PostgreSQL.

    With each ROLLBACK psycopg forgets the statements that it prepared, and all would be planned
    anew: that took longer than running them.
    """
    is_there = not connection.invalidated
    if is_there and connection.dialect.name == "postgresql" and _only_reads(connection):
        driver: Any = connection.connection.dbapi_connection
        with suppress(connection.dialect.loaded_dbapi.Error):  # the ROLLBACK will tell
            driver.commit()


def _only_reads(connection: Connection) -> bool:
    return connection.get_execution_options().get("writes") is False


@event.listens_for(Engine, "handle_error")
def _forget_values(context: ExceptionContext) -> None:
    """PostgreSQL tells below its message which row failed, with all that is in it."""
    if context.dialect.name != "postgresql":
        return
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


@contextmanager
def unit_of_work(session: Session | None = None) -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any exception.

    What the session was reading is closed first, so that nothing seen before the lock is trusted.
    """
    session = session or db.session()
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def insert_ignoring(session: Session, table: Any, rows: list[dict[str, Any]]) -> int:
    """Insert the rows whose unique key is new, in the order given; returns how many were new.

    All have the same columns. Callers sort the rows by that key, so that two writers on PostgreSQL
    cannot deadlock.
    """
    if not rows:
        return 0
    compiled = _inserting(session.get_bind().dialect, table, tuple(rows[0]))
    # Counted from what comes back: psycopg does not tell how many rows such an insert made.
    new = session.connection().execute(compiled, rows)  # type: ignore[call-overload]
    return len(new.all())


def _inserting(dialect: Dialect, table: Any, names: tuple[str, ...]) -> Compiled:
    """Kept: SQLAlchemy writes one with ON CONFLICT anew each time, which takes longer than it."""
    key = (dialect.name, table, names)
    if key not in _kept_inserts:
        statement = INSERTS[dialect.name](table).on_conflict_do_nothing()
        _kept_inserts[key] = statement.returning(literal_column("1")).compile(
            dialect=dialect, column_keys=names, for_executemany=True
        )
    return _kept_inserts[key]
