"""Milestones: their states, the days that bind, and when one is overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onboarding.domain.people import Side
from onboarding.domain.workdays import WorkingCalendar

ANSWER_GRACE_WORKING_DAYS = 5


class MilestoneState(StrEnum):
    """How far a step is."""

    PLANNED = "planned"
    STARTED = "started"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WAIVED = "waived"


class RequestKind(StrEnum):
    """What a side can put before the buyer about a step; a question is no request."""

    ANOTHER_DATE = "another-date"
    OUTSIDE_DELAY = "outside-delay"
    AMENDMENT = "amendment"  # the supplier's amendment that waits, for each step it touches
    HOLD = "hold"  # the pause that the supplier asked for, for each step that it would move
    CONTEST = "contest"  # its "this is not right" that waits, for each step it touches


# What the buyer answers for the step alone, with a day or without one.
ABOUT_THE_DAY = frozenset({RequestKind.ANOTHER_DATE, RequestKind.OUTSIDE_DELAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRequest:
    """Another day asked for, or a certifying body's delay reported.

    `made_on` is the day it was said, which decides whether it was in time; `day_number` tells
    which agreed day of the milestone it was about. `grace_ends_on` was promised with the answer:
    five working days after it. `granted_on` is the new day where it was granted; that day has
    the next number. One made by the buyer stops no clock. One that was taken back
    (`is_withdrawn`) was answered on that day.
    """

    id: int
    kind: RequestKind
    by: Side
    made_on: date
    day_number: int
    answered_on: date | None = None
    granted_on: date | None = None
    grace_ends_on: date | None = None
    is_withdrawn: bool = False

    def is_extension(self) -> bool:
        """Granted, and asked by the supplier for its own sake: it counts for the limit."""
        return (
            self.granted_on is not None
            and self.by is Side.SUPPLIER
            and self.kind is RequestKind.ANOTHER_DATE
        )

    def waits(self) -> bool:
        return self.by is not Side.BUYER and self.answered_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A formal notice that was handed over for a missed day and stands.

    Whether the clock decides counts as it stood at the hand-over.
    """

    id: int
    missed_on: date
    handed_over_on: date
    cure_ends_on: date
    clock_decides: bool = False
    reply_made_on: date | None = None
    reply_answered_on: date | None = None

    def reply_waits(self) -> bool:
        return self.reply_made_on is not None and self.reply_answered_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step of an agreed pathway, as it stands.

    `title` is a code of a template or the buyer's own text. `due_on` is the agreed day, moved by
    amendments, granted requests and holds; `day_number` is raised by the first two, not by a
    hold. `notice` is the standing notice, if handed over; `notice_planned_on` the day on which
    one that was prepared would go out, unless a buyer holds it.
    """

    id: int
    title: str
    owner: Side
    state: MilestoneState
    due_on: date
    day_number: int = 1
    is_reviewed: bool = False
    rework_on: date | None = None
    times_returned: int = 0
    submitted_on: date | None = None
    requests: tuple[DateRequest, ...] = ()
    notice: Notice | None = None
    notice_planned_on: date | None = None
    notice_is_held: bool = False

    def is_open(self) -> bool:
        return self.state not in (MilestoneState.ACCEPTED, MilestoneState.WAIVED)

    def request_waits(self) -> bool:
        return any(request.waits() for request in self.requests)

    def is_owed_by_supplier(self) -> bool:
        """Open, the supplier's, and not lying with the buyer for review."""
        return (
            self.owner is Side.SUPPLIER
            and self.is_open()
            and self.state is not MilestoneState.SUBMITTED
        )

    def falls_due_on(self) -> date | None:
        """The effective deadline; None while a request made in time waits for its answer.

        The latest of the agreed day, the rework day and five working days after the answer to
        the first request that was made in time. The request whose grant led to the agreed day
        was made before that day, so its five days count for it too. One that was taken back
        takes no other's place: the first of those that were answered counts beside it.
        """
        due_on = max(self.due_on, self.rework_on or self.due_on)
        asked = sorted(
            (request for request in self.requests if request.by is not Side.BUYER),
            key=lambda request: (request.made_on, request.id),
        )
        led_here = [r for r in asked if r.granted_on and r.day_number == self.day_number - 1]
        about_it = [r for r in asked if r.day_number == self.day_number and not r.waits()]
        answered = [request for request in about_it if not request.is_withdrawn]
        for request in (*led_here[-1:], *about_it[:1], *answered[:1]):
            if request.made_on <= due_on and request.grace_ends_on is not None:
                due_on = max(due_on, request.grace_ends_on)
        if any(request.waits() and request.made_on <= due_on for request in asked):
            return None
        return due_on

    def calendar_day(self) -> date:
        """Where it stands in a calendar: also while it stands still, and with whomever it lies."""
        return self.falls_due_on() or max(self.due_on, self.rework_on or self.due_on)

    def is_overdue(self, on: date) -> bool:
        if not self.is_owed_by_supplier():
            return False
        due_on = self.falls_due_on()
        return due_on is not None and on > due_on

    def standing_notice(self) -> Notice | None:
        """The notice for the day that is missed now; one for an earlier day is moot."""
        if self.notice is None or self.notice.missed_on != self.falls_due_on():
            return None
        return self.notice


def notice_planned_on(
    missed_on: date, prepared_after: int, on_list_working_days: int, calendar: WorkingCalendar
) -> date:
    """The day on which a notice would go out: prepared, then two working days on the work list.

    `prepared_after` is in days from the effective deadline.
    """
    prepared_on = calendar.on_or_after(missed_on + timedelta(days=prepared_after))
    return calendar.add(prepared_on, on_list_working_days)
