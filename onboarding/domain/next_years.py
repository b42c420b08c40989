"""The year after a pathway whose steps come back: when it is near, and its plan."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.moves import BUYER, check, text_given
from onboarding.domain.people import Actor
from onboarding.domain.plans import MONTHS, Plan, add_months
from onboarding.domain.policy import Policy
from onboarding.domain.templates import Template, schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class NextYearSkipped(Change):
    """A buyer said why there is no pathway for the year after this one."""

    code: ClassVar[str] = "next-year-skipped"
    pathway_id: int
    reason: str


def begins_on(started_on: date) -> date:
    """The first day of the year after a pathway that started on that day."""
    return add_months(started_on, MONTHS)


def near_from_start(today: date, policy: Policy) -> date:
    """The last start of a pathway whose next year is near: to be prepared from today on."""
    return add_months(today + timedelta(days=policy.cadence.next_year_before), -MONTHS)


def next_year(template: Template, started_on: date, today: date, policy: Policy) -> Plan:
    """The steps that come back, a year later, or from today where that day has passed."""
    starts_on = policy.calendar.on_or_after(max(begins_on(started_on), today))
    steps = replace(template, steps=template.yearly_steps)
    return schedule(steps, starts_on, policy.calendar, template.target_under(policy))


def skip(pathway_id: int, reason: str, actor: Actor) -> NextYearSkipped:
    check(actor, BUYER)
    return NextYearSkipped(pathway_id=pathway_id, reason=text_given(reason, "reason"))
