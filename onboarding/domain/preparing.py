"""What is written down about a step before it is handed in: by an adviser, or for later."""

from dataclasses import dataclass
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.moves import text_given
from onboarding.domain.people import Actor, Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPrepared(Change):
    """A text for a step, not handed in yet."""

    code: ClassVar[str] = "step-prepared"
    milestone_id: int
    note: str


def prepare(milestone: Milestone, note: str, actor: Actor) -> StepPrepared:
    """Whoever fills in may; an adviser can do no more than this."""
    actor.must(Duty.FILL_IN)
    if not milestone.is_open() or milestone.state is MilestoneState.SUBMITTED:
        raise MoveRefused(from_state=milestone.state.value, to_state="prepared")
    return StepPrepared(milestone_id=milestone.id, note=text_given(note, "note"))
