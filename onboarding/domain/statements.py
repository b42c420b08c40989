"""What a supplier said and a buyer wrote down on its behalf, and its "this is not right"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.amendments import AmendmentAccepted, AmendmentDeclined
from onboarding.domain.changes import Change
from onboarding.domain.errors import AlreadyOpen, DomainError, InputInvalid, MoveRefused
from onboarding.domain.milestones import Milestone
from onboarding.domain.moves import BUYER, CONTACT, check, said_day, text_given
from onboarding.domain.negotiation import PathwayAgreed, PathwayDeclined, PathwayStopped
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.requests import grace_from
from onboarding.domain.taking_back import AmendmentWithdrawn
from onboarding.domain.workdays import WorkingCalendar

CONTEST_WORKING_DAYS = 5

# From these follow the days of every step that is still open.
ABOUT_WHAT_WAS_AGREED = frozenset(
    {
        PathwayAgreed.code,
        AmendmentAccepted.code,
        AmendmentDeclined.code,
        AmendmentWithdrawn.code,
    }
)
# By these, or by undoing them, a pathway ends.
ENDS = frozenset({PathwayAgreed.code, PathwayDeclined.code, PathwayStopped.code})


class ContestTooLate(DomainError):
    """The days to say that something is not right are over; facts: `contest_until_on`."""

    code = "contest-too-late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something recorded on a supplier's behalf; `code` names the change that it was.

    `contest_until_on` was promised with the confirmation. `stands` is the buyer's answer to
    "this is not right", None before it.
    """

    id: int
    code: str
    recorded_on: date
    contest_until_on: date
    pathway_id: int | None = None
    milestone_id: int | None = None
    contested_on: date | None = None
    answered_on: date | None = None
    stands: bool | None = None

    def waits(self) -> bool:
        return self.contested_on is not None and self.answered_on is None

    def may_be_contested(self, on: date) -> bool:
        return self.contested_on is None and on <= self.contest_until_on


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContested(Change):
    """The buyer has the turn: until the answer no step that it `touches` falls due."""

    code: ClassVar[str] = "statement-contested"
    statement_id: int
    about: str
    contested_on: date
    by: Side
    text: str
    touches: tuple[int, ...]
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedCure:
    """The new end of the cure period of a notice that stands."""

    notice_id: int
    cure_ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestAnswered(Change):
    """It `stands` after all, or the supplier was right.

    Each step that waited has until `grace_ends_on` at least.
    """

    code: ClassVar[str] = "contest-answered"
    statement_id: int
    about: str
    answered_on: date
    stands: bool
    text: str
    grace_ends_on: date | None = None
    promised: tuple[PromisedCure, ...] = ()


def contest_until(recorded_on: date, calendar: WorkingCalendar) -> date:
    """The last day to say that it is not right; `calendar` knows the supplier's closures."""
    return calendar.add(recorded_on, CONTEST_WORKING_DAYS)


def contest(
    statement: Statement,
    pathway: Pathway | None,
    text: str,
    actor: Actor,
    today: date,
    said: Said | None = None,
) -> StatementContested:
    """The supplier says that it is not right; `pathway` is the one that it is about.

    Raises AlreadyOpen where it said so before, ContestTooLate after the last day.
    """
    side = check(actor, CONTACT, said)
    contested_on = said_day(said, today)
    if statement.contested_on is not None:
        raise AlreadyOpen(what="contest")
    if contested_on < statement.recorded_on:
        earliest = statement.recorded_on.isoformat()
        raise InputInvalid(field="said_on", reason="too-early", earliest=earliest)
    if contested_on > statement.contest_until_on:
        raise ContestTooLate(contest_until_on=statement.contest_until_on.isoformat())
    return StatementContested(
        statement_id=statement.id,
        about=statement.code,
        contested_on=contested_on,
        by=side,
        text=text_given(text, "text"),
        touches=tuple(milestone.id for milestone in touched(statement, pathway)),
        said=said,
    )


def touched(statement: Statement, pathway: Pathway | None) -> tuple[Milestone, ...]:
    """The open steps of which something is owed through what was recorded."""
    if pathway is None or not pathway.is_running():
        return ()
    return tuple(
        milestone
        for milestone in pathway.milestones
        if milestone.is_open()
        and (statement.code in ABOUT_WHAT_WAS_AGREED or milestone.id == statement.milestone_id)
    )


def answer(
    statement: Statement,
    pathway: Pathway | None,
    waiting: Sequence[int],
    *,
    stands: bool,
    text: str,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
) -> ContestAnswered:
    """The buyer's answer; `waiting` are the steps whose clock stands still for it.

    The answer to what came late promises a new end of each cure period, as other answers do.
    """
    check(actor, BUYER)
    if not statement.waits():
        raise MoveRefused(from_state="answered", to_state="answered")
    grace_ends_on = None
    promised: list[PromisedCure] = []
    if pathway is not None and waiting:
        grace_ends_on = grace_from(today, pathway.hold, calendar)
        for milestone in pathway.milestones:
            notice = milestone.standing_notice()
            if notice is not None and milestone.id in waiting:
                cure_ends_on = max(notice.cure_ends_on, grace_ends_on)
                promised.append(PromisedCure(notice_id=notice.id, cure_ends_on=cure_ends_on))
    return ContestAnswered(
        statement_id=statement.id,
        about=statement.code,
        answered_on=today,
        stands=stands,
        text=text_given(text, "text"),
        grace_ends_on=grace_ends_on,
        promised=tuple(promised),
    )
