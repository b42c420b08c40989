"""Days on which a supplier is closed, such as the builders' holiday: told by itself, beforehand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.milestones import Milestone
from onboarding.domain.moves import BUYER, CONTACT, check, not_past, said_day
from onboarding.domain.people import Actor, Said
from onboarding.domain.workdays import DAY, Span

# Cure periods run past a closure, so it must not be a way never to be late.
LONGEST = timedelta(days=42)
MOST_IN_A_YEAR = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """One closure of one supplier."""

    id: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureAdded(Change):
    """The supplier is closed from `starts_on` up to and including `ends_on`."""

    code: ClassVar[str] = "closure-added"
    starts_on: date
    ends_on: date
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCalledOff(Change):
    """It is open after all; `last_day` is the last on which it was closed, None for none."""

    code: ClassVar[str] = "closure-called-off"
    closure_id: int
    starts_on: date
    ends_on: date
    last_day: date | None = None


def add_closure(
    span: Span, known: Iterable[Closure], actor: Actor, today: date, said: Said | None = None
) -> ClosureAdded:
    """Told on the day or before it. Raises InputInvalid where it cannot be, saying the limit."""
    check(actor, CONTACT, said)
    not_past(span.starts_on, said_day(said, today), "starts_on")
    if span.ends_on < span.starts_on:
        start = span.starts_on.isoformat()
        raise InputInvalid(field="ends_on", reason="before-start", start=start)
    if _length(span) > LONGEST:
        latest = span.starts_on + LONGEST - DAY
        raise InputInvalid(field="ends_on", reason="too-late", latest=latest.isoformat())
    others = [one.span for one in known]
    for other in others:
        if span.starts_on <= other.ends_on and other.starts_on <= span.ends_on:
            days = {"first": other.starts_on.isoformat(), "last": other.ends_on.isoformat()}
            raise InputInvalid(field="starts_on", reason="closed-then", **days)
    for year in {span.starts_on.year, span.ends_on.year}:
        closed = sum((_within(one, year) for one in (span, *others)), timedelta())
        if closed > MOST_IN_A_YEAR:
            most = MOST_IN_A_YEAR.days
            raise InputInvalid(field="ends_on", reason="closed-too-long", most=most, year=year)
    return ClosureAdded(starts_on=span.starts_on, ends_on=span.ends_on, said=said)


def call_off_closure(closure: Closure, actor: Actor, today: date) -> ClosureCalledOff:
    """Open after all, from today. Raises MoveRefused for one that is over."""
    check(actor, BUYER | CONTACT)
    span = closure.span
    if span.ends_on < today:
        raise MoveRefused(from_state="over", to_state="called-off")
    return ClosureCalledOff(
        closure_id=closure.id,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        last_day=today - DAY if span.starts_on < today else None,
    )


def falls_in(milestones: Iterable[Milestone], spans: Sequence[Span]) -> list[Milestone]:
    """What the supplier still owes on a day on which it is closed, the first day first."""
    owed = [(m.falls_due_on(), m) for m in milestones if m.is_owed_by_supplier()]
    found = [(due, m) for due, m in owed if due and any(due in span for span in spans)]
    return [m for _, m in sorted(found, key=lambda one: (one[0], one[1].id))]


def _length(span: Span) -> timedelta:
    return span.ends_on - span.starts_on + DAY


def _within(span: Span, year: int) -> timedelta:
    """How much of it lies in a calendar year."""
    first, last = max(span.starts_on, date(year, 1, 1)), min(span.ends_on, date(year, 12, 31))
    return max(last - first + DAY, timedelta())
