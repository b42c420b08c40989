"""Transactions mean the same on both databases, and in tests what they mean in production."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from onboarding.store.database import UtcInstant, db, insert_ignoring, unit_of_work
from onboarding.store.tables import PersonRow
from tests.databases import disconnect_all

SCRATCH = MetaData()
parents = Table("scratch_parents", SCRATCH, Column("name", String, primary_key=True))
children = Table(
    "scratch_children",
    SCRATCH,
    Column("id", Integer, primary_key=True),
    Column("parent", ForeignKey("scratch_parents.name"), nullable=False),
    Column("at", UtcInstant),
)


@pytest.fixture
def scratch(fresh_engine: Engine, fresh_sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    SCRATCH.create_all(fresh_engine)
    return fresh_sessions


@pytest.fixture
def shared(session: Session) -> Session:
    SCRATCH.create_all(session.connection())
    session.commit()
    return session


def names(session: Session) -> list[str]:
    return list(session.scalars(select(parents.c.name).order_by(parents.c.name)))


def test_a_unit_of_work_commits(scratch: sessionmaker[Session]) -> None:
    with scratch() as writing, scratch() as reading:
        with unit_of_work(writing):
            writing.execute(parents.insert().values(name="a"))
        assert names(reading) == ["a"]


def test_a_failed_unit_of_work_leaves_nothing(scratch: sessionmaker[Session]) -> None:
    with scratch() as writing, scratch() as reading:
        with pytest.raises(KeyError), unit_of_work(writing):
            writing.execute(parents.insert().values(name="a"))
            raise KeyError("the caller's own mistake")
        assert names(reading) == []


def test_a_reference_to_nothing_is_refused(scratch: sessionmaker[Session]) -> None:
    with scratch() as session, pytest.raises(IntegrityError), unit_of_work(session):
        session.execute(children.insert().values(id=1, parent="nobody"))


def test_a_writer_on_sqlite_locks_before_it_writes(
    scratch: sessionmaker[Session], engine_name: str
) -> None:
    if engine_name != "sqlite":
        return  # PostgreSQL locks rows, when they are written
    with scratch() as first, scratch() as second:
        for connection in [first.connection(), second.connection()]:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
        first.rollback()
        second.rollback()
        with unit_of_work(first):
            with pytest.raises(OperationalError, match="locked"), unit_of_work(second):
                pytest.fail("two writers at once")
            assert names(second) == []  # a reader is not in the way
            second.rollback()


def test_a_reader_sees_what_was_there_when_it_began(scratch: sessionmaker[Session]) -> None:
    with scratch() as writing, scratch() as other:
        assert names(writing) == []
        writing.rollback()
        with unit_of_work(other):
            other.execute(parents.insert().values(name="a"))
        with unit_of_work(writing):
            assert names(writing) == ["a"]


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 10, 25, 3, 0, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_an_instant_comes_back_in_utc(shared: Session, instant: datetime) -> None:
    shared.execute(parents.insert().values(name="a"))
    shared.execute(children.insert().values(id=1, parent="a", at=instant))
    stored = shared.scalar(select(children.c.at))
    assert stored == instant
    assert stored.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(shared: Session) -> None:
    with pytest.raises(StatementError, match="time zone"):
        shared.execute(children.insert().values(id=1, parent="a", at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_insert_ignoring_counts_the_new(shared: Session) -> None:
    assert insert_ignoring(shared, parents, [{"name": "a"}, {"name": "b"}]) == 2
    assert insert_ignoring(shared, parents, [{"name": "a"}, {"name": "c"}]) == 1
    assert insert_ignoring(shared, parents, []) == 0
    assert names(shared) == ["a", "b", "c"]


def test_insert_ignoring_takes_more_rows_than_one_statement_can(shared: Session) -> None:
    rows = [{"name": f"{number:05}"} for number in range(40_000)]
    assert insert_ignoring(shared, parents, rows) == 40_000


class TestTheSharedSession:
    """The test binding behaves as production does, and nothing outlives a test."""

    def test_a_part_that_failed_does_not_keep_what_was_before_it(self, shared: Session) -> None:
        with pytest.raises(ZeroDivisionError), unit_of_work() as session:
            session.execute(parents.insert().values(name="a"))
            with pytest.raises(IntegrityError), session.begin_nested():
                session.execute(parents.insert().values(name="a"))
            session.execute(parents.insert().values(name="b"))
            raise ZeroDivisionError
        assert names(shared) == []

    def test_a_failed_unit_of_work_takes_only_its_own(self, shared: Session) -> None:
        with unit_of_work() as session:
            session.execute(parents.insert().values(name="a"))
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.execute(parents.insert().values(name="b"))
            session.execute(parents.insert().values(name="a"))
        assert names(shared) == ["a"]

    @pytest.mark.parametrize("turn", [1, 2])
    def test_every_test_begins_empty(self, shared: Session, turn: int) -> None:
        assert shared.scalar(select(func.count()).select_from(parents)) == 0
        with unit_of_work() as session:
            session.execute(parents.insert().values(name="left behind"))

    def test_it_is_on_the_engine_its_name_tells(self, shared: Session, engine_name: str) -> None:
        assert shared.get_bind().dialect.name == engine_name


def test_the_sqlite_library_knows_returning() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)


def test_an_error_does_not_tell_the_values(fresh_app: Flask) -> None:
    """It is logged whole: names and addresses of people would stand in the log."""
    row = insert(PersonRow).values(name="Jansen", email="j@voorbeeld.example")
    with (
        fresh_app.app_context(),
        pytest.raises(IntegrityError) as raised,
        unit_of_work() as session,
    ):
        session.execute(row)
    assert "INSERT INTO persons" in str(raised.value)
    assert "j@voorbeeld.example" not in str(raised.value)


def test_what_is_no_unit_of_work_cannot_write(fresh_app: Flask, engine_name: str) -> None:
    if engine_name != "postgresql":
        return  # SQLite would take a lock to say so
    row = insert(PersonRow).values(name="Jansen", locale="nl", mail_rhythm="usual")
    with fresh_app.app_context():
        with pytest.raises(InternalError, match="read-only"):
            db.session.execute(row)
        db.session.rollback()
        with unit_of_work() as session:
            session.execute(row.values(created_at=datetime(2026, 11, 2, tzinfo=UTC)))
        assert db.session.scalar(select(PersonRow.name)) == "Jansen"


def test_the_driver_keeps_what_it_prepared_after_a_read(fresh_app: Flask, engine_name: str) -> None:
    """Else PostgreSQL plans each statement of each page anew."""
    if engine_name != "postgresql":
        return  # SQLite has no statements of that kind
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%persons%'")
    with fresh_app.app_context():
        for _ in range(7):
            db.session.scalar(select(PersonRow.name))
            db.session.remove()
        assert db.session.scalar(prepared) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_after_the_server_ended_a_connection_the_next_read_has_another(fresh_app: Flask) -> None:
    """Rolling back what only read asks nothing of a connection that is gone."""
    with fresh_app.app_context():
        db.session.scalar(select(PersonRow.name))
        disconnect_all(db.engine)
        with pytest.raises(OperationalError):
            db.session.scalar(select(PersonRow.name))
        db.session.rollback()
        assert db.session.scalar(select(PersonRow.name)) is None
