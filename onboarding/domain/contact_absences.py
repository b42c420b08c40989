"""A contact who is away for some days, and the colleague who gets the reminders meanwhile."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.moves import not_past
from onboarding.domain.people import Actor, Duty, Said, Side
from onboarding.domain.workdays import Span

# Who is away for longer is not the contact any more.
LONGEST = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAway(Change):
    """Up to and including `ends_on` the deputy stands in; then it ends by itself."""

    code: ClassVar[str] = "contact-away"
    relation_id: int
    person_id: int
    deputy_id: int
    starts_on: date
    ends_on: date
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBack(Change):
    """Back before the last day, or not away after all."""

    code: ClassVar[str] = "contact-back"
    relation_id: int
    person_id: int
    was_until_on: date


def go_away(
    actor: Actor,
    relation_id: int,
    person_id: int,
    deputy_id: int,
    span: Span,
    deputies: frozenset[int],
    today: date,
    said: Said | None = None,
) -> ContactAway:
    """A contact for itself, or a buyer for it. `deputies` are the other contacts who take mail and
    are not away in these days. Raises InputInvalid naming the field, or NotAllowed.
    """
    _for_itself_or_buyer(actor, person_id)
    if deputy_id not in deputies - {person_id}:
        raise InputInvalid(field="deputy", reason="not-a-deputy")
    if said is None:
        not_past(span.starts_on, today, "starts_on")
    if span.ends_on < max(span.starts_on, today):
        start = max(span.starts_on, today).isoformat()
        raise InputInvalid(field="ends_on", reason="before-start", start=start)
    if span.ends_on - span.starts_on >= LONGEST:
        latest = span.starts_on + LONGEST - timedelta(days=1)
        raise InputInvalid(field="ends_on", reason="too-late", latest=latest.isoformat())
    return ContactAway(
        relation_id=relation_id,
        person_id=person_id,
        deputy_id=deputy_id,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        said=said,
    )


def come_back(
    actor: Actor, relation_id: int, person_id: int, until_on: date, today: date
) -> ContactBack:
    """Raises MoveRefused for one that is over."""
    _for_itself_or_buyer(actor, person_id)
    if until_on < today:
        raise MoveRefused(from_state="over", to_state="over")
    return ContactBack(relation_id=relation_id, person_id=person_id, was_until_on=until_on)


def _for_itself_or_buyer(actor: Actor, person_id: int) -> None:
    if actor.side is Side.BUYER:
        actor.must(Duty.BUY)
        return
    actor.must(Duty.FILL_IN)
    if actor.person_id != person_id:
        raise NotAllowed(duty=Duty.FILL_IN.value)
