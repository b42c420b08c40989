"""Assessments prepared for a policy to come, and the one moment at which all become visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Table, and_, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from onboarding.domain.announcements import next_change_on
from onboarding.domain.eligibility import RULES_VERSION, Period
from onboarding.domain.policy_drafts import DraftState
from onboarding.store.assessments import INSTANT, period_fields
from onboarding.store.database import IDS
from onboarding.store.seals import follow, salted
from onboarding.store.tables import (
    AssessmentRow,
    PolicyDraftRow,
    PreparedAssessmentRow,
    PreparedPeriodRow,
    RelationRow,
    StatusPeriodRow,
)

PREPARED, PERIODS = PreparedAssessmentRow, PreparedPeriodRow
# As tables, not as mapped classes: many rows are written at once.
ROWS: Table = PREPARED.__table__  # type: ignore[assignment]
ASSESSMENTS: Table = AssessmentRow.__table__  # type: ignore[assignment]
AT_ONCE = 1000
WITHOUT_ORM = {"synchronize_session": False}
# Built once: it runs with every change.
MARK_STALE = (
    update(ROWS)
    .where(ROWS.c.relation_id.in_(IDS), ROWS.c.is_stale.is_(False))
    .values(is_stale=True)
)
OF_PERIOD = ("starts_on", "ends_on", "status", "reasons", "warnings", "policy_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a relation's assessment will be; without periods it stays the one that is stored."""

    claim: int
    periods: Sequence[Period]


def mark_stale(session: Session, relation_ids: Sequence[int]) -> None:
    """Something was recorded: what was prepared before is prepared again before it is used."""
    session.connection().execute(MARK_STALE, {"ids": list(relation_ids)})


def unprepared(session: Session, draft: PolicyDraftRow, today: date, limit: int) -> list[int]:
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
        .where(RelationRow.customer_id == draft.customer_id, PREPARED.id.is_(None))
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
    session: Session, draft_id: int, relation_ids: Sequence[int], starts_on: date
) -> dict[int, int]:
    """In the place of what was prepared of these relations before; their locks are held.

    From then on a claim tells whether something about its relation was recorded. Returns the
    claim of each relation.
    """
    before = select(PREPARED.id).where(
        PREPARED.draft_id == draft_id, PREPARED.relation_id.in_(relation_ids)
    )
    _forget(session, list(session.scalars(before)))
    ids = session.scalars(
        insert(PREPARED).returning(PREPARED.id, sort_by_parameter_order=True),
        [
            {
                "draft_id": draft_id,
                "relation_id": relation_id,
                "starts_on": starts_on,
                "is_ready": False,
                "is_new": False,
                "is_stale": False,
            }
            for relation_id in relation_ids
        ],
    ).all()
    return dict(zip(relation_ids, ids, strict=True))


def add_prepared(session: Session, found: Sequence[Prepared]) -> None:
    """Store the periods of claims that still hold; one that went stale meanwhile is left out."""
    known = {one.claim: one for one in found}
    held = session.scalars(
        update(PREPARED)
        .where(PREPARED.id.in_(known), PREPARED.is_stale.is_(False))
        .values(is_ready=True)
        .returning(PREPARED.id),
        execution_options=WITHOUT_ORM,
    ).all()
    new = [known[claim] for claim in sorted(held) if known[claim].periods]
    told = [[period_fields(period) for period in one.periods] for one in new]
    if not new:
        return
    session.connection().execute(
        update(ROWS).where(ROWS.c.id == bindparam("claim")).values(is_new=True),
        [
            {
                "claim": one.claim,
                **salted(periods),
                "status_changes_on": next_change_on(one.periods, one.periods[0].starts_on),
            }
            for one, periods in zip(new, told, strict=True)
        ],
    )
    session.execute(
        insert(PERIODS),
        [
            {"prepared_id": one.claim, **period}
            for one, periods in zip(new, told, strict=True)
            for period in periods
        ],
    )


def lock_all_relations(session: Session, customer_id: int) -> None:
    """Every relation of the customer, in the order of their ids, until the transaction ends."""
    session.execute(
        select(RelationRow.id)
        .where(RelationRow.customer_id == customer_id)
        .order_by(RelationRow.id)
        .with_for_update(key_share=True)
    )


def make_visible(session: Session, draft: PolicyDraftRow, now: datetime) -> int:
    """Store all that is prepared as the next assessment of each relation, known from one instant.

    In sets, whatever the number; the locks of all relations are held. Returns how many.
    """
    is_current = (
        PREPARED.draft_id == draft.id,
        PREPARED.is_ready,
        PREPARED.is_new,
        RelationRow.customer_id == draft.customer_id,
    )
    last_known = session.scalar(
        select(func.max(AssessmentRow.known_from))
        .join(RelationRow, RelationRow.assessment_id == AssessmentRow.id)
        .where(RelationRow.customer_id == draft.customer_id)
    )
    known_from = now if last_known is None else max(now, last_known + INSTANT)
    found = session.execute(
        select(
            PREPARED.relation_id,
            (func.coalesce(AssessmentRow.number, 0) + 1).label("number"),
            PREPARED.starts_on,
            PREPARED.salt,
            PREPARED.periods_sha256,
            AssessmentRow.sha256,
        )
        .join(RelationRow, RelationRow.id == PREPARED.relation_id)
        .outerjoin(AssessmentRow, AssessmentRow.id == RelationRow.assessment_id)
        .where(*is_current)
        .order_by(PREPARED.relation_id)
    )
    added = 0
    for rows in found.mappings().partitions(AT_ONCE):
        told = [{**row, "known_from": known_from, "rules_version": RULES_VERSION} for row in rows]
        session.connection().execute(
            insert(ASSESSMENTS), [follow(one, one.pop("sha256")) for one in told]
        )
        added += len(told)
    instant = literal(known_from, ASSESSMENTS.c.known_from.type)
    is_the_new = and_(
        AssessmentRow.relation_id == PREPARED.relation_id, AssessmentRow.known_from == instant
    )
    session.execute(
        insert(StatusPeriodRow).from_select(
            ["assessment_id", *OF_PERIOD],
            select(AssessmentRow.id, *(getattr(PERIODS, name) for name in OF_PERIOD))
            .select_from(PREPARED)
            .join(RelationRow, RelationRow.id == PREPARED.relation_id)
            .join(AssessmentRow, is_the_new)
            .join(PERIODS, PERIODS.prepared_id == PREPARED.id)
            .where(*is_current)
            .order_by(PERIODS.id),
        )
    )
    newest = select(AssessmentRow.id).where(
        AssessmentRow.relation_id == RelationRow.id, AssessmentRow.known_from == instant
    )
    own = PREPARED.draft_id == draft.id, PREPARED.relation_id == RelationRow.id, PREPARED.is_new
    today = PERIODS.prepared_id == PREPARED.id, PERIODS.starts_on == PREPARED.starts_on
    which = select(PREPARED.relation_id).where(PREPARED.draft_id == draft.id, PREPARED.is_new)
    session.execute(
        update(RelationRow)
        .where(RelationRow.id.in_(which), RelationRow.customer_id == draft.customer_id)
        .values(
            assessment_id=newest.scalar_subquery(),
            status=select(PERIODS.status).where(*own, *today).scalar_subquery(),
            status_starts_on=select(PERIODS.starts_on).where(*own, *today).scalar_subquery(),
            status_ends_on=select(PERIODS.ends_on).where(*own, *today).scalar_subquery(),
            status_changes_on=select(PREPARED.status_changes_on).where(*own).scalar_subquery(),
        ),
        execution_options=WITHOUT_ORM,
    )
    return added


def clear_prepared(session: Session, limit: int) -> int:
    """Forget what is of no use any more, `limit` relations at a time; returns how many."""
    ids = list(
        session.scalars(
            select(PREPARED.id)
            .join(PolicyDraftRow, PolicyDraftRow.id == PREPARED.draft_id)
            .where(PolicyDraftRow.state != DraftState.PREPARING)
            .order_by(PREPARED.id)
            .limit(limit)
        )
    )
    _forget(session, ids)
    return len(ids)


def _forget(session: Session, prepared_ids: Sequence[int]) -> None:
    if prepared_ids:
        for query in (
            delete(PERIODS).where(PERIODS.prepared_id.in_(prepared_ids)),
            delete(PREPARED).where(PREPARED.id.in_(prepared_ids)),
        ):
            session.execute(query, execution_options=WITHOUT_ORM)
