"""Taking back what was asked of the other side, as long as it has not answered."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.amendments import Amendment, check_open
from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.milestone_moves import running_step
from onboarding.domain.milestones import RequestKind
from onboarding.domain.moves import BUYER, CONTACT, SIGNATORY, check, said_day, text_given
from onboarding.domain.negotiation import check_seen
from onboarding.domain.pathways import Pathway
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.requests import CurePromised, cures_promised, grace_from
from onboarding.domain.workdays import WorkingCalendar

MAKERS = {Side.SUPPLIER: SIGNATORY, Side.BUYER: BUYER}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentWithdrawn(Change):
    """Taken back before the other side answered; for the clocks it is as if it was declined."""

    code: ClassVar[str] = "amendment-withdrawn"
    amendment_id: int
    pathway_id: int
    note: str | None
    by: Side
    withdrawn_on: date
    grace_ends_on: date
    promised: tuple[CurePromised, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(Change):
    """Taken back before the answer; for the clocks it is as if it was refused."""

    code: ClassVar[str] = "request-withdrawn"
    milestone_id: int
    request_id: int
    withdrawn_on: date
    wished_on: date
    was_due_on: date
    grace_ends_on: date
    notice_id: int | None = None
    cure_ends_on: date | None = None
    said: Said | None = None


def withdraw_amendment(
    amendment: Amendment,
    pathway: Pathway,
    seen: int,
    note: str | None,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> AmendmentWithdrawn:
    """The side whose version lies open takes it back; what was agreed stays.

    Raises VersionOutdated where the other side answered with a version of its own.
    """
    check_seen(seen, amendment.version)
    check_open(amendment, pathway)
    side = check(actor, MAKERS[amendment.by], said)
    said_day(said, today)
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return AmendmentWithdrawn(
        amendment_id=amendment.id,
        pathway_id=pathway.id,
        note=text_given(note, "note") if note else None,
        by=side,
        withdrawn_on=today,
        grace_ends_on=grace_ends_on,
        promised=cures_promised(pathway, RequestKind.AMENDMENT, grace_ends_on),
        said=said,
    )


def withdraw_request(
    pathway: Pathway,
    milestone_id: int,
    request_id: int,
    wished_on: date,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> RequestWithdrawn:
    """The supplier takes back what it asked or reported about a day, before it was answered."""
    milestone = running_step(pathway, milestone_id)
    side = check(actor, CONTACT, said)
    request = next((r for r in milestone.requests if r.id == request_id), None)
    if request is None or request.by is not side:
        raise NotFound(what="request")
    if request.answered_on is not None:
        raise MoveRefused(from_state="answered", to_state="withdrawn")
    said_day(said, today)
    notice = milestone.standing_notice()
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return RequestWithdrawn(
        milestone_id=milestone_id,
        request_id=request_id,
        withdrawn_on=today,
        wished_on=wished_on,
        was_due_on=milestone.due_on,
        grace_ends_on=grace_ends_on,
        notice_id=notice.id if notice else None,
        cure_ends_on=max(notice.cure_ends_on, grace_ends_on) if notice else None,
        said=said,
    )
