"""Two signatures for a grant: when one is needed, asking for it, and what becomes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.decision_moves import DecisionTaken
from onboarding.domain.decisions import Decision, DecisionKind
from onboarding.domain.errors import MoveRefused, NotAllowed
from onboarding.domain.moves import BUYER, MANAGER, TOOL, check, text_given
from onboarding.domain.people import Actor
from onboarding.domain.policy import Policy

DAY = timedelta(days=1)
ANSWERED_WITHIN = timedelta(days=30)


class DecisionState(StrEnum):
    """Only what was taken is a decision; a grant beyond a limit is asked first."""

    TAKEN = "taken"
    ASKED = "asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class GrantLimit(StrEnum):
    """Why a grant needs a second manager."""

    DAYS = "days"
    SPEND = "spend"
    SPEND_UNKNOWN = "spend-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAsked(Change):
    """A grant beyond `limits`, as they were: it counts for nothing until a second manager signs."""

    code: ClassVar[str] = "grant-asked"
    decision_id: int | None = None
    reason: str
    starts_on: date
    ends_on: date
    limits: tuple[GrantLimit, ...]
    lapses_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantConfirmed(DecisionTaken):
    """The second signature: from now on it is a decision like another."""

    code: ClassVar[str] = "grant-confirmed"
    kind: ClassVar[DecisionKind] = DecisionKind.GRANT
    asked_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRefused(Change):
    code: ClassVar[str] = "grant-refused"
    decision_id: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWithdrawn(Change):
    """Who asked it takes it back."""

    code: ClassVar[str] = "grant-withdrawn"
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLapsed(Change):
    """Nobody signed in time."""

    code: ClassVar[str] = "grant-lapsed"
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGrant:
    """A grant that was asked, and how it stands. `lapses_on` is the first day without it."""

    id: int
    state: DecisionState
    reason: str
    starts_on: date
    ends_on: date
    asked_by: int
    lapses_on: date

    def waits(self, today: date) -> bool:
        return self.state is DecisionState.ASKED and today < self.lapses_on


def limits_passed(
    policy: Policy,
    starts_on: date,
    ends_on: date,
    spend: Decimal | None,
    others: Iterable[Decision],
) -> tuple[GrantLimit, ...]:
    """The limits of the policy that a grant on these days goes beyond.

    `others` are the decisions of the supplier: grants that touch these days make one stretch with
    them, so that a long grant is not cut into short ones.
    """
    found = []
    if policy.grant_longest_days is not None:
        first, last = stretch(starts_on, ends_on, others)
        if (last - first).days + 1 > policy.grant_longest_days:
            found.append(GrantLimit.DAYS)
    if policy.grant_spend_limit is not None:
        if spend is None:
            found.append(GrantLimit.SPEND_UNKNOWN)
        elif spend >= policy.grant_spend_limit:
            found.append(GrantLimit.SPEND)
    return tuple(found)


def stretch(starts_on: date, ends_on: date, others: Iterable[Decision]) -> tuple[date, date]:
    """The first and the last day of these days with all grants that touch them."""
    spans = []
    for one in others:
        last = one.ends_on
        if one.kind is not DecisionKind.GRANT or last is None:
            continue
        if one.ended_on is not None:
            last = min(last, one.ended_on - DAY)
        if one.starts_on <= last:
            spans.append((one.starts_on, last))
    first, last = starts_on, ends_on
    for since, until in sorted(spans, reverse=True):  # earlier ones reach it from the last back
        if since < first <= until + DAY:
            first = since
    for since, until in sorted(spans):
        if since - DAY <= last < until:
            last = until
    return first, last


def ask(
    *,
    reason: str,
    starts_on: date,
    ends_on: date,
    limits: tuple[GrantLimit, ...],
    today: date,
) -> GrantAsked:
    """Ask for what was checked as a grant; it lapses with its days, and after thirty days."""
    return GrantAsked(
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        limits=limits,
        lapses_on=min(ends_on + DAY, today + ANSWERED_WITHIN),
    )


def confirm(asked: AskedGrant, actor: Actor, today: date) -> GrantConfirmed:
    """Another manager signs; it counts from today on at the earliest."""
    _check_second(asked, actor)
    _check_waits(asked, DecisionState.TAKEN, today)
    return GrantConfirmed(
        decision_id=asked.id,
        reason=asked.reason,
        decided_on=today,
        starts_on=max(asked.starts_on, today),
        ends_on=asked.ends_on,
        asked_by=asked.asked_by,
    )


def refuse(asked: AskedGrant, answer: str, actor: Actor, today: date) -> GrantRefused:
    _check_second(asked, actor)
    _check_waits(asked, DecisionState.REFUSED, today)
    return GrantRefused(decision_id=asked.id, answer=text_given(answer, "answer"))


def withdraw(asked: AskedGrant, actor: Actor, today: date) -> GrantWithdrawn:
    """Who asked it, and nobody else, takes it back while it waits."""
    check(actor, BUYER)
    if actor.person_id != asked.asked_by:
        raise NotAllowed(reason="asked-by-another")
    _check_waits(asked, DecisionState.WITHDRAWN, today)
    return GrantWithdrawn(decision_id=asked.id)


def lapse(asked: AskedGrant, actor: Actor, today: date) -> GrantLapsed | None:
    """None while it can still be answered, or where it was."""
    check(actor, TOOL)
    if asked.state is not DecisionState.ASKED or today < asked.lapses_on:
        return None
    return GrantLapsed(decision_id=asked.id)


def may_sign(asked_by: int | None, actor: Actor) -> bool:
    """A manager, and not the one who asked."""
    try:
        check(actor, MANAGER)
    except NotAllowed:
        return False
    return actor.person_id != asked_by


def _check_second(asked: AskedGrant, actor: Actor) -> None:
    check(actor, MANAGER)
    if not may_sign(asked.asked_by, actor):
        raise NotAllowed(reason="asked-it-oneself")


def _check_waits(asked: AskedGrant, to_state: DecisionState, today: date) -> None:
    if not asked.waits(today):
        is_lapsed = asked.state is DecisionState.ASKED
        state = DecisionState.LAPSED if is_lapsed else asked.state
        raise MoveRefused(from_state=state.value, to_state=to_state.value)
