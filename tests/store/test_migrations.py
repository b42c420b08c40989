"""Every migration goes up, down and up with rows in all tables, and the result is what we map."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
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
    inspect,
    select,
    table,
)
from sqlalchemy.types import JSON

from onboarding.domain.template_content import template_from
from onboarding.domain.templates import TEMPLATES
from onboarding.store.database import db
from tests import databases
from tests.conftest import ENGINES, need_postgresql

MIGRATIONS = ScriptDirectory(str(Path(__file__).parents[2] / "migrations"))
REVISIONS = ["base", *(s.revision for s in reversed(list(MIGRATIONS.walk_revisions())))]
ROWS = 2
MADE_ANEW = {"prepared_periods"}  # tables that went: what was being prepared is prepared again
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


@contextmanager
def empty(engine_name: str, folder: Path, name: str) -> Iterator[Engine]:
    """The application's engine on an empty database, in a context for Flask-Migrate."""
    if engine_name == "sqlite":
        with databases.app_for(f"sqlite:///{folder / name}.db"):
            yield db.engine
        return
    need_postgresql()
    name = f"{name}_{databases.worker_name()}"
    with databases.app_for(databases.copy_postgresql(name, template="template0")):
        yield db.engine
    databases.administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_engine(engine_name: str, tmp_path: Path) -> Iterator[Engine]:
    with empty(engine_name, tmp_path, "empty") as engine:
        yield engine


@pytest.fixture(scope="module", params=ENGINES)
def walked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One database that walks through all migrations, and keeps its rows from one to the next."""
    with empty(request.param, tmp_path_factory.mktemp("walked"), "walked") as engine:
        yield engine


def bring_to(engine: Engine, revision: str) -> None:
    """Up or down: after the test of the migration before it, the walked database is there."""
    with engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision() or "base"
    if REVISIONS.index(now) < REVISIONS.index(revision):
        flask_migrate.upgrade(revision=revision)
    elif now != revision:
        flask_migrate.downgrade(revision=revision)


def reflected(connection: Connection, only: Collection[str] | None = None) -> list[Table]:
    """The tables as they are there, or these with those that they refer to."""
    metadata = MetaData()
    metadata.reflect(connection, only=only)
    return [one for one in metadata.sorted_tables if one.name != "alembic_version"]


def value(column: Column[Any], turn: int, connection: Connection) -> Any:
    for foreign_key in column.foreign_keys:
        target = foreign_key.column
        return connection.scalar(select(target).order_by(target).offset(turn - 1).limit(1))
    return next(make(turn) for kind, make in VALUES.items() if isinstance(column.type, kind))


def fill(engine: Engine) -> dict[str, int]:
    """Put rows in every table that has none; returns how many rows each table holds."""
    empty = {name for name, rows in counts(engine).items() if not rows}
    if not empty:
        return counts(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for there in reflected(connection, empty):
            if there.name in empty:
                for turn in range(1, ROWS + 1):
                    row = {c.name: value(c, turn, connection) for c in there.columns}
                    connection.execute(there.insert().values(row))
    return counts(engine)


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table holds."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: connection.scalar(select(func.count()).select_from(table(name))) or 0
            for name in names
        }


def keeps(engine: Engine, held: dict[str, int]) -> bool:
    """Whether all rows are there still, but for those of what can be made anew."""
    now = counts(engine)
    held = {name: count for name, count in held.items() if name not in MADE_ANEW or name in now}
    return now | held == now


@pytest.mark.parametrize(("before", "after"), list(pairwise(REVISIONS)))
def test_a_migration_goes_up_down_and_up_with_data(walked: Engine, before: str, after: str) -> None:
    engine = walked
    bring_to(engine, before)
    held = fill(engine)
    flask_migrate.upgrade(revision=after)
    assert keeps(engine, held), "the way up lost rows"
    fill(engine)
    flask_migrate.downgrade(revision=before)
    now = counts(engine)
    assert {**now, **{name: held[name] for name in MADE_ANEW & held.keys()}} == held, (
        "the way down lost rows or left tables"
    )
    flask_migrate.upgrade(revision=after)
    assert keeps(engine, held), "the second way up lost rows"


def test_a_customer_of_before_gets_our_templates(empty_engine: Engine) -> None:
    engine = empty_engine
    flask_migrate.upgrade(revision=REVISIONS[REVISIONS.index("0003") - 1])
    fill(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        there = {one.name: one for one in reflected(connection)}
        connection.execute(there["templates"].delete())
        for name, fields in (
            ("organisations", {"is_customer": True}),
            ("pathways", {"template": "straight"}),
        ):
            table = there[name]
            connection.execute(table.update().where(table.c.id == 1).values(**fields))
    flask_migrate.upgrade(revision="0003")
    with engine.connect() as connection:
        there = {one.name: one for one in reflected(connection)}
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
