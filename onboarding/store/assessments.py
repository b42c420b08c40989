"""Assessments: the stored timeline of a relation's buying status, insert-only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import (
    RULES_VERSION,
    Period,
    Reason,
    Status,
    Verdict,
)
from onboarding.store.current_status import note
from onboarding.store.database import IDS
from onboarding.store.published import LAST_ASSESSMENT
from onboarding.store.seals import sealed_assessment
from onboarding.store.tables import AssessmentRow, RelationRow, StatusPeriodRow

INSTANT = timedelta(microseconds=1)
# Built once: they run with every change.
LAST = (
    select(AssessmentRow)
    .join(RelationRow, AssessmentRow.id == LAST_ASSESSMENT)
    .where(RelationRow.id.in_(IDS))
)
PERIODS = (
    select(StatusPeriodRow)
    .where(StatusPeriodRow.assessment_id.in_(IDS))
    .order_by(StatusPeriodRow.assessment_id, StatusPeriodRow.starts_on)
)


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
    rows = session.scalars(LAST, {"ids": list(relation_ids)}).all()
    periods: defaultdict[int, tuple[Period, ...]] = defaultdict(tuple)
    for period in session.scalars(PERIODS, {"ids": [row.id for row in rows]}):
        periods[period.assessment_id] += (period_value(period),)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimeline:
    """What is to be stored for a relation; `last` is the assessment it had."""

    relation_id: int
    last: AssessmentRow | None
    periods: Sequence[Period]


def add_assessments(session: Session, timelines: Sequence[NewTimeline], now: datetime) -> None:
    """Store new timelines, in sets; the caller holds the lock of each relation, which loaded it.

    What was prepared of them was let go before (`store/prepared.py`).
    """
    if not timelines:
        return
    told = [[period_fields(period) for period in one.periods] for one in timelines]
    ids = session.scalars(
        insert(AssessmentRow).returning(AssessmentRow.id, sort_by_parameter_order=True),
        [
            sealed_assessment(_assessment(one, now), periods, one.last)
            for one, periods in zip(timelines, told, strict=True)
        ],
    ).all()
    session.execute(
        insert(StatusPeriodRow),
        [
            {"assessment_id": assessment_id, **period}
            for assessment_id, periods in zip(ids, told, strict=True)
            for period in periods
        ],
    )
    for assessment_id, one in zip(ids, timelines, strict=True):
        relation, current = session.get_one(RelationRow, one.relation_id), one.periods[0]
        relation.assessment_id = assessment_id
        note(relation, current.verdict.status.value, current.starts_on, current.ends_on)
    session.flush()


def add_assessment(
    session: Session,
    relation_id: int,
    last: AssessmentRow | None,
    periods: Sequence[Period],
    now: datetime,
) -> None:
    """Store one new timeline; the caller holds the relation's lock."""
    timeline = NewTimeline(relation_id=relation_id, last=last, periods=periods)
    add_assessments(session, [timeline], now)


def period_fields(period: Period) -> dict[str, Any]:
    """The period as it is stored, apart from whose it is."""
    return {
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "status": period.status.value,
        "reasons": reasons_as_json(period.verdict.reasons),
        "warnings": reasons_as_json(period.verdict.warnings),
        "policy_version": period.verdict.policy_version,
    }


def _assessment(one: NewTimeline, now: datetime) -> dict[str, Any]:
    last = one.last
    earliest = now if last is None or last.known_from is None else last.known_from + INSTANT
    return {
        "relation_id": one.relation_id,
        "number": 1 if last is None else last.number + 1,
        "starts_on": one.periods[0].starts_on,
        "known_from": max(now, earliest),
        "rules_version": RULES_VERSION,
    }
