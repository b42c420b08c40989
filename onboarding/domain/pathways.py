"""Pathways: their states, whose turn it is, and the moves between states."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from onboarding.domain.agreements import Signature
from onboarding.domain.milestones import Milestone
from onboarding.domain.moves import BUYER, MANAGER, SIGNATORY, TOOL, Who
from onboarding.domain.people import Side
from onboarding.domain.plans import Plan
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

DRAFT, PROPOSED, COUNTERED = PathwayState.DRAFT, PathwayState.PROPOSED, PathwayState.COUNTERED
AGREED, ON_HOLD = PathwayState.AGREED, PathwayState.ON_HOLD
COMPLETED, DECLINED, STOPPED = PathwayState.COMPLETED, PathwayState.DECLINED, PathwayState.STOPPED

# A counter-proposal is signed: when the buyer agrees to it, the supplier has agreed already.
PATHWAY_MOVES: dict[tuple[PathwayState, PathwayState], frozenset[Who]] = {
    (DRAFT, DRAFT): BUYER,
    (DRAFT, PROPOSED): BUYER,
    (PROPOSED, COUNTERED): SIGNATORY,
    (COUNTERED, PROPOSED): BUYER,
    (PROPOSED, AGREED): SIGNATORY,
    (COUNTERED, AGREED): BUYER,
    (PROPOSED, DECLINED): SIGNATORY,
    (COUNTERED, DECLINED): SIGNATORY,
    (PROPOSED, DRAFT): BUYER,
    (COUNTERED, DRAFT): BUYER,
    (AGREED, ON_HOLD): BUYER,
    (ON_HOLD, AGREED): BUYER | TOOL,
    (AGREED, COMPLETED): TOOL,
    (ON_HOLD, COMPLETED): TOOL,
    (AGREED, STOPPED): SIGNATORY | MANAGER,
    (ON_HOLD, STOPPED): SIGNATORY | MANAGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A pathway as far as the buying status asks.

    `target` is that of the last agreed version. `window_ends_on` is set each time the turn
    passes to the supplier, from the hand-over of the first proposal; while the buyer has the
    turn, or the proposal is not handed over yet, it is None. `over_on` and `over_by` tell when
    and by whom it was completed, declined or stopped; `end_stands` is False while the supplier
    says that this is not right, and for good where it is so. `hold` is the hold in force or to
    come.
    """

    id: int
    state: PathwayState
    target: Level | None = None
    proposed_on: date | None = None
    window_ends_on: date | None = None
    over_on: date | None = None
    over_by: Side | None = None
    end_stands: bool = True
    hold: Span | None = None
    cure_working_days: int = 0
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days a supplier has for its turns together.

    `remaining_days` is None until the first proposal was handed over; `ends_on` is set while
    the supplier has the turn.
    """

    remaining_days: int | None = None
    ends_on: date | None = None

    def begun(self, handed_over_on: date, days: int) -> "Window":
        return Window(remaining_days=days, ends_on=handed_over_on + timedelta(days=days))

    def to_buyer(self, on: date) -> "Window":
        """The days left are kept; none passes while the buyer has the turn."""
        if self.ends_on is None:
            return self
        return Window(remaining_days=max((self.ends_on - on).days, 0))

    def to_supplier(self, on: date) -> "Window":
        if self.remaining_days is None:
            return self
        return replace(self, ends_on=on + timedelta(days=self.remaining_days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiation:
    """A pathway as it lies on the table: the last version, and who put it there."""

    id: int
    state: PathwayState
    plan: Plan
    version: int = 0
    signature: Signature | None = None
    window: Window = Window()
