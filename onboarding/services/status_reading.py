"""Reads the stored buying status: on a day, as known at an instant, of one relation or many.

`read_statuses` answers for any number of relations with a constant number of statements (per
thousand), `read_status` for one, `whole_timeline` gives all runs of a relation through time. What
is read here is what was stored; nothing is calculated from facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Action, Period, Reason, Status, action
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.store.status_history import Told, told_periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The buying status of a relation on the day `on`.

    `since`, `until` and `then` are about the run of days with this one status, whatever its
    reasons: its first day, its last, and the status that follows. `until` and `then` are None
    when nothing recorded ends it. `number` and `known_from` are those of the assessment that
    answers for the day.
    """

    relation_id: int
    on: date
    status: Status
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    policy_version: int
    since: date
    until: date | None
    then: Status | None
    number: int
    known_from: datetime

    @property
    def action(self) -> Action:
        return action(self.status)


def read_statuses(
    session: Session, relation_ids: Sequence[int], on: date, known_at: datetime | None = None
) -> dict[int, Reading]:
    """The status of each relation on `on`, as known at `known_at` (default: as known now).

    A relation is left out where nothing is known of that day: it did not exist yet, or was not
    known yet. The caller has checked that the actor may see the relations.
    """
    told = told_periods(session, relation_ids, known_at)
    found = ((relation_id, reading(relation_id, told[relation_id], on)) for relation_id in told)
    return {relation_id: one for relation_id, one in found if one is not None}


def read_status(
    session: Session, relation_id: int, on: date, known_at: datetime | None = None
) -> Reading | None:
    """The same of one relation; None where nothing is known of that day."""
    return read_statuses(session, [relation_id], on, known_at).get(relation_id)


def whole_timeline(
    session: Session, relation_id: int, known_at: datetime | None = None
) -> tuple[Period, ...]:
    """What the status was, is and will be: every period from the first day to 9999-12-31."""
    told = told_periods(session, [relation_id], known_at).get(relation_id, ())
    return tuple(one.period for one in told)


def reading(relation_id: int, told: Sequence[Told], on: date) -> Reading | None:
    """The status on `on` with the run of days it belongs to; None where nothing is told of it."""
    place = next((n for n, one in enumerate(told) if on <= one.period.ends_on), None)
    if place is None or on < told[place].period.starts_on:
        return None
    here = told[place]
    verdict = here.period.verdict
    first = last = place
    while first > 0 and told[first - 1].period.status is verdict.status:
        first -= 1
    while last + 1 < len(told) and told[last + 1].period.status is verdict.status:
        last += 1
    ends_on = told[last].period.ends_on
    return Reading(
        relation_id=relation_id,
        on=on,
        status=verdict.status,
        reasons=verdict.reasons,
        warnings=verdict.warnings,
        policy_version=verdict.policy_version,
        since=told[first].period.starts_on,
        until=None if ends_on >= END_OF_TIME else ends_on,
        then=None if ends_on >= END_OF_TIME else told[last + 1].period.status,
        number=here.number,
        known_from=here.known_from,
    )
