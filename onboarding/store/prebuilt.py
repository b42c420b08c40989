"""Statements written out once for each database, and run by its driver as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from psycopg import Error
from psycopg.pq import ExecStatus
from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Connection

KEPT = 64  # days and instants as the driver has them: most are asked with again
# Values as libpq knows them.
NUMBERED: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
names = count(1)


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a statement, and its values with what the driver makes of them.

    They stand in `places` where the driver knows them by no name.
    """

    text: str
    values: Sequence[tuple[str, Callable[[Any], Any] | None]]
    built_in: Mapping[str, Any]
    places: Sequence[str] | None

    def known(self, values: Mapping[str, Any]) -> Any:
        """The values of a question as the driver has them."""
        known: Any = {
            name: made(values[name]) if made is not None else values[name]
            for name, made in self.values
        }
        known.update(self.built_in)
        return known if self.places is None else tuple([known[name] for name in self.places])


class Prebuilt:
    """A statement that reads and is asked often: it takes longer to make than to answer.

    Rows come as the driver has them: whoever needs days or lists as values asks for texts, or
    reads them itself.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._written: dict[str, Written] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        written = self._written_for(connection.dialect)
        return _by_driver(connection, written.text, written.known(values))

    def _written_for(self, dialect: Dialect) -> Written:
        key = f"{dialect.name} {dialect.paramstyle}"
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = _write(self.statement, dialect)
        return written


class OneText(Prebuilt):
    """One whose rows are one text each: no more is needed of PostgreSQL's driver than libpq."""

    def __init__(self, statement: Select[Any]) -> None:
        super().__init__(statement)
        self._name = f"one_text_{next(names)}".encode()

    def texts(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[str]:
        """The rows. psycopg's own way takes a third longer, and a transaction must be its own."""
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "postgresql" and driver.autocommit:
            texts = self._by_libpq(connection, driver, values)
            if texts is not None:
                return texts
        return [text for (text,) in self.rows(connection, values)]

    def _by_libpq(
        self, connection: Connection, driver: Any, values: Mapping[str, Any]
    ) -> list[str] | None:
        """None where it fails: psycopg and SQLAlchemy know what that means."""
        written = self._written_for(NUMBERED)
        known = [None if value is None else str(value).encode() for value in written.known(values)]
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, None, written.text, known, None, False)
        prepared: set[bytes] = connection.info.setdefault("prepared", set())
        try:
            if self._name not in prepared:
                made = driver.pgconn.prepare(self._name, written.text.encode())
                if made.status != ExecStatus.COMMAND_OK:
                    return None
                prepared.add(self._name)
            result = driver.pgconn.exec_prepared(self._name, known)
        except Error:
            return None
        if result.status != ExecStatus.TUPLES_OK:
            return None
        return [result.get_value(row, 0).decode() for row in range(result.ntuples)]


def _by_driver(connection: Connection, text: str, values: Any) -> Sequence[Any]:
    """With less around it than SQLAlchemy, which would take longer than the database.

    Whoever listens to statements hears it. One that fails is asked again by SQLAlchemy, which
    knows what the error means for the answer and for the connection.
    """
    driver_error: Any = connection.dialect.loaded_dbapi.Error
    try:
        cursor = connection.connection.cursor()
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, cursor, text, values, None, False)
        cursor.execute(text, values)
        rows: Sequence[Any] = cursor.fetchall()
        cursor.close()
    except driver_error:
        return connection.exec_driver_sql(text, values).all()
    return rows


def _write(statement: Select[Any], dialect: Dialect) -> Written:
    compiled: Any = statement.compile(dialect=dialect)
    return Written(
        text=str(compiled),
        values=[
            (name, _made(one.type, dialect))
            for name, one in compiled.binds.items()
            if one.value is None
        ],
        built_in={name: one.value for name, one in compiled.binds.items() if one.value is not None},
        places=compiled.positiontup if compiled.positional else None,
    )


def _made(of_type: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    made: Callable[[Any], Any] | None = of_type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(KEPT)(made) if made is not None else None
