"""Publishing a policy: every field within its bounds, in force from tomorrow at the earliest."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid
from onboarding.domain.moves import MANAGER, check
from onboarding.domain.people import Actor
from onboarding.domain.policy import Level, Policies, Policy
from onboarding.domain.workdays import DAY

# field: (least, most). A cure period is ten working days or more.
BOUNDS: dict[str, tuple[int, int]] = {
    "window_days": (14, 365),
    "cure_working_days": (10, 60),
    "rework_days": (1, 90),
    "rework_limit": (0, 10),
    "longest_months": (1, 60),
    "extension_limit": (0, 20),
}
# Empty where the policy has no such limit.
OPTIONAL_BOUNDS: dict[str, tuple[int, int]] = {
    "grant_longest_days": (1, 1830),
    "grant_spend_limit": (1, 1_000_000_000),
}
CADENCE_BOUNDS: dict[str, tuple[int, int]] = {
    "call_after_working_days": (1, 20),
    "notice_prepared_after": (1, 60),
    "notice_on_list_working_days": (2, 20),
    "review_buyer_working_days": (1, 60),
    "review_manager_working_days": (1, 90),
    "next_year_before": (0, 180),
}
# Days from the day in question, each once; before it they are negative.
STAGE_BOUNDS: dict[str, tuple[int, int]] = {
    "milestone_reminders": (-90, 30),
    "proposal_reminders": (1, 90),
    "window_reminders": (-90, -1),
    "certificate_reminders": (-365, -1),
    "decision_reminders": (-365, -1),
}
MOST_STAGES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPublished(Change):
    """A new version; `changed` names the fields that differ from the version before it."""

    code: ClassVar[str] = "policy-published"
    version: int
    starts_on: date
    required_level: Level
    preferred_level: Level
    clock_decides: bool
    changed: tuple[str, ...]


def publish(
    policies: Policies, wanted: Policy, actor: Actor, today: date
) -> tuple[Policy, PolicyPublished]:
    """`wanted` with its number, and the change. Raises InputInvalid for the first wrong field."""
    check(actor, MANAGER)
    last = max(policies.versions, key=lambda policy: policy.version)
    earliest = max(today + DAY, last.starts_on)
    if wanted.starts_on < earliest:
        raise InputInvalid(field="starts_on", reason="too-early", earliest=earliest.isoformat())
    check_fields(wanted)
    policy = replace(wanted, version=last.version + 1)
    return policy, PolicyPublished(
        version=policy.version,
        starts_on=policy.starts_on,
        required_level=policy.required_level,
        preferred_level=policy.preferred_level,
        clock_decides=policy.clock_decides,
        changed=differences(last, policy),
    )


def check_fields(policy: Policy) -> None:
    """Raises InputInvalid where a value is out of its bounds or contradicts another."""
    if not policy.preferred_level.reaches(policy.required_level):
        raise InputInvalid(field="preferred_level", reason="below-required")
    for name, bounds in BOUNDS.items():
        _check_within(name, getattr(policy, name), bounds)
    for name, bounds in OPTIONAL_BOUNDS.items():
        if getattr(policy, name) is not None:
            _check_within(name, getattr(policy, name), bounds)
    cadence = policy.cadence
    for name, bounds in CADENCE_BOUNDS.items():
        _check_within(name, getattr(cadence, name), bounds)
    for name, bounds in STAGE_BOUNDS.items():
        stages: tuple[int, ...] = getattr(cadence, name)
        if len(stages) > MOST_STAGES:
            raise InputInvalid(field=name, reason="too-many", most=MOST_STAGES)
        if list(stages) != sorted(set(stages)):
            raise InputInvalid(field=name, reason="not-in-order")
        for stage in stages:
            _check_within(name, stage, bounds)
    if cadence.review_manager_working_days <= cadence.review_buyer_working_days:
        raise InputInvalid(
            field="review_manager_working_days",
            reason="too-early",
            earliest=cadence.review_buyer_working_days + 1,
        )


def _check_within(name: str, value: int, bounds: tuple[int, int]) -> None:
    least, most = bounds
    if not least <= value <= most:
        raise InputInvalid(field=name, reason="out-of-range", least=least, most=most)


def differences(before: Policy, after: Policy) -> tuple[str, ...]:
    """The names of the fields that differ, those of the cadence among them."""
    names = (
        "required_level",
        "preferred_level",
        *BOUNDS,
        *OPTIONAL_BOUNDS,
        "clock_decides",
        "observes_good_friday",
        "observes_liberation_day",
    )
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    for name in (*STAGE_BOUNDS, *CADENCE_BOUNDS):
        if getattr(before.cadence, name) != getattr(after.cadence, name):
            changed.append(name)
    return tuple(changed)
