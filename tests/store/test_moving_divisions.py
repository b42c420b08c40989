"""What was written of a supplier as a whole becomes its first line, with a year for its spend."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import Engine, MetaData, Table, select

from onboarding.store.database import db
from tests import databases
from tests.store.test_migrations import MIGRATIONS

AFTER = "0006"
BEFORE = str(MIGRATIONS.get_revision(AFTER).down_revision)
MADE_AT = datetime(2025, 1, 6, 8, tzinfo=UTC)


@pytest.fixture
def engine_before(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A database as it was before, empty."""
    name, url = f"before_{databases.worker_name()}", f"sqlite:///{tmp_path / 'before.db'}"
    if engine_name == "postgresql":
        request.getfixturevalue("postgresql_engine")  # skips where there is no PostgreSQL
        url = databases.copy_postgresql(name, template="template0")
    with databases.app_for(url):
        flask_migrate.upgrade(revision=BEFORE)
        yield db.engine
    if engine_name == "postgresql":
        databases.administer(f"DROP DATABASE {name} WITH (FORCE)")


def put(engine: Engine, into: str, /, **values: Any) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(table(engine, into).insert().values(**values))


def table(engine: Engine, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=engine)


def a_supplier(engine: Engine, number: int, **values: Any) -> None:
    made = {"created_at": MADE_AT, "is_customer": False}
    put(engine, "organisations", id=number, name=f"S{number}", **made)
    put(
        engine,
        "relations",
        id=number,
        customer_id=1,
        supplier_id=number,
        name=f"S{number}",
        sort_name=f"s{number}",
        country="NL",
        revision=1,
        created_at=MADE_AT,
        created_on=MADE_AT.date(),
        **values,
    )


def changed(engine: Engine, number: int, code: str, on: date) -> None:
    put(
        engine,
        "events",
        customer_id=1,
        relation_id=number,
        code=code,
        facts={},
        at=MADE_AT,
        on=on,
        actor_side="buyer",
        is_shared=False,
    )


def test_the_whole_becomes_the_first_line(engine_before: Engine) -> None:
    engine = engine_before
    put(engine, "organisations", id=1, name="K", is_customer=True, created_at=MADE_AT)
    a_supplier(engine, 2, division="Catering", spend=Decimal("1234.50"), contract="C-1")
    a_supplier(engine, 3, spend=Decimal(10))
    a_supplier(engine, 4, city="Gouda")
    changed(engine, 2, "supplier-changed", date(2026, 3, 1))
    changed(engine, 2, "relation-enrolled", date(2027, 3, 1))
    flask_migrate.upgrade(revision=AFTER)
    lines, spends = table(engine, "relation_divisions"), table(engine, "division_spends")
    with engine.connect() as connection:
        found = connection.execute(
            select(lines.c.relation_id, lines.c.division, lines.c.contract, spends.c.year)
            .add_columns(spends.c.amount)
            .join(spends, spends.c.division_id == lines.c.id)
            .order_by(lines.c.relation_id)
        ).all()
        assert [tuple(row) for row in found] == [
            (2, "Catering", "C-1", 2026, Decimal("1234.50")),
            (3, "", None, 2025, Decimal("10.00")),
        ]
        cities = table(engine, "relations").c
        assert connection.scalars(select(cities.sort_city).order_by(cities.id)).all() == [
            None,
            None,
            "gouda",
        ]
