"""A clock that stands still until a test moves it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from onboarding.clock import Clock, Moment

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Amsterdam


@dataclass(frozen=True)
class SettableClock(Clock):
    """Stands still until a test moves it: `set`, `forward(days=1)`."""

    instants: list[datetime] = field(default_factory=lambda: [NOW])

    def real_now(self) -> datetime:
        return self.instants[-1]

    def set(self, instant: datetime) -> Moment:
        self.instants.append(instant)
        return self.moment()

    def forward(self, **distance: float) -> Moment:
        return self.set(self.real_now() + timedelta(**distance))
