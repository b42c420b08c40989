"""From what is known now, the whole future of the buying status."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from onboarding.domain.eligibility.case import Case
from onboarding.domain.eligibility.facts import END_OF_TIME, Facts, Period, Verdict
from onboarding.domain.eligibility.rules import RULES
from onboarding.domain.eligibility.warnings import WARNINGS
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import Pathway
from onboarding.domain.policy import Policies, Policy

# Raised when the rules change; stored with each assessment, and `flask reassess` brings all along.
RULES_VERSION = 2

DAY = timedelta(days=1)


def assess(facts: Facts, policies: Policies, on: date) -> Verdict:
    """What holds on the day `on`, if nothing new is recorded."""
    policy = policies.on(on)
    case = Case(facts, policy, on)
    status, reasons = next(outcome for rule in RULES if (outcome := rule(case)))
    warnings = (warning for found in WARNINGS for warning in found(case))
    return Verdict(
        status=status,
        reasons=tuple(sorted(reasons, key=lambda reason: reason.sort_on)),
        warnings=tuple(sorted(warnings, key=lambda warning: (warning.sort_on, warning.code))),
        policy_version=policy.version,
    )


def timeline(facts: Facts, policies: Policies, start: date) -> tuple[Period, ...]:
    """The periods from `start` to the end of time, without gap or overlap.

    A verdict can only change on a day that some fact or policy names or leads to, so those days
    are assessed and the days between them are not.
    """
    days = sorted({start, *(day for day in _turning_days(facts, policies) if day > start)})
    periods: list[Period] = []
    for day in days:
        verdict = assess(facts, policies, day)
        if periods and periods[-1].verdict == verdict:
            continue
        if periods:
            periods[-1] = replace(periods[-1], ends_on=day - DAY)
        periods.append(Period(starts_on=day, ends_on=END_OF_TIME, verdict=verdict))
    return tuple(periods)


def _turning_days(facts: Facts, policies: Policies) -> Iterator[date]:
    """Every day on which something can start or end; too many do no harm."""
    for policy in policies.versions:
        yield policy.starts_on
        yield from _derived_days(facts, policy)
    for day in _days_named(facts):
        yield day
        yield day + DAY


def _days_named(value: Any) -> Iterator[date]:
    """The days anywhere in a frozen value."""
    if isinstance(value, date):
        if value < END_OF_TIME:
            yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _days_named(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _days_named(getattr(value, field.name))


def _derived_days(facts: Facts, policy: Policy) -> Iterator[date]:
    """Days that follow from a fact by counting, as this policy counts."""
    ahead = timedelta(days=-min(policy.cadence.certificate_reminders, default=0))
    for certificate in facts.certificates:
        yield certificate.last_day() - ahead
    for renewal in facts.renewals:
        if last_day := renewal.last_day():
            yield last_day + DAY
    for decision in facts.decisions:
        if first_day := decision.first_day():
            yield first_day
    for pathway in facts.pathways:
        yield from _milestone_days(pathway, policy)


def _milestone_days(pathway: Pathway, policy: Policy) -> Iterator[date]:
    for milestone in pathway.milestones:
        if milestone.state is MilestoneState.SUBMITTED and milestone.submitted_on is not None:
            late_after = policy.cadence.review_buyer_working_days
            yield policy.calendar.add(milestone.submitted_on, late_after) + DAY
