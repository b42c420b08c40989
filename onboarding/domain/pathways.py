"""Pathways: their states, whose turn it is, and the moves between states."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onboarding.domain.milestones import Milestone
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span


class PathwayState(StrEnum):
    """How far a pathway is; the last three are over."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    COUNTERED = "countered"
    AGREED = "agreed"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    DECLINED = "declined"
    STOPPED = "stopped"


OVER = frozenset({PathwayState.COMPLETED, PathwayState.DECLINED, PathwayState.STOPPED})
NEGOTIATED = frozenset({PathwayState.PROPOSED, PathwayState.COUNTERED})
RUNNING = frozenset({PathwayState.AGREED, PathwayState.ON_HOLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A pathway as far as the buying status asks.

    `target` is that of the last agreed version. `window_ends_on` is set each time the turn
    passes to the supplier, from the hand-over of the first proposal; while the buyer has the
    turn, or the proposal is not handed over yet, it is None. `over_on` and `over_by` tell when
    and by whom it was completed, declined or stopped. `hold` is the hold in force or to come.
    """

    id: int
    state: PathwayState
    target: Level | None = None
    proposed_on: date | None = None
    window_ends_on: date | None = None
    over_on: date | None = None
    over_by: Side | None = None
    hold: Span | None = None
    milestones: tuple[Milestone, ...] = ()

    def is_over(self) -> bool:
        return self.state in OVER

    def is_running(self) -> bool:
        return self.state in RUNNING

    def turn(self) -> Side:
        """Whose turn it is to agree."""
        return Side.SUPPLIER if self.state is PathwayState.PROPOSED else Side.BUYER

    def window_is_over(self, on: date) -> bool:
        return (
            self.state is PathwayState.PROPOSED
            and self.window_ends_on is not None
            and on > self.window_ends_on
        )

    def last_day(self) -> date | None:
        return max((milestone.due_on for milestone in self.milestones), default=None)
