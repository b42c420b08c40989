"""The one place that reads the system clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens, taken once per request or job.

    `now` is an instant in UTC; `today` is the installation's local date at that instant.
    """

    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the moment in the installation's time zone.

    `offset` is how far the business date runs ahead of the system's: zero, except where the
    demo's time machine has jumped. Sessions, links and tokens live on `real_now`.
    """

    zone: ZoneInfo
    offset: Callable[[], timedelta] = timedelta

    def moment(self) -> Moment:
        return self.moment_at(self.real_now() + self.offset())

    def moment_at(self, instant: datetime) -> Moment:
        instant = instant.astimezone(UTC)
        return Moment(now=instant, today=instant.astimezone(self.zone).date())

    @staticmethod
    def real_now() -> datetime:
        return datetime.now(UTC)
