"""Statements that owe things in sets: an INSERT … SELECT per kind, ordered, each row once.

A row that is there already is left alone. The rows are ordered by their key, and on PostgreSQL a
sweep holds an advisory lock for its transaction, so that two writers cannot deadlock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Exists,
    Integer,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement, Select, Subquery

from onboarding.domain.conversations import ContactNoted
from onboarding.domain.people import Channel, Role
from onboarding.store.database import INSERTS
from onboarding.store.stages import TODAY
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
from onboarding.store.written_out import written_out

SWEEP_LOCK = 0x0B0A2D
# Whose rows: left open, as the day is.
CUSTOMER: BindParameter[int] = bindparam("customer_id", type_=Integer)

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A statement that owes rows of one kind, as the database takes it.

    The instant, the day and the customer are left open. `rows` are those that it would owe.
    """

    statement: Compiled
    rows: Select[Any]

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Owe what is due; returns how many rows were new."""
        session.flush()
        result = session.connection().execute(
            self.statement,  # type: ignore[call-overload]
            dict(values),
            execution_options={"preserve_rowcount": True},
        )
        return int(result.rowcount)


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
        .subquery()
    )


def messages_owed(session: Session, kind: str, source: Subquery, to: Subquery) -> Written:
    """Owes one message per row of `source` and reader of its relation.

    `source` has the columns about, relation_id, milestone_id and facts.
    """
    key = _key(kind, source, to)
    rows = (
        select(
            key.label("key"),
            CUSTOMER.label("customer_id"),
            source.c.relation_id,
            source.c.milestone_id,
            to.c.person_id,
            literal(kind, String).label("kind"),
            source.c.facts,
            literal("queued", String).label("state"),
            bindparam("now", type_=MessageRow.owed_at.type).label("owed_at"),
            bindparam("now", type_=MessageRow.due_at.type).label("due_at"),
        )
        .join(to, to.c.relation_id == source.c.relation_id)
        .where(~exists().where(MessageRow.key == key), ~_deputy_has(kind, source, to))
    )
    return _written(session, MessageRow, rows)


def foretell_messages(
    session: Session,
    kind: str,
    source: Subquery,
    to: Subquery,
    relations: Select[Any],
    values: Mapping[str, Any],
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
    return list(session.execute(rows, dict(values)))


def _key(kind: str, source: Subquery, to: Subquery) -> ColumnElement[str]:
    return words(f"{kind}:", source.c.about, ":", to.c.person_id)


def _deputy_has(kind: str, source: Subquery, to: Subquery) -> Exists:
    """Whether somebody got this in the place of the reader, who was away."""
    return exists().where(
        MessageRow.stands_for == to.c.person_id,
        MessageRow.key == words(f"{kind}:", source.c.about, ":", MessageRow.person_id),
    )


def tasks_owed(session: Session, kind: str, for_role: str, source: Subquery) -> Written:
    """Owes one task per row of `source`, with the same columns."""
    key = words(f"{kind}:", source.c.about)
    rows = select(
        key.label("key"),
        CUSTOMER.label("customer_id"),
        source.c.relation_id,
        source.c.milestone_id,
        literal(kind, String).label("kind"),
        literal(for_role, String).label("for_role"),
        source.c.facts,
        TODAY.label("due_on"),
        bindparam("now", type_=TaskRow.owed_at.type).label("owed_at"),
    ).where(~exists().where(TaskRow.key == key))
    return _written(session, TaskRow, rows)


def may_sweep(session: Session) -> bool:
    """Whether no other sweep is at it; holds until the end of the transaction."""
    if not _is_postgresql(session):
        return True  # the writer holds the only lock there is
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(SWEEP_LOCK))))


def _written(session: Session, table: Any, rows: Select[Any]) -> Written:
    names = [column.name for column in rows.selected_columns]
    dialect = session.get_bind().dialect
    statement = (
        INSERTS[dialect.name](table.__table__)
        .from_select(names, rows.order_by("key"), include_defaults=False)
        .on_conflict_do_nothing()
    )
    return Written(statement.compile(dialect=dialect), rows)


def asked_at_once(session: Session, written: Iterable[Written]) -> Compiled:
    """One statement that tells of each whether there is anything to owe."""
    return written_out(session, select(*(one.rows.exists() for one in written)))


def which_are_due(session: Session, asked: Compiled, values: Mapping[str, Any]) -> Sequence[bool]:
    row = session.connection().execute(asked, dict(values)).one()  # type: ignore[call-overload]
    return [bool(is_due) for is_due in row]


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
