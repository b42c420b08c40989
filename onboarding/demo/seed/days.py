"""The days of the seed, counted from today: everything in the demo is relative to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from onboarding.clock import Moment
from onboarding.domain.reminders import is_digest_day
from onboarding.domain.workdays import WorkingCalendar

MORNING = time(8, 5)  # local: the worker's round that sends reminders
HISTORY = timedelta(days=400)
RECENTLY = timedelta(days=56)


@dataclass(frozen=True, slots=True)
class Days:
    """`now` is the local time at which the demo is made; `calendar` that of its first policy."""

    now: datetime
    calendar: WorkingCalendar
    history: timedelta = HISTORY

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def first(self) -> date:
        """The day on which the customer began with the tool."""
        return self.calendar.on_or_after(self.today - self.history)

    @property
    def last(self) -> date:
        """The last working day whose morning round was before now."""
        day = self.today if self.now.time() > MORNING else self.today - timedelta(days=1)
        return self.calendar.on_or_before(day)

    def ago(self, days: int) -> date:
        """A working day about so many days before the last one."""
        return self.calendar.on_or_before(self.last - timedelta(days=days))

    def ahead(self, days: int) -> date:
        """A working day about so many days after today."""
        return self.calendar.on_or_after(self.today + timedelta(days=days))

    def after(self, day: date, working_days: int = 1) -> date:
        return self.calendar.add(day, working_days)

    def before(self, day: date, days: int) -> date:
        return self.calendar.on_or_before(day - timedelta(days=days))

    def mornings(self) -> list[date]:
        """The working days of the worker's rounds: of late all, before that the first of a week.

        What a round missed the next one makes up for, as after an outage; nobody who tries the
        tool looks that far back, and a demo should be there within the minute.
        """
        count = (self.last - self.first).days
        days = [self.first + timedelta(days=n) for n in range(count + 1)]
        recent = self.last - RECENTLY
        return [
            day
            for day in days
            if (day > recent and self.calendar.is_working(day))
            or (day <= recent and is_digest_day(day, self.calendar))
        ]

    def at(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.now.tzinfo)


def moment_at(instant: datetime) -> Moment:
    """The moment of an instant that is told in local time."""
    return Moment(now=instant.astimezone(UTC), today=instant.date())
