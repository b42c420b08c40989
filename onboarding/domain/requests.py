"""Requests: another date asked for, a certifying body's delay reported, and the answer."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, LimitReached, MoveRefused, NotFound
from onboarding.domain.milestone_moves import running_step
from onboarding.domain.milestones import (
    ANSWER_GRACE_WORKING_DAYS,
    DateRequest,
    Milestone,
    MilestoneState,
    RequestKind,
)
from onboarding.domain.moves import BUYER, CONTACT, check, said_day, text_given
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Duty, Said, Side
from onboarding.domain.plans import longest_until
from onboarding.domain.policy import Policy
from onboarding.domain.workdays import Span, WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRequested(Change):
    """Another day was asked for; `made_on` is the day it was said."""

    code: ClassVar[str] = "date-requested"
    kind: ClassVar[RequestKind] = RequestKind.ANOTHER_DATE
    milestone_id: int
    by: Side
    made_on: date
    day_number: int
    was_due_on: date
    wished_on: date
    reason: str
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideDelayReported(Change):
    """A certifying body is late and named a new day."""

    code: ClassVar[str] = "outside-delay-reported"
    kind: ClassVar[RequestKind] = RequestKind.OUTSIDE_DELAY
    milestone_id: int
    by: Side
    made_on: date
    day_number: int
    was_due_on: date
    wished_on: date
    reason: str
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswered(Change):
    """Granted with a day, or refused (`granted_on` is None).

    A granted day becomes the milestone's `due_on` with the next `day_number`. `cure_ends_on` is
    the new end promised for the standing notice `notice_id`, where there is one.
    """

    code: ClassVar[str] = "request-answered"
    milestone_id: int
    request_id: int
    answered_on: date
    was_due_on: date
    granted_on: date | None
    day_number: int
    grace_ends_on: date
    note: str | None = None
    notice_id: int | None = None
    cure_ends_on: date | None = None


def ask_date(
    pathway: Pathway,
    milestone_id: int,
    wished_on: date,
    reason: str,
    actor: Actor,
    today: date,
    said: Said | None = None,
) -> DateRequested:
    """Ask for a later day. One that the buyer makes on its own account stops no clock."""
    milestone = running_step(pathway, milestone_id)
    side = check(actor, BUYER | CONTACT, said)
    made_on = said_day(said, today)
    _check_asked(milestone, wished_on, RequestKind.ANOTHER_DATE, side)
    return DateRequested(
        milestone_id=milestone_id,
        by=side,
        made_on=made_on,
        day_number=milestone.day_number,
        was_due_on=milestone.due_on,
        wished_on=wished_on,
        reason=text_given(reason, "reason"),
        said=said,
    )


def report_outside_delay(
    pathway: Pathway,
    milestone_id: int,
    new_day: date,
    reason: str,
    actor: Actor,
    today: date,
    said: Said | None = None,
) -> OutsideDelayReported:
    """Tell that a certifying body is late; it never counts against the supplier."""
    milestone = running_step(pathway, milestone_id)
    side = check(actor, BUYER | CONTACT, said)
    made_on = said_day(said, today)
    _check_asked(milestone, new_day, RequestKind.OUTSIDE_DELAY, side)
    return OutsideDelayReported(
        milestone_id=milestone_id,
        by=side,
        made_on=made_on,
        day_number=milestone.day_number,
        was_due_on=milestone.due_on,
        wished_on=new_day,
        reason=text_given(reason, "reason"),
        said=said,
    )


def answer_request(
    pathway: Pathway,
    milestone_id: int,
    request_id: int,
    granted_on: date | None,
    actor: Actor,
    today: date,
    policy: Policy,
    calendar: WorkingCalendar,
    starts_on: date,
    note: str | None = None,
) -> RequestAnswered:
    """Grant a day or refuse (None); `starts_on` is the start of the agreed plan.

    Raises LimitReached where the supplier's own extensions, or the pathway's length, would go
    beyond the policy and no manager answers.
    """
    milestone = running_step(pathway, milestone_id)
    check(actor, BUYER)
    request = next((r for r in milestone.requests if r.id == request_id), None)
    if request is None:
        raise NotFound(what="request")
    if request.answered_on is not None:
        raise MoveRefused(from_state="answered", to_state="answered")
    if granted_on is not None:
        granted_on = calendar.on_or_after(granted_on)
        _check_granted(milestone, request, granted_on, actor, today, policy, starts_on)
    elif note is None or not note.strip():
        raise InputInvalid(field="note", reason="required")
    notice = milestone.standing_notice()
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return RequestAnswered(
        milestone_id=milestone_id,
        request_id=request_id,
        answered_on=today,
        was_due_on=milestone.due_on,
        granted_on=granted_on,
        day_number=milestone.day_number + (granted_on is not None),
        grace_ends_on=grace_ends_on,
        note=note,
        notice_id=notice.id if notice else None,
        cure_ends_on=max(notice.cure_ends_on, grace_ends_on) if notice else None,
    )


def grace_from(answered_on: date, hold: Span | None, calendar: WorkingCalendar) -> date:
    """Five working days after an answer; days on hold are not among them."""
    if hold is not None:
        calendar = calendar.with_closures((*calendar.closures, hold))
    return calendar.add(answered_on, ANSWER_GRACE_WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurePromised:
    """The new end of a standing notice's cure period, promised with an answer."""

    notice_id: int
    cure_ends_on: date


def cures_promised(
    pathway: Pathway, kind: RequestKind, grace_ends_on: date
) -> tuple[CurePromised, ...]:
    """For each notice about a step that waits in a request of this kind: its old end or later."""
    notices = (
        milestone.standing_notice()
        for milestone in pathway.milestones
        if any(request.waits() and request.kind is kind for request in milestone.requests)
    )
    return tuple(
        CurePromised(notice_id=notice.id, cure_ends_on=max(notice.cure_ends_on, grace_ends_on))
        for notice in notices
        if notice is not None
    )


def extensions_used(milestone: Milestone) -> int:
    """How often the supplier was granted another day for its own sake."""
    return sum(request.is_extension() for request in milestone.requests)


def _check_asked(milestone: Milestone, wished_on: date, kind: RequestKind, side: Side) -> None:
    if not milestone.is_open() or milestone.state is MilestoneState.SUBMITTED:
        raise MoveRefused(from_state=milestone.state.value, to_state=milestone.state.value)
    if wished_on <= milestone.due_on:
        raise InputInvalid(field="wished_on", reason="not-later", due=milestone.due_on.isoformat())
    if any(r.waits() and r.kind is kind and r.by is side for r in milestone.requests):
        raise InputInvalid(field="wished_on", reason="already-asked")


def _check_granted(
    milestone: Milestone,
    request: DateRequest,
    granted_on: date,
    actor: Actor,
    today: date,
    policy: Policy,
    starts_on: date,
) -> None:
    if granted_on < today:
        raise InputInvalid(field="granted_on", reason="in-the-past", given=granted_on.isoformat())
    if granted_on <= milestone.due_on:
        raise InputInvalid(field="granted_on", reason="not-later", due=milestone.due_on.isoformat())
    if request.kind is RequestKind.OUTSIDE_DELAY or actor.may(Duty.GOVERN):
        return
    if request.by is Side.SUPPLIER and extensions_used(milestone) >= policy.extension_limit:
        raise LimitReached(what="extensions", limit=policy.extension_limit)
    if granted_on > longest_until(starts_on, policy):
        raise LimitReached(what="longest-months", limit=policy.longest_months)
