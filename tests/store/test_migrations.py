"""Every migration goes up, down and up with rows in all tables, and the result is what we map."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    func,
    select,
)
from sqlalchemy.types import JSON

from onboarding.domain.template_content import template_from
from onboarding.domain.templates import TEMPLATES
from onboarding.store.database import db
from tests import databases

MIGRATIONS = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
REVISIONS = ["base", *(s.revision for s in reversed(list(MIGRATIONS.walk_revisions())))]
ROWS = 2
VALUES: dict[type, Any] = {
    Boolean: lambda turn: False,
    DateTime: lambda turn: datetime(2026, 11, 24, 9, turn, tzinfo=UTC),
    Date: lambda turn: date(2026, 11, 24 + turn),
    Integer: lambda turn: turn,
    Numeric: lambda turn: turn,
    JSON: lambda turn: {"turn": turn},
    LargeBinary: lambda turn: bytes([turn]),
    String: lambda turn: f"t{turn}",
}


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    request.getfixturevalue("postgresql_engine")  # skips where there is no PostgreSQL
    name = f"empty_{databases.worker_name()}"
    yield databases.copy_postgresql(name, template="template0")
    databases.administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine_in_context(empty_url: str) -> Iterator[Engine]:
    """The application's engine on an empty database, in a context for Flask-Migrate."""
    with databases.app_for(empty_url):
        yield db.engine


def reflected(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def value(column: Column[Any], turn: int, connection: Connection) -> Any:
    for foreign_key in column.foreign_keys:
        target = foreign_key.column
        return connection.scalar(select(target).order_by(target).offset(turn - 1).limit(1))
    return next(make(turn) for kind, make in VALUES.items() if isinstance(column.type, kind))


def fill(engine: Engine) -> dict[str, int]:
    """Put rows in every table that has none; returns how many rows each table holds."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        counts = {}
        for table in reflected(connection):
            count = select(func.count()).select_from(table)
            if connection.scalar(count) == 0:
                for turn in range(1, ROWS + 1):
                    row = {c.name: value(c, turn, connection) for c in table.columns}
                    connection.execute(table.insert().values(row))
            counts[table.name] = connection.scalar(count) or 0
    return counts


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in reflected(connection)
        }


@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_a_migration_goes_up_down_and_up_with_data(
    engine_in_context: Engine, before: str, after: str
) -> None:
    engine = engine_in_context
    if before != "base":
        flask_migrate.upgrade(revision=before)
    held = fill(engine)
    flask_migrate.upgrade(revision=after)
    assert counts(engine) | held == counts(engine), "the way up lost rows"
    fill(engine)
    flask_migrate.downgrade(revision=before)
    assert counts(engine) == held, "the way down lost rows or left tables"
    flask_migrate.upgrade(revision=after)
    assert counts(engine) | held == counts(engine), "the second way up lost rows"


def test_a_customer_of_before_gets_our_templates(engine_in_context: Engine) -> None:
    engine = engine_in_context
    flask_migrate.upgrade(revision=REVISIONS[REVISIONS.index("0003") - 1])
    fill(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        there = {table.name: table for table in reflected(connection)}
        connection.execute(there["templates"].delete())
        for name, fields in (
            ("organisations", {"is_customer": True}),
            ("pathways", {"template": "straight"}),
        ):
            table = there[name]
            connection.execute(table.update().where(table.c.id == 1).values(**fields))
    flask_migrate.upgrade(revision="0003")
    with engine.connect() as connection:
        there = {table.name: table for table in reflected(connection)}
        rows = connection.execute(select(there["templates"]).order_by(there["templates"].c.id))
        kept = [template_from(r.code, r.version, r.title, r.content) for r in rows]
        assert kept == list(TEMPLATES.values())
        pathways = there["pathways"]
        came_from = connection.scalars(select(pathways.c.template_version).order_by(pathways.c.id))
        assert came_from.all() == [1, None]


def test_what_we_map_is_what_the_migrations_make(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_are_numbered() -> None:
    files = sorted(path.name[:5] for path in Path(MIGRATIONS.versions).glob("*.py"))
    assert files == [f"{number:04}_" for number in range(1, len(files) + 1)]
    assert REVISIONS[1:] == [name[:4] for name in files]


def test_a_migration_that_breaks_a_reference_changes_nothing(tmp_path: Path) -> None:
    url = databases.copy_sqlite(tmp_path, "broken")
    with databases.app_for(url):
        flask_migrate.downgrade(revision=REVISIONS[-2])
    engine = create_engine(url)
    driver = engine.raw_connection()
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("CREATE TABLE scratch_parents (id INTEGER PRIMARY KEY)")
    driver.execute("CREATE TABLE scratch (parent INTEGER REFERENCES scratch_parents (id))")
    driver.execute("INSERT INTO scratch VALUES (7)")
    driver.close()
    before = counts(engine)
    with databases.app_for(url), pytest.raises(Exception, match="refer to nothing, in: scratch"):
        flask_migrate.upgrade()
    assert counts(engine) == before
    engine.dispose()
