"""Taking a decision, announcing a block, answering a reply to it, and ending one early."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.decisions import ANNOUNCED_BEFORE, Decision, DecisionKind
from onboarding.domain.errors import AlreadyOpen, InputInvalid, MoveRefused
from onboarding.domain.moves import (
    BUYER,
    CONTACT,
    MANAGER,
    TOOL,
    Who,
    check,
    said_day,
    text_given,
)
from onboarding.domain.people import Actor, Said

# Whoever may take a decision may end it early.
MAY_DECIDE: dict[DecisionKind, frozenset[Who]] = {
    DecisionKind.GRANT: BUYER,
    DecisionKind.EXEMPT: BUYER,
    DecisionKind.EQUIVALENT: BUYER,
    DecisionKind.BLOCK: MANAGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTaken(Change):
    """A person's word for the days named; `decision_id` is None until the store numbered it."""

    kind: ClassVar[DecisionKind]
    decision_id: int | None = None
    reason: str
    decided_on: date
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantGiven(DecisionTaken):
    code: ClassVar[str] = "grant-given"
    kind: ClassVar[DecisionKind] = DecisionKind.GRANT


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierExempted(DecisionTaken):
    code: ClassVar[str] = "supplier-exempted"
    kind: ClassVar[DecisionKind] = DecisionKind.EXEMPT


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentAccepted(DecisionTaken):
    code: ClassVar[str] = "equivalent-accepted"
    kind: ClassVar[DecisionKind] = DecisionKind.EQUIVALENT


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDecided(DecisionTaken):
    """One that is not urgent waits to be announced."""

    code: ClassVar[str] = "block-decided"
    kind: ClassVar[DecisionKind] = DecisionKind.BLOCK
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAnnounced(Change):
    """The announcement was handed over; `first_day` is the first day of the block by then."""

    code: ClassVar[str] = "block-announced"
    decision_id: int
    announced_on: date
    first_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAnnouncementBounced(Change):
    """The announcement came back before the block began: it waits for another."""

    code: ClassVar[str] = "block-announcement-bounced"
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockReplied(Change):
    code: ClassVar[str] = "block-replied"
    decision_id: int
    reply: str
    reply_made_on: date
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockReplyAnswered(Change):
    code: ClassVar[str] = "block-reply-answered"
    decision_id: int
    answer: str
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEnded(Change):
    """`ended_on` is the first day on which it no longer holds."""

    code: ClassVar[str] = "decision-ended"
    decision_id: int
    ended_on: date
    reason: str


WITH_AN_END: dict[DecisionKind, type[DecisionTaken]] = {
    change.kind: change for change in (GrantGiven, SupplierExempted, EquivalentAccepted)
}


def earliest_block(today: date, is_urgent: bool) -> date:
    """The first day that a block decided today can have: its announcement goes today at best."""
    return today if is_urgent else today + ANNOUNCED_BEFORE


def decide(
    kind: DecisionKind,
    *,
    reason: str,
    starts_on: date,
    ends_on: date | None,
    is_urgent: bool = False,
    actor: Actor,
    today: date,
) -> DecisionTaken:
    """A person decides, with a reason and days; only a block may be without an end."""
    check(actor, MAY_DECIDE[kind])
    is_block = kind is DecisionKind.BLOCK
    if ends_on is None and not is_block:
        raise InputInvalid(field="ends_on", reason="required")
    earliest = earliest_block(today, is_urgent) if is_block else today
    if starts_on < earliest:
        raise InputInvalid(field="starts_on", reason="too-early", earliest=earliest.isoformat())
    if ends_on is not None and ends_on < starts_on:
        raise InputInvalid(field="ends_on", reason="before-start", earliest=starts_on.isoformat())
    reason = text_given(reason, "reason")
    if kind is DecisionKind.BLOCK:
        return BlockDecided(
            reason=reason,
            decided_on=today,
            starts_on=starts_on,
            ends_on=ends_on,
            is_urgent=is_urgent,
        )
    return WITH_AN_END[kind](reason=reason, decided_on=today, starts_on=starts_on, ends_on=ends_on)


def hand_over(
    decision: Decision, handed_over_on: date, actor: Actor, today: date
) -> BlockAnnounced | None:
    """The announcement of a block has left; None where that is known or nothing is announced.

    The tool tells when the mail was handed over; a manager when it was given otherwise.
    """
    check(actor, MANAGER | TOOL)
    if decision.kind is not DecisionKind.BLOCK or decision.announced_on is not None:
        return None
    if handed_over_on > today:
        given = handed_over_on.isoformat()
        raise InputInvalid(field="handed_over_on", reason="in-the-future", given=given)
    first_day = decision.starts_on
    if not decision.is_urgent:
        first_day = max(first_day, handed_over_on + ANNOUNCED_BEFORE)
    return BlockAnnounced(decision_id=decision.id, announced_on=handed_over_on, first_day=first_day)


def announcement_bounced(decision: Decision, today: date) -> BlockAnnouncementBounced | None:
    """The supplier did not get the announcement. Passed days never change: None where the block
    holds already; and where the supplier replied, so knows of it.
    """
    first = decision.first_day()
    holds = first is not None and first <= today
    if decision.announced_on is None or decision.reply_made_on is not None or holds:
        return None
    if decision.ended_on is not None:
        return None
    return BlockAnnouncementBounced(decision_id=decision.id)


def reply(
    decision: Decision, text: str, actor: Actor, today: date, said: Said | None = None
) -> BlockReplied:
    """The supplier answers an announced block; while its reply waits the block does not begin."""
    check(actor, CONTACT, said)
    _check_open_block(decision, "replied")
    if decision.waits_for_answer():
        raise AlreadyOpen(what="reply")
    return BlockReplied(
        decision_id=decision.id,
        reply=text_given(text, "text"),
        reply_made_on=said_day(said, today),
        said=said,
    )


def answer_reply(decision: Decision, text: str, actor: Actor, today: date) -> BlockReplyAnswered:
    check(actor, MANAGER)
    _check_open_block(decision, "answered")
    if not decision.waits_for_answer():
        raise MoveRefused(from_state="answered", to_state="answered")
    return BlockReplyAnswered(
        decision_id=decision.id, answer=text_given(text, "text"), answered_on=today
    )


def end(
    decision: Decision, *, ended_on: date, reason: str, actor: Actor, today: date
) -> DecisionEnded:
    """End a decision before its last day, from today on at the earliest."""
    check(actor, MAY_DECIDE[decision.kind])
    is_over = decision.ends_on is not None and decision.ends_on < today
    if decision.ended_on is not None or is_over:
        raise MoveRefused(from_state="ended", to_state="ended")
    if ended_on < today:
        raise InputInvalid(field="ended_on", reason="too-early", earliest=today.isoformat())
    if decision.ends_on is not None and ended_on > decision.ends_on:
        raise InputInvalid(field="ended_on", reason="too-late", latest=decision.ends_on.isoformat())
    return DecisionEnded(
        decision_id=decision.id, ended_on=ended_on, reason=text_given(reason, "reason")
    )


def _check_open_block(decision: Decision, to_state: str) -> None:
    if decision.kind is not DecisionKind.BLOCK:
        raise MoveRefused(from_state=decision.kind.value, to_state=to_state)
    if decision.ended_on is not None:
        raise MoveRefused(from_state="ended", to_state=to_state)
