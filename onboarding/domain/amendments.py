"""Amendments: changing what was agreed, proposed by either side and accepted by the other."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.agreements import Signature
from onboarding.domain.amended_plans import as_accepted, checked_plan, touched
from onboarding.domain.changes import Change
from onboarding.domain.errors import AlreadyOpen, MoveRefused
from onboarding.domain.milestones import RequestKind
from onboarding.domain.moves import BUYER, SIGNATORY, check, said_day, text_given
from onboarding.domain.negotiation import check_seen
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.plans import Plan
from onboarding.domain.policy import Policy
from onboarding.domain.requests import CurePromised, cures_promised, grace_from
from onboarding.domain.workdays import WorkingCalendar


class AmendmentState(StrEnum):
    """An open one waits for the side that did not put the last version."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change to an agreed pathway; `by` put the last version on the table.

    `touches` are the steps to which it gives another day or owner, or which it leaves out.
    """

    id: int
    pathway_id: int
    state: AmendmentState
    by: Side
    version: int
    plan: Plan
    signature: Signature
    touches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentProposed(Change):
    """The clock of the steps that it `touches` stands still while the buyer has the turn for it."""

    code: ClassVar[str] = "amendment-proposed"
    pathway_id: int
    version: int
    plan: Plan
    by: Side
    signature: Signature
    reason: str
    made_on: date
    touches: tuple[int, ...]
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentCountered(Change):
    """Another version by the other side; what waited for it was answered on that day."""

    code: ClassVar[str] = "amendment-countered"
    amendment_id: int
    pathway_id: int
    version: int
    plan: Plan
    by: Side
    signature: Signature
    reason: str
    made_on: date
    touches: tuple[int, ...]
    grace_ends_on: date
    promised: tuple[CurePromised, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentAccepted(Change):
    """The plan is the agreed version now.

    Steps without a milestone are new; `renumbered` are those with another day, whose
    `day_number` is raised; `dropped` are open ones that it leaves out, no longer needed.
    """

    code: ClassVar[str] = "amendment-accepted"
    amendment_id: int
    pathway_id: int
    version: int
    plan: Plan
    signatures: tuple[Signature, ...]
    agreed_on: date
    renumbered: tuple[int, ...]
    dropped: tuple[int, ...]
    grace_ends_on: date
    promised: tuple[CurePromised, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentDeclined(Change):
    code: ClassVar[str] = "amendment-declined"
    amendment_id: int
    pathway_id: int
    reason: str
    by: Side
    declined_on: date
    grace_ends_on: date
    promised: tuple[CurePromised, ...] = ()
    said: Said | None = None


# Who answers is the other side than the one whose version lies open.
ANSWERS = {Side.SUPPLIER: BUYER, Side.BUYER: SIGNATORY}


def propose_amendment(
    pathway: Pathway,
    agreed: Plan,
    version: int,
    plan: Plan,
    reason: str,
    actor: Actor,
    signature: Signature,
    today: date,
    policy: Policy,
    open_amendment: Amendment | None = None,
    said: Said | None = None,
) -> AmendmentProposed:
    """Either side proposes other dates, steps, target or template; `version` is the last."""
    side = check(actor, BUYER | SIGNATORY, said)
    if not pathway.is_running():
        raise MoveRefused(from_state=pathway.state.value, to_state=PathwayState.AGREED.value)
    if open_amendment is not None:
        raise AlreadyOpen(what="amendment")
    plan = checked_plan(pathway, agreed, plan, actor, today, policy)
    return AmendmentProposed(
        pathway_id=pathway.id,
        version=version + 1,
        plan=plan,
        by=side,
        signature=signature,
        reason=text_given(reason, "reason"),
        made_on=said_day(said, today),
        touches=touched(pathway, plan),
        said=said,
    )


def counter_amendment(
    amendment: Amendment,
    pathway: Pathway,
    plan: Plan,
    seen: int,
    reason: str,
    actor: Actor,
    signature: Signature,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> AmendmentCountered:
    side = _answering(amendment, pathway, actor, said)
    check_seen(seen, amendment.version)
    plan = checked_plan(pathway, amendment.plan, plan, actor, today, policy)
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return AmendmentCountered(
        amendment_id=amendment.id,
        pathway_id=pathway.id,
        version=amendment.version + 1,
        plan=plan,
        by=side,
        signature=signature,
        reason=text_given(reason, "reason"),
        made_on=said_day(said, today),
        touches=touched(pathway, plan),
        grace_ends_on=grace_ends_on,
        promised=cures_promised(pathway, RequestKind.AMENDMENT, grace_ends_on),
        said=said,
    )


def accept_amendment(
    amendment: Amendment,
    pathway: Pathway,
    seen: int,
    actor: Actor,
    signature: Signature,
    today: date,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> AmendmentAccepted:
    """The other side agrees to the version it saw.

    What it does not touch keeps the day that it has by now, after a hold or a granted request.
    """
    _answering(amendment, pathway, actor, said)
    check_seen(seen, amendment.version)
    said_day(said, today)
    plan = as_accepted(amendment.plan, amendment.touches, pathway)
    planned = {step.milestone_id: step for step in plan.steps}
    by_id = {m.id: m for m in pathway.milestones}
    changed = [by_id[one] for one in amendment.touches if by_id[one].is_open()]
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return AmendmentAccepted(
        amendment_id=amendment.id,
        pathway_id=pathway.id,
        version=amendment.version,
        plan=plan,
        signatures=(amendment.signature, signature),
        agreed_on=today,
        renumbered=tuple(
            m.id for m in changed if m.id in planned and planned[m.id].due_on != m.due_on
        ),
        dropped=tuple(m.id for m in changed if m.id not in planned),
        grace_ends_on=grace_ends_on,
        promised=cures_promised(pathway, RequestKind.AMENDMENT, grace_ends_on),
        said=said,
    )


def decline_amendment(
    amendment: Amendment,
    pathway: Pathway,
    reason: str,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> AmendmentDeclined:
    """What was agreed stays; the supplier has five working days again for what it asked about."""
    side = _answering(amendment, pathway, actor, said)
    said_day(said, today)
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return AmendmentDeclined(
        amendment_id=amendment.id,
        pathway_id=pathway.id,
        reason=text_given(reason, "reason"),
        by=side,
        declined_on=today,
        grace_ends_on=grace_ends_on,
        promised=cures_promised(pathway, RequestKind.AMENDMENT, grace_ends_on),
        said=said,
    )


def _answering(amendment: Amendment, pathway: Pathway, actor: Actor, said: Said | None) -> Side:
    check_open(amendment, pathway)
    return check(actor, ANSWERS[amendment.by], said)


def check_open(amendment: Amendment, pathway: Pathway) -> None:
    """Raises MoveRefused where nothing waits for a word any more."""
    if amendment.state is not AmendmentState.OPEN or not pathway.is_running():
        raise MoveRefused(from_state=amendment.state.value, to_state=amendment.state.value)
