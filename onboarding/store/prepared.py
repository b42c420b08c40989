"""Assessments prepared for a policy to come: stored where they stay, pointed to when they count.

Until their draft has an instant nobody reads them (`store/published.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Table, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import RULES_VERSION, Period
from onboarding.domain.policy_drafts import DraftState
from onboarding.store.assessments import INSTANT, period_fields
from onboarding.store.current_status import note
from onboarding.store.database import IDS
from onboarding.store.relations import lock_relations
from onboarding.store.seals import follow, salted
from onboarding.store.tables import (
    AssessmentRow,
    PolicyDraftRow,
    PreparedAssessmentRow,
    RelationRow,
    StatusPeriodRow,
)

PREPARED, PERIODS = PreparedAssessmentRow, StatusPeriodRow
WITHOUT_ORM = {"synchronize_session": False}
ROWS: Table = PREPARED.__table__  # type: ignore[assignment]
# Built once: it runs with every change.
MARK_STALE = (
    update(ROWS)
    .where(ROWS.c.relation_id.in_(IDS), ROWS.c.is_stale.is_(False))
    .values(is_stale=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """The assessment that the next one follows, and the period of it that holds today."""

    number: int = 0
    sha256: str | None = None
    held: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a relation's assessment will be; without periods it stays the one that is stored."""

    claim: int
    relation_id: int
    periods: Sequence[Period]
    follows: Follows


def mark_stale(session: Session, relation_ids: Sequence[int]) -> None:
    """Something was recorded: what was prepared before is prepared again before it is used."""
    session.connection().execute(MARK_STALE, {"ids": list(relation_ids)})


def unprepared(
    session: Session, draft: PolicyDraftRow, today: date, limit: int, after_id: int = 0
) -> list[int]:
    """Relations of which nothing is prepared that holds, in the order of their ids."""
    holds = and_(
        PREPARED.draft_id == draft.id,
        PREPARED.relation_id == RelationRow.id,
        PREPARED.is_ready,
        PREPARED.is_stale.is_(False),
        PREPARED.starts_on == today,
    )
    query = (
        select(RelationRow.id)
        .outerjoin(PREPARED, holds)
        .where(
            RelationRow.customer_id == draft.customer_id,
            RelationRow.id > after_id,
            PREPARED.id.is_(None),
        )
        .order_by(RelationRow.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def count_prepared(session: Session, draft_id: int) -> int:
    query = select(func.count(PREPARED.id)).where(
        PREPARED.draft_id == draft_id, PREPARED.is_ready, PREPARED.is_stale.is_(False)
    )
    return session.scalar(query) or 0


def claim_relations(
    session: Session, draft_id: int, relations: Sequence[RelationRow], starts_on: date
) -> dict[int, int]:
    """In the place of what was prepared of these relations before; their locks are held.

    From then on a claim tells whether something about its relation was recorded. Returns the
    claim of each relation.
    """
    finish_prepared(session, relations)
    relation_ids = [relation.id for relation in relations]
    session.execute(
        delete(PREPARED).where(PREPARED.relation_id.in_(relation_ids)),
        execution_options=WITHOUT_ORM,
    )
    ids = session.scalars(
        insert(PREPARED).returning(PREPARED.id, sort_by_parameter_order=True),
        [
            {
                "draft_id": draft_id,
                "relation_id": relation_id,
                "starts_on": starts_on,
                "is_ready": False,
                "is_stale": False,
            }
            for relation_id in relation_ids
        ],
    ).all()
    return dict(zip(relation_ids, ids, strict=True))


def add_prepared(session: Session, draft_id: int, found: Sequence[Prepared]) -> None:
    """Store the assessments of claims that still hold; what went stale meanwhile is left out."""
    relations = {
        row.id: row for row in lock_relations(session, sorted(one.relation_id for one in found))
    }
    known = {one.claim: one for one in found}
    held = session.scalars(
        update(PREPARED)
        .where(PREPARED.id.in_(known), PREPARED.is_stale.is_(False))
        .values(is_ready=True)
        .returning(PREPARED.id),
        execution_options=WITHOUT_ORM,
    ).all()
    new = [known[claim] for claim in sorted(held) if known[claim].periods]
    if not new:
        return
    told = [[period_fields(period) for period in one.periods] for one in new]
    ids = session.scalars(
        insert(AssessmentRow).returning(AssessmentRow.id, sort_by_parameter_order=True),
        [_assessment(draft_id, one, periods) for one, periods in zip(new, told, strict=True)],
    ).all()
    session.execute(
        insert(PERIODS),
        [
            {"assessment_id": id, **period}
            for id, periods in zip(ids, told, strict=True)
            for period in periods
        ],
    )
    for id, one in zip(ids, new, strict=True):
        relation = relations[one.relation_id]
        relation.prepared_assessment_id, relation.prepared_draft_id = id, draft_id
        _note_what_both_tell(relation, one)
    session.flush()


def _assessment(
    draft_id: int, one: Prepared, periods: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    assessment = {
        "relation_id": one.relation_id,
        "number": one.follows.number + 1,
        "starts_on": one.periods[0].starts_on,
        "known_from": None,
        "rules_version": RULES_VERSION,
        "draft_id": draft_id,
    }
    return follow({**assessment, **salted(periods)}, one.follows.sha256)


def _note_what_both_tell(relation: RelationRow, one: Prepared) -> None:
    """What is noted of today holds before and after: publishing touches no relation."""
    held, first = one.follows.held, one.periods[0]
    if held is None or held.status is not first.status:
        relation.status = relation.status_starts_on = relation.status_ends_on = None
    else:
        ends_on = min(held.ends_on, first.ends_on)
        note(relation, first.status.value, held.starts_on, ends_on)


def publish_prepared(draft: PolicyDraftRow, now: datetime) -> None:
    """All that is prepared counts, from one instant later than any before: for readers at once."""
    newest = draft.newest_at
    draft.known_from = now if newest is None else max(now, newest + INSTANT)


def let_go(session: Session, relations: Sequence[RelationRow]) -> None:
    """Something is about to be recorded of them; the caller holds their locks.

    What was published of them is put in its place, and what was prepared goes.
    """
    finish_prepared(session, relations)
    mark_stale(session, [relation.id for relation in relations])


def finish_prepared(session: Session, relations: Iterable[RelationRow]) -> None:
    """What was prepared becomes the last assessment if it is published, and else it goes.

    The caller holds the locks of the relations.
    """
    waiting = [one for one in relations if one.prepared_assessment_id is not None]
    if not waiting:
        return
    drafts = {relation.prepared_draft_id for relation in waiting}
    found = session.execute(
        select(PolicyDraftRow.id, PolicyDraftRow.known_from).where(PolicyDraftRow.id.in_(drafts))
    )
    instants = {id: at for id, at in found}
    of_no_use = [one for one in waiting if instants[one.prepared_draft_id] is None]
    published = [one for one in waiting if instants[one.prepared_draft_id] is not None]
    _settle(session, published, instants)
    _drop(session, of_no_use)
    session.flush()


def _settle(
    session: Session, relations: Sequence[RelationRow], instants: Mapping[int | None, Any]
) -> None:
    """Sealed anew with the instant, pointed to, and noted."""
    if not relations:
        return
    ids = [relation.prepared_assessment_id for relation in relations]
    rows = session.scalars(select(AssessmentRow).where(AssessmentRow.id.in_(ids)))
    prepared = {row.id: row for row in rows}
    before = session.execute(
        select(AssessmentRow.id, AssessmentRow.sha256).where(
            AssessmentRow.id.in_([one.assessment_id for one in relations if one.assessment_id])
        )
    )
    seals: dict[int | None, str | None] = {id: sha256 for id, sha256 in before}
    days: defaultdict[int, list[tuple[date, date, str]]] = defaultdict(list)
    for id, *day in session.execute(
        select(PERIODS.assessment_id, PERIODS.starts_on, PERIODS.ends_on, PERIODS.status)
        .where(PERIODS.assessment_id.in_(ids))
        .order_by(PERIODS.assessment_id, PERIODS.starts_on)
    ):
        starts_on, ends_on, status = day
        days[id].append((starts_on, ends_on, status))
    for relation in relations:
        row = prepared[relation.prepared_assessment_id or 0]
        row.known_from = instants[relation.prepared_draft_id]
        row.sha256 = _seal_of(row, seals.get(relation.assessment_id))
        relation.assessment_id = row.id
        relation.prepared_assessment_id = relation.prepared_draft_id = None
        starts_on, ends_on, status = days[row.id][0]
        note(relation, status, starts_on, ends_on)
        changes = (b[0] for a, b in pairwise(days[row.id]) if a[2] != b[2])
        relation.status_changes_on = next(changes, None)


def _seal_of(row: AssessmentRow, previous: str | None) -> str:
    columns = {column.key: getattr(row, column.key) for column in AssessmentRow.__table__.columns}
    return str(follow(columns, previous)["sha256"])


def _drop(session: Session, relations: Sequence[RelationRow]) -> None:
    ids = [relation.prepared_assessment_id for relation in relations]
    if ids:
        session.execute(delete(PERIODS).where(PERIODS.assessment_id.in_(ids)))
        session.execute(delete(AssessmentRow).where(AssessmentRow.id.in_(ids)))
    for relation in relations:
        relation.prepared_assessment_id = relation.prepared_draft_id = None


def clear_prepared(session: Session, limit: int) -> int:
    """Put in its place what was published, and forget what is of no use any more.

    `limit` relations at a time; returns how many.
    """
    rows = session.execute(
        select(PREPARED.id, PREPARED.relation_id, PREPARED.draft_id)
        .join(PolicyDraftRow, PolicyDraftRow.id == PREPARED.draft_id)
        .where(PolicyDraftRow.state != DraftState.PREPARING)
        .order_by(PREPARED.id)
        .limit(limit)
    ).all()
    drafts = {row.relation_id: row.draft_id for row in rows}
    relations = lock_relations(session, sorted(drafts))
    finish_prepared(session, [one for one in relations if one.prepared_draft_id == drafts[one.id]])
    session.execute(
        delete(PREPARED).where(PREPARED.id.in_([row.id for row in rows])),
        execution_options=WITHOUT_ORM,
    )
    return len(rows)
