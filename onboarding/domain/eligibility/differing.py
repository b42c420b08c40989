"""Where two timelines of one relation tell different things."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onboarding.domain.eligibility.facts import Period, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Days, both inclusive, on which the timelines differ, with what each holds on the first."""

    starts_on: date
    ends_on: date
    before: Verdict
    after: Verdict


def status_of(verdict: Verdict) -> Status:
    return verdict.status


def told(verdict: Verdict) -> tuple[Status, tuple[str, ...]]:
    """What a reader takes from a verdict: the status and why, whatever the days in the reasons."""
    return verdict.status, tuple(sorted({reason.code for reason in verdict.reasons}))


def in_short(verdict: Verdict) -> tuple[object, ...]:
    """What a short list tells apart: the status, why, and what to mind; not each step or day."""
    return (*told(verdict), tuple(sorted({warning.code for warning in verdict.warnings})))


def differences(
    before: Sequence[Period],
    after: Sequence[Period],
    by: Callable[[Verdict], object] = told,
) -> tuple[Difference, ...]:
    """The days on which two timelines from the same day differ, the first first.

    Days that follow each other and tell the same two things are one difference.
    """
    found: list[Difference] = []
    days = sorted({period.starts_on for period in (*before, *after)})
    for day in days:
        one, other = _at(before, day), _at(after, day)
        if by(one.verdict) == by(other.verdict):
            continue
        ends_on = min(one.ends_on, other.ends_on)
        last = found[-1] if found else None
        if (
            last is not None
            and (day - last.ends_on).days == 1
            and by(last.before) == by(one.verdict)
            and by(last.after) == by(other.verdict)
        ):
            found[-1] = replace(last, ends_on=ends_on)
        else:
            found.append(
                Difference(starts_on=day, ends_on=ends_on, before=one.verdict, after=other.verdict)
            )
    return tuple(found)


def runs(periods: Sequence[Period], by: Callable[[Verdict], object] = told) -> tuple[Period, ...]:
    """Periods that follow each other and tell the same, as one with the verdict of the first."""
    found: list[Period] = []
    for period in periods:
        if found and by(found[-1].verdict) == by(period.verdict):
            found[-1] = replace(found[-1], ends_on=period.ends_on)
        else:
            found.append(period)
    return tuple(found)


def _at(periods: Sequence[Period], day: date) -> Period:
    return next(period for period in periods if day <= period.ends_on)
