"""Planning back from a wished certificate day, and what is possible where that is too soon."""

from dataclasses import dataclass
from datetime import date

from onboarding.domain.errors import InputInvalid
from onboarding.domain.plans import MONTHS, Plan, add_months
from onboarding.domain.templates import Template, certificate_day, schedule, schedule_back
from onboarding.domain.workdays import WorkingCalendar

# Days further away are mistakes in typing.
FURTHEST_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a pathway from a template would begin.

    `certificate_on` is the day by which the certificate, or else the last step, is there. Where
    a wished day is too soon the start `has_passed`; then `earliest_on` is the first day on which
    it can be there, with a start on `earliest_start`.
    """

    plan: Plan
    certificate_on: date
    earliest_start: date
    earliest_on: date
    has_passed: bool = False


def begin_on(
    template: Template, starts_on: date, today: date, calendar: WorkingCalendar
) -> Beginning:
    """From a start day, which may lie some time back: late agreement moves all days along."""
    check_start(starts_on, today)
    return _beginning(template, schedule(template, starts_on, calendar), today, calendar)


def begin_for(
    template: Template, wished_on: date, today: date, calendar: WorkingCalendar
) -> Beginning:
    """The latest start, a working day, for which the certificate is there on the wished day."""
    check_near(wished_on, "wished_on", today, today)
    latest = schedule_back(template, wished_on, calendar).starts_on
    plan = schedule(template, calendar.on_or_before(latest), calendar)
    return _beginning(template, plan, today, calendar, has_passed=plan.starts_on < today)


def check_start(starts_on: date, today: date) -> None:
    """Raises InputInvalid for a start day that was mistyped."""
    check_near(starts_on, "starts_on", add_months(today, -MONTHS * FURTHEST_YEARS), today)


def check_near(day: date, field: str, earliest: date, today: date) -> None:
    """Raises InputInvalid for a day before `earliest`, or so far away that it was mistyped."""
    furthest = add_months(today, MONTHS * FURTHEST_YEARS)
    if day < earliest:
        raise InputInvalid(field=field, reason="too-early", earliest=earliest.isoformat())
    if day > furthest:
        raise InputInvalid(field=field, reason="too-late", latest=furthest.isoformat())


def _beginning(
    template: Template,
    plan: Plan,
    today: date,
    calendar: WorkingCalendar,
    *,
    has_passed: bool = False,
) -> Beginning:
    earliest = schedule(template, calendar.on_or_after(today), calendar)
    return Beginning(
        plan=plan,
        certificate_on=certificate_day(plan),
        earliest_start=earliest.starts_on,
        earliest_on=certificate_day(earliest),
        has_passed=has_passed,
    )
