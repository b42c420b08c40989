"""Moving a step: started, submitted, accepted, returned or waived, and the pathway's end."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import LimitReached, MoveRefused, NotFound
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.moves import (
    BUYER,
    CONTACT,
    Who,
    check,
    check_move,
    said_day,
    text_given,
)
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Duty, Said, Side
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import WorkingCalendar

PLANNED, STARTED = MilestoneState.PLANNED, MilestoneState.STARTED
SUBMITTED, ACCEPTED = MilestoneState.SUBMITTED, MilestoneState.ACCEPTED
WAIVED = MilestoneState.WAIVED

Moves = dict[tuple[MilestoneState, MilestoneState], frozenset[Who]]

REVIEWS: Moves = {
    (SUBMITTED, ACCEPTED): BUYER,
    (SUBMITTED, STARTED): BUYER,  # returned; beyond the limit by a manager only
    (PLANNED, WAIVED): BUYER,
    (STARTED, WAIVED): BUYER,
    (SUBMITTED, WAIVED): BUYER,
}

# Who moves a step depends on whose it is; without review what is submitted is accepted at once.
MILESTONE_MOVES: dict[Side, Moves] = {
    Side.SUPPLIER: {
        (PLANNED, STARTED): CONTACT,
        (PLANNED, SUBMITTED): CONTACT,
        (STARTED, SUBMITTED): CONTACT,
        **REVIEWS,
    },
    Side.BUYER: {
        (PLANNED, STARTED): BUYER,
        (PLANNED, ACCEPTED): BUYER,
        (STARTED, ACCEPTED): BUYER,
        (PLANNED, WAIVED): BUYER,
        (STARTED, WAIVED): BUYER,
    },
    Side.OUTSIDE: {
        (PLANNED, STARTED): BUYER | CONTACT,
        (PLANNED, SUBMITTED): BUYER | CONTACT,
        (STARTED, SUBMITTED): BUYER | CONTACT,
        **REVIEWS,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneStarted(Change):
    code: ClassVar[str] = "milestone-started"
    milestone_id: int
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSubmitted(Change):
    code: ClassVar[str] = "milestone-submitted"
    milestone_id: int
    submitted_on: date
    note: str | None = None
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneAccepted(Change):
    """`was_reviewed` tells whether somebody looked, or acceptance came by itself."""

    code: ClassVar[str] = "milestone-accepted"
    milestone_id: int
    accepted_on: date
    was_reviewed: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReturned(Change):
    code: ClassVar[str] = "milestone-returned"
    milestone_id: int
    note: str
    rework_on: date
    times_returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneTakenBack(Change):
    """It was not handed in after all; there is time until `rework_on` at least."""

    code: ClassVar[str] = "milestone-taken-back"
    milestone_id: int
    rework_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneWaived(Change):
    code: ClassVar[str] = "milestone-waived"
    milestone_id: int
    reason: str
    waived_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayCompleted(Change):
    """The last open step was accepted or waived."""

    code: ClassVar[str] = "pathway-completed"
    pathway_id: int
    over_on: date


def start(
    pathway: Pathway, milestone_id: int, actor: Actor, today: date, said: Said | None = None
) -> MilestoneStarted:
    milestone = running_step(pathway, milestone_id)
    _check(milestone, STARTED, actor, said)
    said_day(said, today)
    return MilestoneStarted(milestone_id=milestone_id, said=said)


def submit(
    pathway: Pathway,
    milestone_id: int,
    actor: Actor,
    today: date,
    note: str | None = None,
    said: Said | None = None,
) -> tuple[Change, ...]:
    """Report a step as done: the buyer's own is accepted, another waits where it is reviewed."""
    milestone = running_step(pathway, milestone_id)
    said_day(said, today)
    if milestone.owner is Side.BUYER:
        _check(milestone, ACCEPTED, actor, said)
        return _accepted(pathway, milestone, today, was_reviewed=False, note=note)
    _check(milestone, SUBMITTED, actor, said)
    submitted = MilestoneSubmitted(
        milestone_id=milestone_id, submitted_on=today, note=note, said=said
    )
    if milestone.is_reviewed:
        return (submitted,)
    return (submitted, *_accepted(pathway, milestone, today, was_reviewed=False))


def accept(
    pathway: Pathway, milestone_id: int, actor: Actor, today: date, note: str | None = None
) -> tuple[Change, ...]:
    """Accept what was submitted; the last one completes the pathway."""
    milestone = running_step(pathway, milestone_id)
    _check(milestone, ACCEPTED, actor)
    return _accepted(pathway, milestone, today, was_reviewed=True, note=note)


def return_for_rework(
    pathway: Pathway,
    milestone_id: int,
    note: str,
    actor: Actor,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
) -> MilestoneReturned:
    """Ask to add to it, with a day for it. Raises LimitReached for more times than allowed."""
    milestone = running_step(pathway, milestone_id)
    _check(milestone, STARTED, actor)
    if milestone.times_returned >= policy.rework_limit and not actor.may(Duty.GOVERN):
        raise LimitReached(what="rework", limit=policy.rework_limit)
    return MilestoneReturned(
        milestone_id=milestone_id,
        note=text_given(note, "note"),
        rework_on=calendar.on_or_after(today + timedelta(days=policy.rework_days)),
        times_returned=milestone.times_returned + 1,
    )


def take_back(
    pathway: Pathway,
    milestone_id: int,
    actor: Actor,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
) -> MilestoneTakenBack:
    """What was handed in on the supplier's behalf was not: it goes on, and no rework is counted.

    Also where acceptance came by itself; not what a buyer has looked at and accepted.
    """
    check(actor, BUYER)
    milestone = running_step(pathway, milestone_id)
    if not may_be_taken_back(milestone):
        raise MoveRefused(from_state=milestone.state.value, to_state=STARTED.value)
    return MilestoneTakenBack(
        milestone_id=milestone_id,
        rework_on=calendar.on_or_after(today + timedelta(days=policy.rework_days)),
    )


def may_be_taken_back(milestone: Milestone) -> bool:
    is_accepted_unseen = milestone.state is ACCEPTED and not milestone.is_reviewed
    return milestone.state is SUBMITTED or is_accepted_unseen


def waive(
    pathway: Pathway, milestone_id: int, reason: str, actor: Actor, today: date
) -> tuple[Change, ...]:
    """A step need not be done after all; the last one completes the pathway."""
    milestone = running_step(pathway, milestone_id)
    _check(milestone, WAIVED, actor)
    waived = MilestoneWaived(
        milestone_id=milestone_id, reason=text_given(reason, "reason"), waived_on=today
    )
    return (waived, *completion(_with(pathway, milestone, WAIVED), today))


def completion(pathway: Pathway, today: date) -> tuple[PathwayCompleted, ...]:
    """The pathway is completed where it runs and no step is open any more."""
    if not pathway.is_running() or any(milestone.is_open() for milestone in pathway.milestones):
        return ()
    return (PathwayCompleted(pathway_id=pathway.id, over_on=today),)


def running_step(pathway: Pathway, milestone_id: int) -> Milestone:
    """The step, of a pathway that runs. Raises NotFound, or MoveRefused for one that does not."""
    milestone = next((m for m in pathway.milestones if m.id == milestone_id), None)
    if milestone is None:
        raise NotFound(what="milestone")
    if not pathway.is_running():
        raise MoveRefused(from_state=pathway.state.value, to_state=pathway.state.value)
    return milestone


def _check(
    milestone: Milestone, to_state: MilestoneState, actor: Actor, said: Said | None = None
) -> None:
    """A step is accepted by review only from the supplier or outside, so the table decides."""
    table = MILESTONE_MOVES[milestone.owner]
    check_move(table, milestone.state, to_state, actor, said)


def _accepted(
    pathway: Pathway,
    milestone: Milestone,
    today: date,
    *,
    was_reviewed: bool,
    note: str | None = None,
) -> tuple[Change, ...]:
    accepted = MilestoneAccepted(
        milestone_id=milestone.id, accepted_on=today, was_reviewed=was_reviewed, note=note
    )
    return (accepted, *completion(_with(pathway, milestone, ACCEPTED), today))


def _with(pathway: Pathway, milestone: Milestone, state: MilestoneState) -> Pathway:
    moved = replace(milestone, state=state)
    milestones = tuple(moved if m.id == milestone.id else m for m in pathway.milestones)
    return replace(pathway, milestones=milestones)
