"""Statements written out once for each database, and run by its driver as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.engine import Connection

KEPT = 64  # days and instants as the driver has them: most are asked with again


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a statement, and its values with what the driver makes of them.

    They stand in `places` where the driver knows them by no name.
    """

    text: str
    values: Sequence[tuple[str, Callable[[Any], Any] | None]]
    built_in: Mapping[str, Any]
    places: Sequence[str] | None


class Prebuilt:
    """A statement that reads and is asked often: it takes longer to make than to answer.

    Rows come as the driver has them: whoever needs days or lists as values asks for texts, or
    reads them itself.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._written: dict[str, Written] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _write(self.statement, dialect)
        known: Any = {
            name: made(values[name]) if made is not None else values[name]
            for name, made in written.values
        }
        known.update(written.built_in)
        if written.places is not None:
            known = tuple([known[name] for name in written.places])
        return _by_driver(connection, written.text, known)


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
