"""Which assessment answers for which days: the status of many relations through time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Period
from onboarding.store.assessments import period_value
from onboarding.store.published import known_from
from onboarding.store.tables import AssessmentRow, StatusPeriodRow

DAY = timedelta(days=1)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One period as an assessment tells it, cut to the days for which that assessment answers."""

    period: Period
    number: int
    known_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An assessment as stored: it answers from `starts_on` until the next one does."""

    number: int
    starts_on: date
    known_from: datetime
    periods: Sequence[Period]


def cut_to_days(assessments: Iterable[Known]) -> tuple[Told, ...]:
    """The periods of a relation, each cut to the days for which its assessment answers.

    `assessments` come in the order of their numbers. Of several that start on one day the last
    answers; later ones start later, or on the same day.
    """
    by_day = {one.starts_on: one for one in assessments}
    answering = [by_day[day] for day in sorted(by_day)]
    found: list[Told] = []
    for one, following in zip(answering, [*answering[1:], None], strict=True):
        last_day = date.max if following is None else following.starts_on - DAY
        for period in one.periods:
            if period.starts_on <= last_day:
                is_whole = period.ends_on <= last_day
                cut = period if is_whole else replace(period, ends_on=last_day)
                found.append(Told(period=cut, number=one.number, known_from=one.known_from))
    return tuple(found)


def told_periods(
    session: Session, relation_ids: Sequence[int], known_at: datetime | None = None
) -> dict[int, tuple[Told, ...]]:
    """The gapless periods of each relation from its first day to the end of time.

    What was known at `known_at`, else what is known now. The answer for a day is that of the last
    assessment known that starts on or before it, so each assessment answers until the day before
    the next one starts. A relation of which nothing was known yet is left out.
    """
    told: dict[int, tuple[Told, ...]] = {}
    for start in range(0, len(relation_ids), AT_ONCE):
        told |= _told_at_once(session, relation_ids[start : start + AT_ONCE], known_at)
    return told


def _told_at_once(
    session: Session, relation_ids: Sequence[int], known_at: datetime | None
) -> dict[int, tuple[Told, ...]]:
    since = known_from(AssessmentRow)
    query = (
        select(AssessmentRow, since)
        .where(AssessmentRow.relation_id.in_(relation_ids))
        .where(since.is_not(None) if known_at is None else since <= known_at)
        .order_by(AssessmentRow.relation_id, AssessmentRow.number)
    )
    # Of several that start on one day the last answers: the others' periods are not read.
    answering: defaultdict[int, dict[date, tuple[AssessmentRow, datetime]]] = defaultdict(dict)
    for row, instant in session.execute(query):
        answering[row.relation_id][row.starts_on] = row, instant
    ids = [row.id for days in answering.values() for row, _ in days.values()]
    periods = _periods(session, ids)
    return {
        relation_id: cut_to_days(
            Known(
                number=row.number,
                starts_on=row.starts_on,
                known_from=instant,
                periods=periods[row.id],
            )
            for row, instant in by_day.values()
        )
        for relation_id, by_day in answering.items()
    }


def _periods(session: Session, assessment_ids: Sequence[int]) -> defaultdict[int, list[Period]]:
    periods: defaultdict[int, list[Period]] = defaultdict(list)
    for start in range(0, len(assessment_ids), AT_ONCE):
        for row in session.scalars(
            select(StatusPeriodRow)
            .where(StatusPeriodRow.assessment_id.in_(assessment_ids[start : start + AT_ONCE]))
            .order_by(StatusPeriodRow.assessment_id, StatusPeriodRow.starts_on)
        ):
            periods[row.assessment_id].append(period_value(row))
    return periods
