"""Connections that wait for the next question: few, reading only, and none that is lost."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, Integer, String, bindparam, cast, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from onboarding.store import readers
from onboarding.store.database import db
from onboarding.store.prebuilt import OneText
from onboarding.store.readers import READERS, one_read
from onboarding.store.tables import OrganisationRow
from tests.databases import disconnect_all

A_TEXT = OneText(select(cast(bindparam("number", type_=Integer), String)))


@pytest.fixture
def app(fresh_app: Flask) -> Iterator[Flask]:
    with fresh_app.app_context():
        yield fresh_app


def ask(number: int = 7) -> list[str]:
    with one_read() as connection:
        return list(A_TEXT.texts(connection, {"number": number}))


def test_one_serves_all_that_come_after_each_other(app: Flask) -> None:
    with one_read() as first:
        pass
    with one_read() as second:
        assert second is first
        with one_read() as beside:
            assert beside is not first
    assert len(app.extensions[READERS]._waiting) == 2
    assert db.engine.pool.checkedout() == 0, "the pool's are for others"


@pytest.mark.parametrize("through", ["driver", "SQLAlchemy"])
def test_it_only_reads(app: Flask, through: str) -> None:
    row = {"name": "X", "created_at": "2026-11-24 09:00:00+00:00", "is_customer": True}
    insert = text(
        "INSERT INTO organisations (name, created_at, is_customer) "
        "VALUES (:name, :created_at, :is_customer)"
    )
    wrong = OneText(insert.columns(literal_column("1")))  # type: ignore[arg-type]
    with pytest.raises(DBAPIError) as told, one_read() as connection:
        if through == "driver":
            wrong.texts(connection, row)
        else:
            connection.execute(insert, row)
            connection.commit()
    assert "read" in str(told.value.orig)
    assert not db.session.scalars(select(OrganisationRow)).all()


def test_what_sqlalchemy_began_is_ended(app: Flask) -> None:
    with one_read() as connection:
        assert connection.scalar(select(literal_column("1"))) == 1
    assert not connection.in_transaction()
    assert ask() == ["7"]


def test_after_an_error_none_is_trusted(app: Flask) -> None:
    with one_read(), one_read():
        pass
    with pytest.raises(DBAPIError), one_read() as connection:
        OneText(select(literal_column("no_such_column"))).texts(connection, {})
    assert connection.closed
    assert not app.extensions[READERS]._waiting
    assert ask() == ["7"]


def test_a_plan_that_the_server_forgot(app: Flask, engine_name: str) -> None:
    assert [ask(1), ask(2)] == [["1"], ["2"]]
    if engine_name == "postgresql":
        with one_read() as connection:
            connection.exec_driver_sql("DEALLOCATE ALL")
    assert [ask(3), ask(4)] == [["3"], ["4"]]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_server_that_ended_all_connections(app: Flask) -> None:
    """One question is told that it is away, as with the pool; those after it are not."""
    with one_read(), one_read():
        pass
    disconnect_all(db.engine)
    with pytest.raises(OperationalError):
        ask()
    assert ask() == ask() == ["7"]


def test_one_that_was_silent_for_long_is_not_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_read() as first, one_read() as second:
        pass
    if db.engine.dialect.name == "postgresql":
        disconnect_all(db.engine)  # as a firewall does
    monkeypatch.setattr(readers, "SILENT", 0.0)
    assert ask() == ["7"]
    assert first.closed and second.closed
    assert len(app.extensions[READERS]._waiting) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_texts_are_read_as_they_are_meant_whatever_the_server_expects(
    app: Flask, fresh_engine: Engine
) -> None:
    with fresh_engine.begin() as connection:
        name = connection.engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET client_encoding = 'LATIN1'"))
    db.engine.dispose()
    long = OneText(select(cast(func.length(bindparam("name", type_=String)), String)))
    with one_read() as connection:
        assert long.texts(connection, {"name": "Café Zoë"}) == ["8"]
