"""Formal notices: prepared, looked at, handed over, superseded or voided."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused
from onboarding.domain.milestones import Milestone, notice_planned_on
from onboarding.domain.moves import (
    BUYER,
    TOOL,
    Who,
    check,
    check_move,
    text_given,
)
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Channel
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import WorkingCalendar


class NoticeState(StrEnum):
    """How far a notice is; only one handed over counts for the status."""

    PREPARED = "prepared"
    HELD = "held"
    HANDED_OVER = "handed-over"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


PREPARED, HELD = NoticeState.PREPARED, NoticeState.HELD
HANDED_OVER = NoticeState.HANDED_OVER
SUPERSEDED, VOIDED = NoticeState.SUPERSEDED, NoticeState.VOIDED

NOTICE_MOVES: dict[tuple[NoticeState, NoticeState], frozenset[Who]] = {
    (PREPARED, PREPARED): BUYER,  # a line added
    (HELD, HELD): BUYER,
    (PREPARED, HELD): BUYER,
    (HELD, PREPARED): BUYER,
    (PREPARED, HANDED_OVER): BUYER | TOOL,
    (HELD, HANDED_OVER): BUYER,
    (PREPARED, SUPERSEDED): BUYER | TOOL,
    (HELD, SUPERSEDED): BUYER | TOOL,
    (HANDED_OVER, VOIDED): BUYER | TOOL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedNotice:
    """A notice as written: its text holds for `planned_on`, the day on which it goes out."""

    id: int
    milestone_id: int
    missed_on: date
    state: NoticeState
    planned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePrepared(Change):
    code: ClassVar[str] = "notice-prepared"
    milestone_id: int
    missed_on: date
    planned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHeld(Change):
    code: ClassVar[str] = "notice-held"
    notice_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReleased(Change):
    """No longer held: it goes out on the day named."""

    code: ClassVar[str] = "notice-released"
    notice_id: int
    planned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLineAdded(Change):
    code: ClassVar[str] = "notice-line-added"
    notice_id: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSuperseded(Change):
    """Never handed over: what it says no longer holds, or its day has passed."""

    code: ClassVar[str] = "notice-superseded"
    notice_id: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeHandedOver(Change):
    """A fact that fixes the end of the cure period and whether the clock decides after it."""

    code: ClassVar[str] = "notice-handed-over"
    notice_id: int
    milestone_id: int
    missed_on: date
    handed_over_on: date
    channel: Channel
    cure_ends_on: date
    clock_decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeVoided(Change):
    """It did not arrive, whenever that became known; a new attempt follows."""

    code: ClassVar[str] = "notice-voided"
    notice_id: int
    because: str


def prepare_notice(milestone: Milestone, today: date, policy: Policy) -> NoticePrepared | None:
    """The notice that the day asks for: a week after the effective deadline, not before.

    None where the step is not overdue, it is too early, or one stands or waits already.
    """
    missed_on = milestone.falls_due_on()
    if missed_on is None or not milestone.is_overdue(today):
        return None
    if milestone.standing_notice() is not None or milestone.request_waits():
        return None
    cadence = policy.cadence
    prepared_on = policy.calendar.on_or_after(
        missed_on + timedelta(days=cadence.notice_prepared_after)
    )
    if today < prepared_on:
        return None
    on_list = cadence.notice_on_list_working_days
    planned_on = notice_planned_on(
        missed_on, cadence.notice_prepared_after, on_list, policy.calendar
    )
    if planned_on < today:
        planned_on = policy.calendar.add(today, on_list)
    return NoticePrepared(milestone_id=milestone.id, missed_on=missed_on, planned_on=planned_on)


def write_anew(notice: PreparedNotice, today: date, policy: Policy) -> NoticePrepared:
    """The same notice for the next working day: its day passed and nobody handed it over."""
    return NoticePrepared(
        milestone_id=notice.milestone_id,
        missed_on=notice.missed_on,
        planned_on=policy.calendar.on_or_after(today),
    )


def superseded_because(notice: PreparedNotice, pathway: Pathway, today: date) -> str | None:
    """Why a notice must not go out any more: `moot` or `day-passed`; None where it may."""
    if notice.state not in (PREPARED, HELD):
        return None
    milestone = next((m for m in pathway.milestones if m.id == notice.milestone_id), None)
    if (
        milestone is None
        or not pathway.is_running()
        or not milestone.is_overdue(today)
        or milestone.falls_due_on() != notice.missed_on
    ):
        return "moot"
    if notice.state is PREPARED and today > notice.planned_on:
        return "day-passed"
    return None


def hold_notice(notice: PreparedNotice, reason: str, actor: Actor) -> NoticeHeld:
    check_move(NOTICE_MOVES, notice.state, HELD, actor)
    if notice.state is HELD:
        raise MoveRefused(from_state=HELD.value, to_state=HELD.value)
    return NoticeHeld(notice_id=notice.id, reason=text_given(reason, "reason"))


def release_notice(
    notice: PreparedNotice, actor: Actor, today: date, policy: Policy
) -> NoticeReleased:
    """No longer held: written for the next working day."""
    check_move(NOTICE_MOVES, notice.state, PREPARED, actor)
    planned_on = policy.calendar.on_or_after(max(today, notice.planned_on))
    return NoticeReleased(notice_id=notice.id, planned_on=planned_on)


def add_line(notice: PreparedNotice, line: str, actor: Actor) -> NoticeLineAdded:
    check_move(NOTICE_MOVES, notice.state, notice.state, actor)
    return NoticeLineAdded(notice_id=notice.id, line=text_given(line, "line"))


def supersede(notice: PreparedNotice, because: str, actor: Actor) -> NoticeSuperseded:
    check_move(NOTICE_MOVES, notice.state, SUPERSEDED, actor)
    return NoticeSuperseded(notice_id=notice.id, because=because)


def cure_end(
    handed_over_on: date, cure_working_days: int, policy: Policy, calendar: WorkingCalendar
) -> date:
    """The last day to put it right: the pathway's own cure period, or the policy's if longer.

    `calendar` knows the supplier's closures, so that the period runs past them.
    """
    return calendar.add(handed_over_on, max(cure_working_days, policy.cure_working_days))


def hand_over(
    notice: PreparedNotice,
    actor: Actor,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
    cure_working_days: int,
) -> NoticeHandedOver:
    """The mail server took it. Its text holds for its own day only."""
    check_move(NOTICE_MOVES, notice.state, HANDED_OVER, actor)
    return _handed_over(notice, today, Channel.MAIL, policy, calendar, cure_working_days)


def give_otherwise(
    notice: PreparedNotice,
    given_on: date,
    channel: Channel,
    actor: Actor,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
    cure_working_days: int,
) -> NoticeHandedOver:
    """Given by letter or in person, on the day named."""
    check(actor, BUYER)
    check_move(NOTICE_MOVES, notice.state, HANDED_OVER, actor)
    if given_on > today:
        raise InputInvalid(field="given_on", reason="in-the-future", given=given_on.isoformat())
    if given_on <= notice.missed_on:
        missed_on = notice.missed_on.isoformat()
        raise InputInvalid(field="given_on", reason="before-deadline", due=missed_on)
    return _handed_over(notice, given_on, channel, policy, calendar, cure_working_days)


def void(notice: PreparedNotice, because: str, actor: Actor) -> NoticeVoided:
    """It bounced, or turned out not to have arrived."""
    check_move(NOTICE_MOVES, notice.state, VOIDED, actor)
    return NoticeVoided(notice_id=notice.id, because=because)


def _handed_over(
    notice: PreparedNotice,
    on: date,
    channel: Channel,
    policy: Policy,
    calendar: WorkingCalendar,
    cure_working_days: int,
) -> NoticeHandedOver:
    return NoticeHandedOver(
        notice_id=notice.id,
        milestone_id=notice.milestone_id,
        missed_on=notice.missed_on,
        handed_over_on=on,
        channel=channel,
        cure_ends_on=cure_end(on, cure_working_days, policy, calendar),
        clock_decides=policy.clock_decides,
    )
