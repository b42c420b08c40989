"""What a page shows of a pathway: values without a row in them."""

from dataclasses import dataclass
from datetime import date

from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import NEGOTIATED, OVER, RUNNING, PathwayState
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from onboarding.domain.workdays import Span
from onboarding.services.pathway.amendment_reading import AmendmentView
from onboarding.services.pathway.hold_reading import HoldView
from onboarding.services.waiting import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """Another day asked for, or a delay reported; `answered_on` is None while it waits."""

    id: int
    kind: str
    by: Side
    made_on: date
    asked_due_on: date
    reason: str
    answered_on: date | None
    granted_on: date | None
    answer: str | None
    is_withdrawn: bool = False

    def waits(self) -> bool:
        return self.answered_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice: prepared or held (the buyer's eyes only), or handed over."""

    id: int
    state: str
    missed_on: date
    planned_on: date
    is_on_its_way: bool
    hold_reason: str | None
    added_line: str | None
    handed_over_on: date | None
    given_by: str | None
    cure_ends_on: date | None
    clock_decides: bool
    reply: str | None
    reply_made_on: date | None
    reply_answered_on: date | None
    reply_answer: str | None

    def is_unsent(self) -> bool:
        return self.state in ("prepared", "held")

    def reply_waits(self) -> bool:
        return self.reply_made_on is not None and self.reply_answered_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """Something handed in; the evidence pages serve it by its id."""

    id: int
    file_name: str
    uploaded_on: date
    by: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step, agreed or still on the table (`id` is None then).

    `code` is what a pill shows: planned, started, returned, submitted, accepted, waived, overdue.
    `due_on` is the day that binds now; `agreed_due_on` the agreed one, `original_due_on` the day
    first agreed. `moved_due_on` is the day that agreeing today would give a step on the table.
    One that `stands_still` does not fall due before the buyer has answered.
    """

    id: int | None
    title: str
    explanation: str | None
    evidence: tuple[str, ...]
    owner: Side
    is_reviewed: bool
    state: MilestoneState
    code: str
    due_on: date
    agreed_due_on: date
    original_due_on: date
    moved_due_on: date | None = None
    rework_on: date | None = None
    submitted_on: date | None = None
    accepted_on: date | None = None
    note: str | None = None
    times_returned: int = 0
    revision: int = 0
    is_overdue: bool = False
    is_owed: bool = False
    stands_still: bool = False
    moves_back: bool = False
    requests: tuple[RequestView, ...] = ()
    notices: tuple[NoticeView, ...] = ()
    files: tuple[FileView, ...] = ()

    def is_open(self) -> bool:
        return self.state not in (MilestoneState.ACCEPTED, MilestoneState.WAIVED)

    def waiting_request(self) -> RequestView | None:
        """None for a step that is over: what was asked about it needs no answer any more."""
        waiting = (request for request in self.requests if request.waits())
        return next(waiting, None) if self.is_open() else None

    def standing_notice(self) -> NoticeView | None:
        """The notice handed over for the day that is missed now."""
        found = (n for n in reversed(self.notices) if n.state == "handed-over")
        return next((n for n in found if n.missed_on == self.due_on and self.is_overdue), None)

    def unsent_notice(self) -> NoticeView | None:
        return next((n for n in self.notices if n.is_unsent()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayView:
    """A pathway as both sides see it, and whose turn it is with this supplier.

    `hold` is the pause in force or to come; `asked_hold` and `amendment` wait for an answer.
    `planned_on` is the day on which a batch proposes this draft by itself; what the supplier has
    seen once `was_proposed`.
    """

    id: int
    relation_id: int
    state: PathwayState
    revision: int
    version_number: int
    target: Level | None
    template: str | None
    template_version: int | None
    was_proposed: bool
    starts_on: date
    note: str | None
    contract: str | None
    cure_working_days: int
    turn: Turn
    countered_on: date | None
    window_ends_on: date | None
    agreed_on: date | None
    hold: Span | None
    asked_hold: HoldView | None
    amendment: AmendmentView | None
    over_on: date | None
    over_by: Side | None
    over_reason: str | None
    days_moved: int
    steps: tuple[StepView, ...]
    planned_on: date | None = None

    @property
    def is_negotiated(self) -> bool:
        return self.state in NEGOTIATED

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def done(self) -> int:
        return sum(not step.is_open() for step in self.steps)

    @property
    def standing_still(self) -> list[StepView]:
        """The steps whose day does not come before the buyer has answered."""
        return [step for step in self.steps if step.stands_still]

    @property
    def next_step(self) -> StepView | None:
        """The supplier's first step that is not done, by its day."""
        owed = (step for step in self.steps if step.is_owed)
        return min(owed, key=lambda step: step.due_on, default=None)

    @property
    def last_day(self) -> date | None:
        return max((step.due_on for step in self.steps), default=None)

    def step(self, milestone_id: int) -> StepView | None:
        return next((step for step in self.steps if step.id == milestone_id), None)
