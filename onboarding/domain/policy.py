"""The buying policy: versioned, in force from a day, never rewritten."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from onboarding.domain.workdays import WorkingCalendar


class Level(StrEnum):
    """The steps of the PSO, low to high. Source: pso-nederland.nl."""

    ASPIRANT = "aspirant"
    BASIS = "basis"
    TREDE_1 = "trede-1"
    TREDE_2 = "trede-2"
    TREDE_3 = "trede-3"

    def reaches(self, other: "Level") -> bool:
        order = tuple(Level)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """When whom is told, in days from the day in question unless the name says otherwise."""

    milestone_reminders: tuple[int, ...] = (-14, -3, 1)
    call_after_working_days: int = 2
    notice_prepared_after: int = 7
    notice_on_list_working_days: int = 2
    proposal_reminders: tuple[int, ...] = (7, 14)
    window_reminders: tuple[int, ...] = (-14, -3)
    review_buyer_working_days: int = 5
    review_manager_working_days: int = 10
    certificate_reminders: tuple[int, ...] = (-180, -90, -30)
    decision_reminders: tuple[int, ...] = (-30, -7)
    next_year_before: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version. `calendar` holds the days off that the version observes, as values.

    A grant that makes more days than `grant_longest_days`, or is for a supplier with a yearly
    spend of `grant_spend_limit` euros or more, needs a second manager; None asks for none.
    """

    version: int
    starts_on: date
    required_level: Level = Level.TREDE_1
    preferred_level: Level = Level.TREDE_2
    window_days: int = 60
    cure_working_days: int = 10
    rework_days: int = 14
    rework_limit: int = 2
    longest_months: int = 31
    extension_limit: int = 2
    grant_longest_days: int | None = None
    grant_spend_limit: int | None = None
    clock_decides: bool = False
    observes_good_friday: bool = False
    observes_liberation_day: bool = True
    cadence: Cadence = field(default_factory=Cadence)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)


@dataclass(frozen=True, slots=True)
class Policies:
    """All versions, by the day each came into force; the first also holds on all earlier days."""

    versions: tuple[Policy, ...]

    def on(self, day: date) -> Policy:
        place = bisect_right([policy.starts_on for policy in self.versions], day)
        return self.versions[max(place - 1, 0)]
