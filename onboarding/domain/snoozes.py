"""A buyer puts off the reminders about a step, or about all of a supplier, until after a day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.moves import BUYER, check, not_past, text_given
from onboarding.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersPutOff(Change):
    """Both sides can read it. No day moves, and a warning still goes."""

    code: ClassVar[str] = "reminders-put-off"
    until_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersGoOn(Change):
    """Before the day that was named."""

    code: ClassVar[str] = "reminders-go-on"
    was_until_on: date


def put_off(
    until_on: date, reason: str, deadline_on: date | None, actor: Actor, today: date
) -> RemindersPutOff:
    """Raises InputInvalid for a passed day.

    Also for one on or after the day of the step: whoever wants that moves the day.
    """
    check(actor, BUYER)
    not_past(until_on, today, "until_on")
    if deadline_on is not None and today < deadline_on <= until_on:
        raise InputInvalid(field="until_on", reason="after-deadline", due=deadline_on.isoformat())
    return RemindersPutOff(until_on=until_on, reason=text_given(reason, "reason"))


def go_on(until_on: date, ended_on: date | None, actor: Actor, today: date) -> RemindersGoOn:
    """Raises MoveRefused for one that is over."""
    check(actor, BUYER)
    if ended_on is not None or until_on < today:
        raise MoveRefused(from_state="over", to_state="over")
    return RemindersGoOn(was_until_on=until_on)
