"""What an import of suppliers compares with, in six statements, and where any list waits."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.domain.suppliers import CreditorNumber
from onboarding.store.divisions import lines_of_customer
from onboarding.store.suppliers import COLUMNS
from onboarding.store.tables import (
    CreditorNumberRow,
    FormerKvkNumberRow,
    ImportRow,
    MergedRelationRow,
    RelationRow,
)

KEPT = timedelta(days=30)


@dataclass(slots=True)
class Known:
    """The customer's suppliers, by all that a row can name them by; values are relation ids."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    by_kvk_number: dict[str, int] = field(default_factory=dict)
    by_former_number: dict[str, int] = field(default_factory=dict)
    by_former_id: dict[int, int] = field(default_factory=dict)
    by_foreign_number: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_creditor_number: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def load_known(session: Session, customer_id: int) -> Known:
    """All suppliers of a customer as values, without a row object for each."""
    known = Known()
    columns = [getattr(RelationRow, column) for column in COLUMNS]
    for relation_id, *values in session.execute(
        select(RelationRow.id, *columns)
        .where(RelationRow.customer_id == customer_id)
        .order_by(RelationRow.id)
    ):
        held = dict(zip(COLUMNS, values, strict=True)) | {"creditor_numbers": (), "divisions": ()}
        known.values[relation_id] = held
        known.by_name[held["name"]].append(relation_id)
        if held["kvk_number"]:
            known.by_kvk_number[held["kvk_number"]] = relation_id
        if held["foreign_number"]:
            known.by_foreign_number[held["foreign_number"]].add(relation_id)
    for relation_id, number in session.execute(
        select(FormerKvkNumberRow.relation_id, FormerKvkNumberRow.kvk_number)
        .join(RelationRow, RelationRow.id == FormerKvkNumberRow.relation_id)
        .where(RelationRow.customer_id == customer_id)
        .order_by(FormerKvkNumberRow.id)
    ):
        known.by_former_number[number] = relation_id
    for relation_id, former_id in session.execute(
        select(MergedRelationRow.relation_id, MergedRelationRow.former_id).where(
            MergedRelationRow.customer_id == customer_id
        )
    ):
        known.by_former_id[former_id] = relation_id
    for relation_id, division, number in session.execute(
        select(CreditorNumberRow.relation_id, CreditorNumberRow.division, CreditorNumberRow.number)
        .join(RelationRow, RelationRow.id == CreditorNumberRow.relation_id)
        .where(RelationRow.customer_id == customer_id)
        .order_by(CreditorNumberRow.division, CreditorNumberRow.number)
    ):
        known.by_creditor_number[number].add(relation_id)
        known.values[relation_id]["creditor_numbers"] += (CreditorNumber(division, number),)
    for relation_id, lines in lines_of_customer(session, customer_id).items():
        known.values[relation_id]["divisions"] = lines
    return known


def stage_import(
    session: Session,
    actor: Actor,
    moment: Moment,
    kind: str,
    file_name: str,
    content: dict[str, Any],
) -> ImportRow:
    """Keep a list that was read until somebody takes it; what is older than a month goes."""
    session.execute(
        delete(ImportRow).where(
            ImportRow.customer_id == actor.customer_id, ImportRow.made_at < moment.now - KEPT
        )
    )
    row = ImportRow(
        customer_id=actor.customer_id,
        person_id=actor.person_id,
        kind=kind,
        file_name=file_name[:250],
        content=content,
        made_at=moment.now,
    )
    session.add(row)
    session.flush()
    return row


def visible_import(
    session: Session, actor: Actor, kind: str, import_id: int, *, lock: bool = False
) -> ImportRow:
    """A list of this kind of the actor's organisation. Raises NotFound for any other."""
    query = select(ImportRow).where(
        ImportRow.id == import_id,
        ImportRow.customer_id == actor.customer_id,
        ImportRow.kind == kind,
    )
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(import_id=import_id)
    return row
