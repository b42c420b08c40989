"""What would follow from notices that nobody sent yet: told when asked, never the status."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from onboarding.domain.eligibility.facts import Facts, Period
from onboarding.domain.eligibility.timeline import timeline
from onboarding.domain.milestones import Milestone, Notice, notice_planned_on
from onboarding.domain.notices import cure_end
from onboarding.domain.pathways import Pathway
from onboarding.domain.policy import Policies
from onboarding.domain.workdays import DAY, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedNotice:
    """A notice as it would go out if nothing changes, and what its hand-over would fix."""

    milestone_id: int
    milestone: str
    missed_on: date
    handed_over_on: date
    cure_ends_on: date
    clock_decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The timeline that would follow, and the notices it follows from, the first first."""

    periods: tuple[Period, ...]
    notices: tuple[PlannedNotice, ...]


def project(
    facts: Facts, policies: Policies, on: date, closures: Iterable[Span] = ()
) -> Projection:
    """From the day `on`: each notice not yet sent goes out as planned, and nobody answers it.

    `closures` are the days on which the supplier is closed: a cure period runs past them. What is
    held by a buyer, or waits for the buyer's answer, goes nowhere by itself.
    """
    closed = tuple(closures)
    planned: list[PlannedNotice] = []
    pathways = []
    for pathway in facts.pathways:
        if pathway.is_running():
            steps = [_with_notice(m, pathway, policies, on, closed) for m in pathway.milestones]
            planned += [notice for _, notice in steps if notice is not None]
            pathway = replace(pathway, milestones=tuple(milestone for milestone, _ in steps))
        pathways.append(pathway)
    return Projection(
        periods=timeline(replace(facts, pathways=tuple(pathways)), policies, on),
        notices=tuple(sorted(planned, key=lambda one: (one.handed_over_on, one.milestone_id))),
    )


def _with_notice(
    milestone: Milestone,
    pathway: Pathway,
    policies: Policies,
    on: date,
    closures: tuple[Span, ...],
) -> tuple[Milestone, PlannedNotice | None]:
    missed_on = milestone.falls_due_on()
    if (
        missed_on is None
        or not milestone.is_owed_by_supplier()
        or milestone.standing_notice() is not None
        or milestone.notice_is_held
        or milestone.request_waits()
    ):
        return milestone, None
    handed_over_on = _goes_out_on(milestone, missed_on, pathway, policies, on)
    policy = policies.on(handed_over_on)  # what holds at the hand-over counts
    planned = PlannedNotice(
        milestone_id=milestone.id,
        milestone=milestone.title,
        missed_on=missed_on,
        handed_over_on=handed_over_on,
        cure_ends_on=cure_end(
            handed_over_on,
            pathway.cure_working_days,
            policy,
            policy.calendar.with_closures(closures),
        ),
        clock_decides=policy.clock_decides,
    )
    notice = Notice(
        id=0,
        missed_on=missed_on,
        handed_over_on=planned.handed_over_on,
        cure_ends_on=planned.cure_ends_on,
        clock_decides=planned.clock_decides,
    )
    return replace(milestone, notice=notice), planned


def _goes_out_on(
    milestone: Milestone, missed_on: date, pathway: Pathway, policies: Policies, on: date
) -> date:
    """The planned day, or the first working day that it can be; not during a hold."""
    policy = policies.on(max(on, missed_on))
    calendar, cadence = policy.calendar, policy.cadence
    day = milestone.notice_planned_on
    if day is None or day <= missed_on:
        on_list = cadence.notice_on_list_working_days
        day = notice_planned_on(missed_on, cadence.notice_prepared_after, on_list, calendar)
        if day < on:
            day = calendar.add(on, on_list)
    day = calendar.on_or_after(max(day, on))
    if pathway.hold is not None and day in pathway.hold:
        day = calendar.on_or_after(pathway.hold.ends_on + DAY)
    return day
