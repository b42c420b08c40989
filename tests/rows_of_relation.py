"""A row in every table that hangs on a relation, also where there is no builder for it."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    func,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON

from onboarding.store.database import Base
from onboarding.store.tables import RelationRow
from tests import pathway_things, proof_rows, stage

RELATIONS = RelationRow.__table__
MADE_OTHERWISE = frozenset({"assessments", "merged_relations"})
numbers = count(1)
VALUES: dict[type, Any] = {
    Boolean: lambda: False,
    DateTime: lambda: stage.BEFORE,
    Date: lambda: date(2026, 1, 5),
    Integer: lambda: next(numbers) + 500,
    Numeric: lambda: 1,
    JSON: lambda: {},
    LargeBinary: lambda: b"x",
    String: lambda: f"t{next(numbers)}",
}


def columns_to_relations() -> list[tuple[Table, Column[Any]]]:
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is RELATIONS for key in column.foreign_keys)
    ]


def counted(session: Session, relation_id: int) -> dict[str, int]:
    """How many rows name the relation, by `table.column`; only what names it at all."""
    found = {}
    for table, column in columns_to_relations():
        query = select(func.count()).select_from(table).where(column == relation_id)
        if number := session.scalar(query):
            found[str(column)] = number
    return found


def fill(session: Session, relation: RelationRow, leave_out: frozenset[str] = frozenset()) -> None:
    """Rows with meaning where there are builders, and one of each other table."""
    if "pathways" not in leave_out:
        pathway_things.a_request(session, relation)
        pathway_things.a_notice(session, relation)
        pathway_things.a_statement(session, relation)
    pathway_things.a_question(session, relation)
    stage.a_batch(session, relation)
    stage.a_policy_draft(session, relation)
    proof_rows.a_renewal(session, relation)
    proof_rows.a_recognition(session, relation)
    proof_rows.a_decision(session, relation)
    stage.a_contact(session, relation)
    stage.a_former(session, relation)
    for table, column in columns_to_relations():
        is_there = str(column) in counted(session, relation.id)
        if is_there or table.name in leave_out | MADE_OTHERWISE:
            continue
        values = {
            one.name: _value(session, one, relation)
            for one in table.columns
            if not one.primary_key and (not one.nullable or one is column)
        }
        session.execute(table.insert().values({**values, column.name: relation.id}))
    session.flush()


def _value(session: Session, column: Column[Any], relation: RelationRow) -> Any:
    for key in column.foreign_keys:
        target = key.column.table
        if target is RELATIONS:
            return relation.id
        if target.name == "organisations":
            return relation.customer_id
        return session.scalar(select(key.column).order_by(key.column).limit(1))
    stored = getattr(column.type, "impl", column.type)
    text = next(make() for kind, make in VALUES.items() if isinstance(stored, kind))
    longest = getattr(column.type, "length", None)
    return text[-longest:] if isinstance(text, str) and longest else text
