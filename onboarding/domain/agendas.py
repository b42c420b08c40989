"""Days for people's own calendars: what stands on which day, and how often that day moved."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onboarding.domain.people import Side

# Days of things that keep no count only ever move later: the day itself counts.
LONG_AGO = date(2020, 1, 1)


class DayKind(StrEnum):
    """What a day is the day of."""

    STEP = "step"
    REVIEW = "review"  # by when a buyer looks at what was handed in
    WARNING = "warning"  # on which a formal notice goes out
    CERTIFICATE = "certificate"  # the last one of a certificate
    RECHECK = "recheck"  # of a recognition
    DECISION = "decision"  # the last one of an exemption, equivalent proof or grant


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaDay:
    """One thing on one day, which is all day long.

    `thing_id` is that of the milestone, notice, certificate, …; with the kind it is the same for
    ever. `sequence` rises when the day moves or the thing is over. `known_on` is the day on which
    it came to be so. `title` and `asked` are those of the step, where it is about one. What is
    `is_over` is done (`is_done`) or no longer needed.
    """

    kind: DayKind
    thing_id: int
    day: date
    sequence: int
    known_on: date
    relation_id: int
    customer: str
    supplier: str
    title: str = ""
    asked: str = ""
    owner: Side = Side.SUPPLIER
    is_over: bool = False
    is_done: bool = False


def step_sequence(times_moved: int, *, is_over: bool) -> int:
    """Higher each time the day moved, and when the step is over; a step taken back counts as one
    that moved.
    """
    return 2 * times_moved + is_over


def sequence_of(day: date) -> int:
    """For days that only ever move later."""
    return max(0, (day - LONG_AGO).days)
