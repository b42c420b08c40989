"""A plan: the dated steps and terms that a proposal, a counter-proposal or an amendment holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from onboarding.domain.errors import InputInvalid, LimitReached
from onboarding.domain.people import Actor, Duty, Side
from onboarding.domain.policy import Level, Policy
from onboarding.domain.workdays import DAY, WorkingCalendar

LONGEST_TITLE = 200
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a plan. `title` is a code of a template or the buyer's own text.

    `evidence` holds codes of what is asked. Where the day is no working day it moves on, or back
    where `moves_back`. `milestone_id` is set for a step that is already agreed.
    """

    title: str
    due_on: date
    owner: Side = Side.SUPPLIER
    is_reviewed: bool = False
    evidence: tuple[str, ...] = ()
    explanation: str | None = None
    moves_back: bool = False
    milestone_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in the order in which they are shown, relative to `starts_on`, and the terms.

    `cure_working_days` is at least the policy's once proposed.
    """

    starts_on: date
    steps: tuple[Step, ...]
    target: Level | None = None
    template: str | None = None
    template_version: int | None = None
    cure_working_days: int = 0
    contract: str | None = None

    def last_day(self) -> date | None:
        return max((step.due_on for step in self.steps), default=None)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))


def on_working_day(step: Step, calendar: WorkingCalendar) -> Step:
    shift = calendar.on_or_before if step.moves_back else calendar.on_or_after
    return replace(step, due_on=shift(step.due_on))


def on_working_days(plan: Plan, calendar: WorkingCalendar) -> Plan:
    """The plan with each step on a working day."""
    return replace(plan, steps=tuple(on_working_day(step, calendar) for step in plan.steps))


def lateness(plan: Plan, agreed_on: date) -> int:
    """The days by which agreement comes after the planned start; 0 when it is in time."""
    return max((agreed_on - plan.starts_on).days, 0)


def moved_by(plan: Plan, days: int, calendar: WorkingCalendar) -> Plan:
    """The plan with its start and each step `days` later, onto working days."""
    if days == 0:
        return plan
    moved = timedelta(days=days)
    steps = tuple(replace(step, due_on=step.due_on + moved) for step in plan.steps)
    return on_working_days(replace(plan, starts_on=plan.starts_on + moved, steps=steps), calendar)


def as_agreed_on(plan: Plan, agreed_on: date, calendar: WorkingCalendar) -> Plan:
    """The plan as agreeing on that day would make it: what the page shows before agreeing."""
    return moved_by(plan, lateness(plan, agreed_on), calendar)


def longest_until(starts_on: date, policy: Policy) -> date:
    """The last day that a pathway from `starts_on` may have under the policy."""
    return add_months(starts_on, policy.longest_months)


def check_plan(plan: Plan, policy: Policy, actor: Actor) -> None:
    """Raises InputInvalid naming the step, or LimitReached where it lasts longer than allowed."""
    if not plan.steps:
        raise InputInvalid(field="steps", reason="no-steps")
    for number, step in enumerate(plan.steps, start=1):
        if not step.title.strip():
            raise InputInvalid(field="title", step=number, reason="required")
        if len(step.title) > LONGEST_TITLE:
            raise InputInvalid(field="title", step=number, reason="too-long", longest=LONGEST_TITLE)
        if step.due_on < plan.starts_on:
            raise InputInvalid(
                field="due_on", step=number, reason="before-start", start=plan.starts_on.isoformat()
            )
    last_day, longest = plan.last_day(), longest_until(plan.starts_on, policy)
    if last_day is not None and last_day > longest and not actor.may(Duty.GOVERN):
        raise LimitReached(what="longest-months", limit=policy.longest_months)


@dataclass(frozen=True, slots=True)
class PlanRemark:
    """Something a buyer should see about a step before proposing; it stops nothing."""

    step: int
    code: str


def remarks(plan: Plan, calendar: WorkingCalendar) -> Iterator[PlanRemark]:
    """Steps that fall together, before the one they follow, on a day off, or in a closure.

    Steps are numbered from 1.
    """
    open_calendar = calendar.with_closures(())
    days: set[date] = set()
    before = date.min
    for number, step in enumerate(plan.steps, start=1):
        if step.due_on in days:
            yield PlanRemark(number, "same-day")
        elif step.due_on < before:
            yield PlanRemark(number, "too-early")
        days.add(step.due_on)
        before = step.due_on
        if not open_calendar.is_working(step.due_on):
            yield PlanRemark(number, "day-off")
        elif not calendar.is_working(step.due_on):
            yield PlanRemark(number, "closure")
