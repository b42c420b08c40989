"""Decisions: a person's word, with a reason and days, that the rules follow."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ANNOUNCED_BEFORE = timedelta(days=14)


class DecisionKind(StrEnum):
    """What a decision does."""

    GRANT = "grant"
    BLOCK = "block"
    EXEMPT = "exempt"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Days are inclusive. `ended_on` is the first day on which it no longer holds.

    For a block: `announced_on` is the day its announcement was handed over, `reply_made_on` and
    `reply_answered_on` the days of the supplier's reply and of the manager's answer to it.
    """

    id: int
    kind: DecisionKind
    starts_on: date
    ends_on: date | None = None
    ended_on: date | None = None
    is_urgent: bool = False
    announced_on: date | None = None
    reply_made_on: date | None = None
    reply_answered_on: date | None = None

    def waits_for_answer(self) -> bool:
        return self.reply_made_on is not None and self.reply_answered_on is None

    def first_day(self) -> date | None:
        """The first day on which it holds; None while a block waits for something.

        A block that is not urgent waits for the hand-over of its announcement and starts 14 days
        later or more; a reply made before the block holds makes it wait for the answer.
        """
        first = self.starts_on
        if self.kind is not DecisionKind.BLOCK:
            return first
        if not self.is_urgent:
            if self.announced_on is None:
                return None
            first = max(first, self.announced_on + ANNOUNCED_BEFORE)
        if self.reply_made_on is not None and self.reply_made_on <= first:
            if self.reply_answered_on is None:
                return None
            first = max(first, self.reply_answered_on)
        return first

    def covers(self, on: date) -> bool:
        first = self.first_day()
        return (
            first is not None
            and first <= on
            and (self.ends_on is None or on <= self.ends_on)
            and (self.ended_on is None or on < self.ended_on)
        )

    def has_held(self, by: date) -> bool:
        """Whether there was a day up to `by` on which it held."""
        first = self.first_day()
        return first is not None and first <= by and self.covers(first)
