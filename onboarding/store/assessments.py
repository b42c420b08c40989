"""Assessments: the stored timeline of a relation's buying status, insert-only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import (
    RULES_VERSION,
    Period,
    Reason,
    Status,
    Verdict,
)
from onboarding.store.tables import AssessmentRow, RelationRow, StatusPeriodRow

INSTANT = timedelta(microseconds=1)


def reasons_as_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [{"code": reason.code, "facts": reason.facts} for reason in reasons]


def reasons_value(stored: Sequence[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(item["code"], item["facts"]) for item in stored)


def period_value(row: StatusPeriodRow) -> Period:
    return Period(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        verdict=Verdict(
            status=Status(row.status),
            reasons=reasons_value(row.reasons),
            warnings=reasons_value(row.warnings),
            policy_version=row.policy_version,
        ),
    )


def last_assessments(
    session: Session, relation_ids: Sequence[int]
) -> dict[int, tuple[AssessmentRow, tuple[Period, ...]]]:
    """The last assessment of each relation that has one, with its periods."""
    rows = list(
        session.scalars(
            select(AssessmentRow)
            .join(RelationRow, RelationRow.assessment_id == AssessmentRow.id)
            .where(RelationRow.id.in_(relation_ids))
        )
    )
    periods: defaultdict[int, tuple[Period, ...]] = defaultdict(tuple)
    for row in session.scalars(
        select(StatusPeriodRow)
        .where(StatusPeriodRow.assessment_id.in_([row.id for row in rows]))
        .order_by(StatusPeriodRow.assessment_id, StatusPeriodRow.starts_on)
    ):
        periods[row.assessment_id] += (period_value(row),)
    return {row.relation_id: (row, periods[row.id]) for row in rows}


def from_day(periods: Sequence[Period], day: date) -> tuple[Period, ...]:
    """What is left of the periods from `day` on."""
    return tuple(
        period
        if period.starts_on >= day
        else Period(starts_on=day, ends_on=period.ends_on, verdict=period.verdict)
        for period in periods
        if period.ends_on >= day
    )


def add_assessment(
    session: Session,
    relation_id: int,
    last: AssessmentRow | None,
    periods: Sequence[Period],
    now: datetime,
) -> AssessmentRow:
    """Store a new timeline; the caller holds the relation's lock."""
    known_from = now if last is None else max(now, last.known_from + INSTANT)
    row = AssessmentRow(
        relation_id=relation_id,
        number=1 if last is None else last.number + 1,
        starts_on=periods[0].starts_on,
        known_from=known_from,
        rules_version=RULES_VERSION,
    )
    session.add(row)
    session.flush()
    session.add_all(
        StatusPeriodRow(
            assessment_id=row.id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            status=period.status,
            reasons=reasons_as_json(period.verdict.reasons),
            warnings=reasons_as_json(period.verdict.warnings),
            policy_version=period.verdict.policy_version,
        )
        for period in periods
    )
    session.execute(
        update(RelationRow).where(RelationRow.id == relation_id).values(assessment_id=row.id)
    )
    session.flush()
    return row
