"""Organisations and relations: being in the programme or out of it, ended, and contacts."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused
from onboarding.domain.moves import BUYER, MANAGER, check, not_past, text_given
from onboarding.domain.negotiation import PathwayStopped, PathwayWithdrawn
from onboarding.domain.pathways import NEGOTIATED, OVER, Pathway, PathwayState, Window
from onboarding.domain.people import Actor, Role, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A customer's tie to a supplier; `ended_on` is the first day on which it is over."""

    id: int
    enrolled_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEnrolled(Change):
    code: ClassVar[str] = "relation-enrolled"
    relation_id: int
    enrolled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationTakenOut(Change):
    code: ClassVar[str] = "relation-taken-out"
    relation_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEnded(Change):
    """`ended_on` is the first day on which the relation is over."""

    code: ClassVar[str] = "relation-ended"
    relation_id: int
    ended_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationReopened(Change):
    code: ClassVar[str] = "relation-reopened"
    relation_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded(Change):
    code: ClassVar[str] = "contact-added"
    relation_id: int
    person_id: int
    roles: frozenset[Role]
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRetired(Change):
    code: ClassVar[str] = "contact-retired"
    relation_id: int
    person_id: int
    reason: str | None = None


def enrol(relation: Relation, actor: Actor, today: date) -> RelationEnrolled:
    check(actor, BUYER)
    if relation.enrolled_on is not None or relation.ended_on is not None:
        state = "enrolled" if relation.ended_on is None else "ended"
        raise MoveRefused(from_state=state, to_state="enrolled")
    return RelationEnrolled(relation_id=relation.id, enrolled_on=today)


def take_out(
    relation: Relation, pathways: tuple[Pathway, ...], reason: str, actor: Actor
) -> RelationTakenOut:
    """Only while nothing is proposed or agreed."""
    check(actor, BUYER)
    if relation.enrolled_on is None:
        raise MoveRefused(from_state="not-enrolled", to_state="not-enrolled")
    busy = next((p for p in pathways if p.state not in (*OVER, PathwayState.DRAFT)), None)
    if busy is not None:
        raise MoveRefused(from_state=busy.state.value, to_state="not-enrolled")
    return RelationTakenOut(relation_id=relation.id, reason=text_given(reason, "reason"))


def end_relation(
    relation: Relation,
    pathways: tuple[Pathway, ...],
    ended_on: date,
    reason: str,
    actor: Actor,
    today: date,
) -> tuple[Change, ...]:
    """A manager ends it from today or a later day, on which the pathway stops too."""
    check(actor, MANAGER)
    reason = text_given(reason, "reason")
    not_past(ended_on, today, "ended_on")
    if relation.ended_on is not None:
        raise MoveRefused(from_state="ended", to_state="ended")
    ended = RelationEnded(relation_id=relation.id, ended_on=ended_on, reason=reason)
    return (ended, *stop_ended(replace(relation, ended_on=ended_on), pathways, reason, today))


def stop_ended(
    relation: Relation, pathways: tuple[Pathway, ...], reason: str, today: date
) -> tuple[Change, ...]:
    """What stops on the day on which a relation is over: the pathway, or the proposal.

    Nothing before that day. A draft is the buyer's own paper and stays as it is.
    """
    if relation.ended_on is None or today < relation.ended_on:
        return ()
    stopped = (
        PathwayStopped(pathway_id=p.id, reason=reason, over_on=today, over_by=Side.BUYER)
        for p in pathways
        if p.is_running()
    )
    withdrawn = (
        PathwayWithdrawn(pathway_id=p.id, window=Window())
        for p in pathways
        if p.state in NEGOTIATED
    )
    return (*stopped, *withdrawn)


def reopen_relation(
    relation: Relation, pathways: tuple[Pathway, ...], reason: str, actor: Actor, today: date
) -> tuple[Change, ...]:
    """A manager takes it up again; what stopped stays stopped."""
    check(actor, MANAGER)
    reason = text_given(reason, "reason")
    if relation.ended_on is None:
        raise MoveRefused(from_state="open", to_state="open")
    stopped = stop_ended(relation, pathways, reason, today)
    return (*stopped, RelationReopened(relation_id=relation.id, reason=reason))
