"""The plan of an amendment: whether it can be, what it touches, and what accepting makes of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from onboarding.domain.errors import InputInvalid
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor
from onboarding.domain.plans import Plan, Step, check_plan, on_working_day
from onboarding.domain.policy import Policy


def touched(pathway: Pathway, plan: Plan) -> tuple[int, ...]:
    """The open steps that the plan gives another day or owner, or leaves out."""
    planned = {step.milestone_id: (step.due_on, step.owner) for step in plan.steps}
    return tuple(
        m.id for m in pathway.milestones if m.is_open() and planned.get(m.id) != (m.due_on, m.owner)
    )


def as_accepted(plan: Plan, touches: Sequence[int], pathway: Pathway) -> Plan:
    """The plan as accepting it now would make it.

    What it does not touch, or what is done by now, keeps the day that it has.
    """
    kept = {m.id: m.due_on for m in pathway.milestones if m.id not in touches or not m.is_open()}
    steps = tuple(
        replace(step, due_on=kept[step.milestone_id]) if step.milestone_id in kept else step
        for step in plan.steps
    )
    return replace(plan, steps=steps)


def checked_plan(
    pathway: Pathway, before: Plan, plan: Plan, actor: Actor, today: date, policy: Policy
) -> Plan:
    """The plan on working days in the order of its days, with its own start and at least the
    cure period that it had.

    Raises InputInvalid where nothing differs from `before`, or a step cannot be as it is asked.
    """
    cure = max(plan.cure_working_days, before.cure_working_days)
    plan = replace(plan, starts_on=before.starts_on, cure_working_days=cure)
    check_plan(plan, policy, actor)
    by_id = {m.id: m for m in pathway.milestones}
    kept: list[Step] = []
    for number, step in enumerate(plan.steps, start=1):
        # Each step of the agreement stands in it once, and one that is over stays as it was.
        milestone = by_id.pop(step.milestone_id, None) if step.milestone_id else None
        is_moved = milestone is None or milestone.due_on != step.due_on
        is_kept = milestone is not None and (milestone.is_open() or not is_moved)
        if step.milestone_id is not None and not is_kept:
            raise InputInvalid(field="milestone", step=number, reason="closed")
        if is_moved and step.due_on < today:
            raise InputInvalid(field="due_on", step=number, reason="in-the-past")
        kept.append(step if not is_moved else on_working_day(step, policy.calendar))
    plan = replace(plan, steps=tuple(sorted(kept, key=lambda step: step.due_on)))
    if _content(plan) == _content(before):
        raise InputInvalid(field="steps", reason="nothing-changed")
    return plan


def from_template(
    planned: Sequence[Step], agreed: Sequence[Step], done: Sequence[str]
) -> tuple[Step, ...]:
    """The steps of another template for a pathway that runs.

    A step with the title of an open one takes its place; one that was done already is left out.
    """
    left, over = list(agreed), list(done)
    steps = []
    for step in planned:
        same = next((old for old in left if old.title == step.title), None)
        if same is not None:
            left.remove(same)
            steps.append(replace(step, milestone_id=same.milestone_id))
        elif step.title in over:
            over.remove(step.title)
        else:
            steps.append(step)
    return tuple(steps)


def _content(plan: Plan) -> tuple[object, ...]:
    """What both sides agree to; the order of the steps is no part of it."""
    return plan.target, plan.template, plan.template_version, frozenset(plan.steps)
