"""Negotiating a pathway: proposing, countering, agreeing, and the window for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from onboarding.domain.agreements import Signature
from onboarding.domain.changes import Change
from onboarding.domain.errors import AlreadyOpen, MoveRefused, VersionOutdated
from onboarding.domain.moves import (
    BUYER,
    check,
    check_move,
    said_day,
    text_given,
)
from onboarding.domain.pathways import (
    OVER,
    PATHWAY_MOVES,
    Negotiation,
    Pathway,
    PathwayState,
    Window,
)
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.plans import Plan, as_agreed_on, check_plan, lateness, on_working_days
from onboarding.domain.policy import Policy

DRAFT, PROPOSED, COUNTERED = PathwayState.DRAFT, PathwayState.PROPOSED, PathwayState.COUNTERED
AGREED, DECLINED, STOPPED = PathwayState.AGREED, PathwayState.DECLINED, PathwayState.STOPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayDrafted(Change):
    code: ClassVar[str] = "pathway-drafted"
    pathway_id: int | None
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDropped(Change):
    """A draft that no supplier ever saw is thrown away."""

    code: ClassVar[str] = "draft-dropped"
    pathway_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayProposed(Change):
    code: ClassVar[str] = "pathway-proposed"
    pathway_id: int
    version: int
    plan: Plan
    signature: Signature
    window: Window
    proposed_on: date
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSet(Change):
    """The first proposal was handed over: the window runs."""

    code: ClassVar[str] = "window-set"
    pathway_id: int
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTakenBack(Change):
    """The first proposal came back: the window does not run before somebody got one."""

    code: ClassVar[str] = "window-taken-back"
    pathway_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayCountered(Change):
    code: ClassVar[str] = "pathway-countered"
    pathway_id: int
    version: int
    plan: Plan
    signature: Signature
    reason: str
    window: Window
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayAgreed(Change):
    """Both sides agreed; `days_moved` is by how much the start was late."""

    code: ClassVar[str] = "pathway-agreed"
    pathway_id: int
    version: int
    plan: Plan
    signatures: tuple[Signature, ...]
    agreed_on: date
    days_moved: int
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayDeclined(Change):
    code: ClassVar[str] = "pathway-declined"
    pathway_id: int
    reason: str
    over_on: date
    over_by: Side
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayWithdrawn(Change):
    code: ClassVar[str] = "pathway-withdrawn"
    pathway_id: int
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayStopped(Change):
    """Stopped by the supplier or by a manager, who has it announced."""

    code: ClassVar[str] = "pathway-stopped"
    pathway_id: int
    reason: str
    over_on: date
    over_by: Side
    said: Said | None = None


def draft(
    plan: Plan, actor: Actor, *, drawn: Negotiation | None = None, others: Iterable[Pathway] = ()
) -> PathwayDrafted:
    """A new draft, or `drawn` with another plan; `others` are the relation's other pathways."""
    if drawn is not None:
        check_move(PATHWAY_MOVES, drawn.state, DRAFT, actor)
        return PathwayDrafted(pathway_id=drawn.id, plan=plan)
    check(actor, BUYER)
    if any(other.state not in OVER for other in others):
        raise AlreadyOpen(what="pathway")
    return PathwayDrafted(pathway_id=None, plan=plan)


def drop_draft(pathway: Pathway, actor: Actor) -> DraftDropped:
    """Only what was never proposed: what a supplier saw is not thrown away."""
    check(actor, BUYER)
    if pathway.state is not DRAFT or pathway.proposed_on is not None:
        raise MoveRefused(from_state=pathway.state.value, to_state="dropped")
    return DraftDropped(pathway_id=pathway.id)


def propose(
    on_table: Negotiation,
    plan: Plan,
    actor: Actor,
    signature: Signature,
    today: date,
    policy: Policy,
    message: str | None = None,
) -> PathwayProposed:
    """Put a plan before the supplier: a draft, or an answer to a counter-proposal."""
    check_move(PATHWAY_MOVES, on_table.state, PROPOSED, actor)
    check_plan(plan, policy, actor)
    cure = max(plan.cure_working_days, policy.cure_working_days)
    return PathwayProposed(
        pathway_id=on_table.id,
        version=on_table.version + 1,
        plan=on_working_days(replace(plan, cure_working_days=cure), policy.calendar),
        signature=signature,
        window=on_table.window.to_supplier(today),
        proposed_on=today,
        message=message,
    )


def begin_window(on_table: Negotiation, handed_over_on: date, policy: Policy) -> WindowSet | None:
    """The window once a proposal was handed over; None where it runs already or nothing waits."""
    if on_table.window.remaining_days is not None or on_table.state not in (PROPOSED, COUNTERED):
        return None
    window = on_table.window.begun(handed_over_on, policy.window_days)
    if on_table.state is COUNTERED:
        window = window.to_buyer(handed_over_on)
    return WindowSet(pathway_id=on_table.id, window=window)


def take_window_back(on_table: Negotiation, bounced: int) -> WindowTakenBack | None:
    """The proposal `bounced` did not arrive, and none did before; None where it was answered, or
    another is on the table since.
    """
    if bounced != on_table.version or on_table.state is not PROPOSED:
        return None
    if on_table.window.remaining_days is None:
        return None
    return WindowTakenBack(pathway_id=on_table.id)


def counter(
    on_table: Negotiation,
    plan: Plan,
    seen: int,
    reason: str,
    actor: Actor,
    signature: Signature,
    today: date,
    policy: Policy,
    said: Said | None = None,
) -> PathwayCountered:
    """The supplier asks for other days or steps; the turn passes to the buyer."""
    check_move(PATHWAY_MOVES, on_table.state, COUNTERED, actor, said)
    check_seen(seen, on_table.version)
    check_plan(plan, policy, actor)
    cure = max(plan.cure_working_days, on_table.plan.cure_working_days)
    return PathwayCountered(
        pathway_id=on_table.id,
        version=on_table.version + 1,
        plan=on_working_days(replace(plan, cure_working_days=cure), policy.calendar),
        signature=signature,
        reason=text_given(reason, "reason"),
        window=on_table.window.to_buyer(said_day(said, today)),
        said=said,
    )


def agree(
    on_table: Negotiation,
    seen: int,
    actor: Actor,
    signature: Signature,
    today: date,
    policy: Policy,
    said: Said | None = None,
) -> PathwayAgreed:
    """The other side agrees to the version it saw; late agreement moves every day."""
    check_move(PATHWAY_MOVES, on_table.state, AGREED, actor, said)
    check_seen(seen, on_table.version)
    said_day(said, today)
    offered = () if on_table.signature is None else (on_table.signature,)
    return PathwayAgreed(
        pathway_id=on_table.id,
        version=on_table.version,
        plan=as_agreed_on(on_table.plan, today, policy.calendar),
        signatures=(*offered, signature),
        agreed_on=today,
        days_moved=lateness(on_table.plan, today),
        said=said,
    )


def decline(
    on_table: Negotiation, reason: str, actor: Actor, today: date, said: Said | None = None
) -> PathwayDeclined:
    side = check_move(PATHWAY_MOVES, on_table.state, DECLINED, actor, said)
    said_day(said, today)
    return PathwayDeclined(
        pathway_id=on_table.id,
        reason=text_given(reason, "reason"),
        over_on=today,
        over_by=side,
        said=said,
    )


def withdraw(on_table: Negotiation, actor: Actor, today: date) -> PathwayWithdrawn:
    """The buyer takes a proposal back to its draft; the window stands still meanwhile."""
    check_move(PATHWAY_MOVES, on_table.state, DRAFT, actor)
    return PathwayWithdrawn(pathway_id=on_table.id, window=on_table.window.to_buyer(today))


def stop(
    pathway: Pathway, reason: str, actor: Actor, today: date, said: Said | None = None
) -> PathwayStopped:
    side = check_move(PATHWAY_MOVES, pathway.state, STOPPED, actor, said)
    said_day(said, today)
    return PathwayStopped(
        pathway_id=pathway.id,
        reason=text_given(reason, "reason"),
        over_on=today,
        over_by=side,
        said=said,
    )


def check_seen(seen: int, current: int) -> None:
    """Raises VersionOutdated where the actor looked at another version."""
    if seen != current:
        raise VersionOutdated(seen=seen, current=current)
