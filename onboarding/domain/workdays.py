"""Working days: which days count, and counting them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `starts_on` up to and including `ends_on`."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Weekdays without the days off; `closures` are one supplier's own (the bouwvak, say)."""

    days_off: frozenset[date] = frozenset()
    closures: tuple[Span, ...] = ()

    def is_working(self, day: date) -> bool:
        return (
            day.weekday() < SATURDAY
            and day not in self.days_off
            and not any(day in closure for closure in self.closures)
        )

    def with_closures(self, closures: Iterable[Span]) -> "WorkingCalendar":
        return WorkingCalendar(self.days_off, tuple(closures))

    def on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_working(day):
            day -= DAY
        return day

    def add(self, day: date, working_days: int) -> date:
        """The day `working_days` working days after `day`, which itself is not counted."""
        step = DAY if working_days >= 0 else -DAY
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def count(self, after: date, until: date) -> int:
        """The working days after `after`, up to and including `until`; negative backwards."""
        if until < after:
            return -self.count(until, after)
        days = (until - after).days
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, days + 1))
