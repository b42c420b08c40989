"""Statements that owe things in sets: an INSERT … SELECT per kind, ordered, each row once.

A row that is there already is left alone. The rows are ordered by their key, and on PostgreSQL a
sweep holds an advisory lock for its transaction, so that two writers cannot deadlock.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    Exists,
    Integer,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement, Select, Subquery
from sqlalchemy.sql.functions import FunctionElement

from onboarding.clock import Moment
from onboarding.domain.conversations import ContactNoted
from onboarding.domain.people import Channel, Role
from onboarding.store.database import INSERTS
from onboarding.store.tables import (
    ContactRow,
    EventRow,
    MembershipRow,
    MessageRow,
    PersonRow,
    RelationRow,
    TaskRow,
)
from onboarding.store.tables.columns import JsonValue

CATCH_UP = 30  # days in which the last stage, missed in an outage, is still worth sending
SWEEP_LOCK = 0x0B0A2D

Facts = Mapping[str, Any]


class Shifted(FunctionElement[date]):
    """A day column moved by a fixed number of days."""

    type = Date()
    inherit_cache = True
    name = "shifted"


@compiles(Shifted, "sqlite")
def _shifted_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, days = element.clauses
    return f"date({compiler.process(column, **kw)}, {compiler.process(days, **kw)} || ' days')"


@compiles(Shifted, "postgresql")
def _shifted_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, days = element.clauses
    return f"({compiler.process(column, **kw)} + {compiler.process(days, **kw)})"


def shifted(column: Any, days: int) -> ColumnElement[date]:
    return Shifted(column, literal(days, Integer))


def stages(
    column: Any, days: tuple[int, ...], since: Any, today: date
) -> list[tuple[int, ColumnElement[bool]]]:
    """For each stage, in days from the day in `column`, when it is the last one reached.

    A stage before `since` is not owed; the last stage stops being owed after CATCH_UP days.
    """
    ordered = sorted(days)
    found = []
    for this, following in zip(ordered, [*ordered[1:], ordered[-1] + CATCH_UP], strict=True):
        reached = column <= today - timedelta(days=this)
        not_further = column > today - timedelta(days=following)
        found.append((this, and_(reached, not_further, since <= shifted(column, this))))
    return found


def stages_to_come(
    column: Any, days: tuple[int, ...], since: Any, first: date, last: date
) -> list[tuple[int, ColumnElement[bool]]]:
    """For each stage, when it falls on one of these days, if nothing changes until then."""
    return [
        (
            this,
            and_(
                column >= first - timedelta(days=this),
                column <= last - timedelta(days=this),
                since <= shifted(column, this),
            ),
        )
        for this in sorted(days)
    ]


def words(*parts: Any) -> ColumnElement[str]:
    """One text of texts, numbers and days."""
    text: ColumnElement[str] = literal("", String)
    for part in parts:
        text = text + (literal(part, String) if isinstance(part, str) else cast(part, String))
    return text


def as_facts(session: Session, facts: Facts) -> ColumnElement[Any]:
    """A JSON object of columns and texts; days in ISO 8601."""
    make = func.jsonb_build_object if _is_postgresql(session) else func.json_object
    parts: list[Any] = []
    for name, value in facts.items():
        is_plain = isinstance(value, str)
        parts += [literal_column(f"'{name}'"), literal(value, String) if is_plain else value]
    return make(*parts, type_=JsonValue)


def was_called_since(day: InstrumentedAttribute[Any]) -> Exists:
    """Whether somebody noted a call to the supplier after that day, reached or not."""
    return exists().where(
        EventRow.relation_id == RelationRow.id,
        EventRow.code == ContactNoted.code,
        EventRow.on > day,
        EventRow.facts["channel"].as_string() == Channel.PHONE,
        EventRow.facts["contact_on"].as_string() > cast(day, String),
    )


def suppliers_readers() -> Subquery:
    """The contacts to remind: the main one, or all where none is marked.

    Who says not to be the right person is left out until a buyer has answered that.
    """

    def usable() -> Subquery:
        return (
            select(ContactRow.relation_id, ContactRow.person_id, ContactRow.is_main)
            .join(PersonRow, PersonRow.id == ContactRow.person_id)
            .where(
                ContactRow.retired_at.is_(None),
                ContactRow.doubted_at.is_(None),
                ContactRow.role != Role.ADVISER,
                PersonRow.email.is_not(None),
                PersonRow.mail_refused_at.is_(None),
            )
            .subquery()
        )

    one, main = usable(), usable()
    has_main = exists().where(main.c.relation_id == one.c.relation_id, main.c.is_main)
    return (
        select(one.c.relation_id, one.c.person_id).where(or_(one.c.is_main, ~has_main)).subquery()
    )


def managers() -> Subquery:
    return (
        select(RelationRow.id.label("relation_id"), MembershipRow.person_id)
        .join(MembershipRow, MembershipRow.organisation_id == RelationRow.customer_id)
        .where(MembershipRow.role == Role.MANAGER, MembershipRow.ended_at.is_(None))
        .distinct()
        .subquery()
    )


def owe_messages(
    session: Session, moment: Moment, customer_id: int, kind: str, source: Subquery, to: Subquery
) -> int:
    """Owe one message per row of `source` and reader of its relation; returns how many were new.

    `source` has the columns about, relation_id, milestone_id and facts.
    """
    key = _key(kind, source, to)
    rows = (
        select(
            key.label("key"),
            literal(customer_id).label("customer_id"),
            source.c.relation_id,
            source.c.milestone_id,
            to.c.person_id,
            literal(kind, String).label("kind"),
            source.c.facts,
            literal("queued", String).label("state"),
            literal(moment.now, MessageRow.owed_at.type).label("owed_at"),
            literal(moment.now, MessageRow.due_at.type).label("due_at"),
        )
        .join(to, to.c.relation_id == source.c.relation_id)
        .where(~exists().where(MessageRow.key == key), ~_deputy_has(kind, source, to))
    )
    return _insert(session, MessageRow, rows)


def foretell_messages(
    session: Session, kind: str, source: Subquery, to: Subquery, relations: Select[Any]
) -> list[Any]:
    """What `owe_messages` would owe for these relations, with `falls_on`; nothing is stored."""
    key = _key(kind, source, to)
    rows = (
        select(
            key.label("key"),
            source.c.relation_id,
            source.c.milestone_id,
            to.c.person_id,
            source.c.facts,
            source.c.falls_on,
        )
        .join(to, to.c.relation_id == source.c.relation_id)
        .where(
            source.c.relation_id.in_(relations),
            ~exists().where(MessageRow.key == key),
            ~_deputy_has(kind, source, to),
        )
        .order_by(source.c.falls_on, "key")
    )
    return list(session.execute(rows))


def _key(kind: str, source: Subquery, to: Subquery) -> ColumnElement[str]:
    return words(f"{kind}:", source.c.about, ":", to.c.person_id)


def _deputy_has(kind: str, source: Subquery, to: Subquery) -> Exists:
    """Whether somebody got this in the place of the reader, who was away."""
    return exists().where(
        MessageRow.stands_for == to.c.person_id,
        MessageRow.key == words(f"{kind}:", source.c.about, ":", MessageRow.person_id),
    )


def owe_tasks(
    session: Session, moment: Moment, customer_id: int, kind: str, for_role: str, source: Subquery
) -> int:
    """Owe one task per row of `source`, with the same columns; returns how many were new."""
    key = words(f"{kind}:", source.c.about)
    rows = select(
        key.label("key"),
        literal(customer_id).label("customer_id"),
        source.c.relation_id,
        source.c.milestone_id,
        literal(kind, String).label("kind"),
        literal(for_role, String).label("for_role"),
        source.c.facts,
        literal(moment.today, Date).label("due_on"),
        literal(moment.now, TaskRow.owed_at.type).label("owed_at"),
    ).where(~exists().where(TaskRow.key == key))
    return _insert(session, TaskRow, rows)


def may_sweep(session: Session) -> bool:
    """Whether no other sweep is at it; holds until the end of the transaction."""
    if not _is_postgresql(session):
        return True  # the writer holds the only lock there is
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(SWEEP_LOCK))))


def _insert(session: Session, table: Any, rows: Select[Any]) -> int:
    # Mostly nothing is new. SQLAlchemy keeps a compiled SELECT, but no INSERT … ON CONFLICT.
    if not session.scalar(select(rows.exists())):
        return 0
    names = [column.name for column in rows.selected_columns]
    insert = INSERTS[session.get_bind().dialect.name]
    statement = (
        insert(table.__table__)
        .from_select(names, rows.order_by("key"), include_defaults=False)
        .on_conflict_do_nothing()
        .returning(literal_column("1"))
    )
    return len(session.execute(statement).all())


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
