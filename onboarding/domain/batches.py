"""One thing done to many suppliers: what it can be, how far each of them is, and its waves."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import DomainError, InputInvalid
from onboarding.domain.moves import not_past
from onboarding.domain.workdays import WorkingCalendar

MOST_IN_A_WAVE = 1000
MOST_DAYS_BETWEEN = 60
LONGEST_AHEAD = timedelta(days=366)


class BatchKind(StrEnum):
    """What is done to each supplier."""

    ENROL = "enrol"
    TAKE_OUT = "take-out"
    ASSIGN = "assign"
    PROPOSE = "propose"


class ItemState(StrEnum):
    """How far one supplier of a batch is."""

    WAITING = "waiting"  # not begun
    PLANNED = "planned"  # a draft lies ready for its day
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"  # taken back
    KEPT = "kept"  # done, and could not be taken back


class BulkRefused(DomainError):
    """Nothing is done to this supplier, or nothing taken back; facts: `reason`."""

    code = "bulk-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBegun(Change):
    code: ClassVar[str] = "batch-begun"
    batch_id: int
    kind: BatchKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchUndone(Change):
    """Somebody wants it taken back; what went out stays."""

    code: ClassVar[str] = "batch-undone"
    batch_id: int
    kind: BatchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """`size` suppliers on the first day, and as many each time `working_days` later."""

    first_on: date
    size: int
    working_days: int

    def days(self, count: int, calendar: WorkingCalendar) -> tuple[date, ...]:
        """The day of each wave for so many suppliers; all are working days."""
        days = [calendar.on_or_after(self.first_on)]
        for _ in range((count - 1) // self.size):
            days.append(calendar.add(days[-1], self.working_days))
        return tuple(days)


def check_waves(waves: Waves, count: int, today: date, calendar: WorkingCalendar) -> None:
    """Raises InputInvalid for a passed day, a number out of range, or waves too far ahead."""
    not_past(waves.first_on, today, "first_on")
    latest = today + LONGEST_AHEAD
    if waves.first_on > latest:
        raise InputInvalid(field="first_on", reason="too-late", latest=latest.isoformat())
    for field, number, most in (
        ("size", waves.size, MOST_IN_A_WAVE),
        ("working_days", waves.working_days, MOST_DAYS_BETWEEN),
    ):
        if not 1 <= number <= most:
            raise InputInvalid(field=field, reason="out-of-range", least=1, most=most)
    at_least = max(count - 1, 0) // waves.size * waves.working_days  # days after the first
    if at_least > LONGEST_AHEAD.days or waves.days(count, calendar)[-1] > latest:
        raise InputInvalid(field="size", reason="waves-too-far", latest=latest.isoformat())
