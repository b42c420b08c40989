"""Reads two records of one supplier side by side, those it could be merged with, and what went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Period
from onboarding.domain.errors import NotFound
from onboarding.domain.merging import MergeRefused, check_merge, differing, shared_spend
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Duty
from onboarding.services.merging import record_of, values_of
from onboarding.services.status_reading import Reading, read_statuses, whole_timeline
from onboarding.store.contacts import names_of
from onboarding.store.merging import merged_records
from onboarding.store.relations import visible_relation
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.supplier_list import lines, similar
from onboarding.store.tables import (
    CertificateRow,
    ContactRow,
    DecisionRow,
    EventRow,
    EvidenceRow,
    MergedRelationRow,
    RecognitionRow,
    RelationRow,
)

COUNTED: dict[str, Any] = {
    "contacts": ContactRow,
    "certificates": CertificateRow,
    "recognitions": RecognitionRow,
    "decisions": DecisionRow,
    "files": EvidenceRow,
    "events": EventRow,
}
MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One of the two; `counts` tell how many of each kind would move."""

    relation: RelationRow
    values: Mapping[str, Any]
    buyer: str | None
    pathway: Pathway | None
    reading: Reading | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two records side by side; `refusal` says why they cannot be one, whichever stays."""

    one: RecordView
    other: RecordView
    differing: Sequence[str]
    shared_spend: Sequence[tuple[Decimal, Decimal]]
    left_draft_of: str | None
    refusal: MergeRefused | None


def compare(
    session: Session, actor: Actor, moment: Moment, relation_id: int, other_id: int
) -> Comparison:
    """Raises NotFound."""
    actor.must(Duty.BUY)
    rows = [visible_relation(session, actor, one) for one in (relation_id, other_id)]
    records = [record_of(session, row) for row in rows]
    ids = [row.id for row in rows]
    names = names_of(session, [row.buyer_id for row in rows if row.buyer_id])
    readings = read_statuses(session, ids, moment.today)
    counts = {name: _count(session, table, ids) for name, table in COUNTED.items()}
    one, other = (
        RecordView(
            relation=row,
            values=values_of(session, row),
            buyer=names.get(row.buyer_id or 0),
            pathway=record.not_over(),
            reading=readings.get(row.id),
            counts={name: of_each.get(row.id, 0) for name, of_each in counts.items()},
        )
        for row, record in zip(rows, records, strict=True)
    )
    left, refusal = None, None
    try:
        left = check_merge(records[0], records[1], actor)
    except MergeRefused as refused:
        if refused.facts["reason"] != "stays-ended":
            refusal = refused
    return Comparison(
        one=one,
        other=other,
        differing=differing(one.values, other.values),
        shared_spend=shared_spend(one.values["divisions"], other.values["divisions"]),
        left_draft_of=next(
            (record.name for record in records if left is not None and left in record.pathways),
            None,
        ),
        refusal=refusal,
    )


def candidates(
    session: Session, actor: Actor, moment: Moment, relation_id: int, q: str
) -> list[RelationRow]:
    """Suppliers that may be the same: what is searched for, else those with a name alike."""
    actor.must(Duty.BUY)
    row = visible_relation(session, actor, relation_id)
    if not q.strip():
        found = similar(session, actor.customer_id, row.name, MOST_FOUND)
    else:
        asked = SupplierFilter(q=q)
        ids = [one.id for one in lines(session, actor.customer_id, asked, moment.today, 1)]
        query = select(RelationRow).where(RelationRow.id.in_(ids[:MOST_FOUND]))
        found = list(session.scalars(query.order_by(RelationRow.sort_name, RelationRow.id)))
    return [one for one in found if one.id != relation_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerView:
    """A record that went into another, as it stood: its data, and the status of its days."""

    merged: MergedRelationRow
    former: RelationRow
    by: str | None
    periods: tuple[Period, ...]


def list_formers(session: Session, actor: Actor, relation_id: int) -> list[FormerView]:
    """The records that went into this one, without the status of their days."""
    actor.must(Duty.READ)
    visible_relation(session, actor, relation_id)
    found = merged_records(session, relation_id)
    names = names_of(session, [merged.merged_by for merged, _ in found if merged.merged_by])
    return [
        FormerView(merged=merged, former=former, by=names.get(merged.merged_by or 0), periods=())
        for merged, former in found
    ]


def read_former(session: Session, actor: Actor, relation_id: int, former_id: int) -> FormerView:
    """One that went into this one, with the status of its days until then. Raises NotFound."""
    for view in list_formers(session, actor, relation_id):
        if view.former.id == former_id:
            last_on = view.merged.merged_on - timedelta(days=1)
            periods = tuple(
                replace(period, ends_on=min(period.ends_on, last_on))
                for period in whole_timeline(session, former_id)
                if period.starts_on <= last_on
            )
            return FormerView(merged=view.merged, former=view.former, by=view.by, periods=periods)
    raise NotFound(former=former_id)


def _count(session: Session, table: Any, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(table.relation_id, func.count())
        .where(table.relation_id.in_(ids))
        .group_by(table.relation_id)
    )
    return {relation_id: number for relation_id, number in rows}
