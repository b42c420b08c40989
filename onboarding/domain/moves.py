"""Who may move something from one state to another: tables read at a glance, and their check."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.people import Actor, Duty, Said, Side

LONGEST_TEXT = 4000

State = TypeVar("State", bound=StrEnum)


class Who(StrEnum):
    """Who a table of moves can name; a role that can do more can do this too."""

    MANAGER = "manager"
    BUYER = "buyer"
    SIGNATORY = "signatory"
    CONTACT = "contact"
    TOOL = "tool"


CAPACITIES: dict[Who, tuple[Side, Duty]] = {
    Who.MANAGER: (Side.BUYER, Duty.GOVERN),
    Who.BUYER: (Side.BUYER, Duty.BUY),
    Who.SIGNATORY: (Side.SUPPLIER, Duty.AGREE),
    Who.CONTACT: (Side.SUPPLIER, Duty.REPORT),
}

MANAGER = frozenset({Who.MANAGER})
BUYER = frozenset({Who.BUYER})
SIGNATORY = frozenset({Who.SIGNATORY})
CONTACT = frozenset({Who.CONTACT})
TOOL = frozenset({Who.TOOL})


def may(actor: Actor, allowed: frozenset[Who], said: Said | None = None) -> bool:
    """Whether the actor is one of `allowed`.

    A buyer may record whatever a supplier can do, when it tells who said it, how and when; in
    that capacity it can do nothing else.
    """
    is_tool = actor.person_id is None and not actor.roles
    if is_tool:
        return Who.TOOL in allowed
    side = actor.side
    if said is not None:
        if side is not Side.BUYER or not actor.may(Duty.BUY):
            return False
        return any(CAPACITIES[who][0] is Side.SUPPLIER for who in allowed - TOOL)
    return any(
        CAPACITIES[who][0] is side and actor.may(CAPACITIES[who][1]) for who in allowed - TOOL
    )


def check(actor: Actor, allowed: frozenset[Who], said: Said | None = None) -> Side:
    """The side for which the actor acts. Raises NotAllowed where the actor may not."""
    if not may(actor, allowed, said):
        raise NotAllowed(needs=sorted(who.value for who in allowed))
    return actor.side if said is None else Side.SUPPLIER


def check_move(
    table: Mapping[tuple[State, State], frozenset[Who]],
    from_state: State,
    to_state: State,
    actor: Actor,
    said: Said | None = None,
) -> Side:
    """The side that moves. Raises MoveRefused, or NotAllowed for the wrong actor."""
    allowed = table.get((from_state, to_state))
    if allowed is None:
        raise MoveRefused(from_state=from_state.value, to_state=to_state.value)
    return check(actor, allowed, said)


def said_day(said: Said | None, today: date) -> date:
    """The day on which it was said. Raises InputInvalid for a day to come."""
    if said is None:
        return today
    if said.said_on > today:
        raise InputInvalid(field="said_on", reason="in-the-future", given=said.said_on.isoformat())
    return said.said_on


def text_given(text: str, field: str) -> str:
    """The text without the space around it. Raises InputInvalid where it is empty or too long."""
    text = text.strip()
    if not text:
        raise InputInvalid(field=field, reason="required")
    if len(text) > LONGEST_TEXT:
        raise InputInvalid(field=field, reason="too-long", longest=LONGEST_TEXT)
    return text


def not_past(day: date | None, today: date, field: str) -> None:
    """Raises InputInvalid for a day before today: passed days never change."""
    if day is not None and day < today:
        raise InputInvalid(field=field, reason="in-the-past", given=day.isoformat())
