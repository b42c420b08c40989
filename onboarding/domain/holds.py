"""Holds: a pathway stands still for some days, and what is open moves with it.

A pause that the supplier asks for waits for the buyer: the steps that it would move do not fall
due before the answer, and a late answer costs the supplier nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import AlreadyOpen, InputInvalid, MoveRefused
from onboarding.domain.milestones import ANSWER_GRACE_WORKING_DAYS, Milestone, RequestKind
from onboarding.domain.moves import BUYER, CONTACT, TOOL, check, check_move, said_day, text_given
from onboarding.domain.pathways import PATHWAY_MOVES, Pathway, PathwayState
from onboarding.domain.people import Actor, Said, Side
from onboarding.domain.requests import CurePromised, cures_promised, grace_from
from onboarding.domain.workdays import DAY, Span, WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDay:
    """A stored day of a milestone, its request or its notice, before and after.

    `field` is `due_on`, `rework_on`, `grace_ends_on` (of request `id`) or `cure_ends_on` (of
    notice `id`).
    """

    milestone_id: int
    field: str
    id: int
    was: date
    becomes: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAsked(Change):
    """A pause asked for by either side; the buyer grants or refuses it.

    `touches` are the steps that wait for the answer: those that it would move, where the supplier
    asks. The buyer's own request stops none.
    """

    code: ClassVar[str] = "hold-asked"
    pathway_id: int
    starts_on: date
    ends_on: date
    reason: str
    by: Side
    made_on: date
    touches: tuple[int, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayHeld(Change):
    code: ClassVar[str] = "pathway-held"
    pathway_id: int
    hold_id: int
    starts_on: date
    ends_on: date
    moved: tuple[MovedDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefused(Change):
    """The days stay; what waited for the answer has five working days at least."""

    code: ClassVar[str] = "hold-refused"
    pathway_id: int
    hold_id: int
    reason: str
    refused_on: date
    grace_ends_on: date
    promised: tuple[CurePromised, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded(Change):
    """`last_day` is the last day held, None where it never began; `moved` goes back."""

    code: ClassVar[str] = "hold-ended"
    pathway_id: int
    last_day: date | None
    moved: tuple[MovedDay, ...]


def ask_hold(
    pathway: Pathway,
    span: Span,
    reason: str,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
    said: Said | None = None,
) -> HoldAsked:
    """Raises InputInvalid for days that are over or turned round, AlreadyOpen during a pause."""
    side = check(actor, BUYER | CONTACT, said)
    made_on = said_day(said, today)
    if not pathway.is_running():
        raise MoveRefused(from_state=pathway.state.value, to_state=PathwayState.ON_HOLD.value)
    _check_none_holds(pathway, today)
    if span.starts_on < made_on:
        given = span.starts_on.isoformat()
        raise InputInvalid(field="starts_on", reason="in-the-past", given=given)
    _check_end(span, today)
    touches = {move.milestone_id for move in moved_days(pathway, span, calendar)}
    return HoldAsked(
        pathway_id=pathway.id,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        reason=text_given(reason, "reason"),
        by=side,
        made_on=made_on,
        touches=tuple(sorted(touches)) if side is Side.SUPPLIER else (),
        said=said,
    )


def grant_hold(
    pathway: Pathway,
    hold_id: int,
    span: Span,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
) -> PathwayHeld:
    """Each open day and each unexpired cure end moves by the days held, onto working days.

    A pause that the supplier asked for counts from the day it asked, however late the answer.
    """
    _check_none_holds(pathway, today)
    check_move(PATHWAY_MOVES, PathwayState.AGREED, PathwayState.ON_HOLD, actor)
    if not pathway.is_running():
        raise MoveRefused(from_state=pathway.state.value, to_state=PathwayState.ON_HOLD.value)
    _check_end(span, today)
    return PathwayHeld(
        pathway_id=pathway.id,
        hold_id=hold_id,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        moved=(
            *_with_grace(pathway, moved_days(pathway, span, calendar), span, today, calendar),
            *_graces(pathway, span, today, calendar),
        ),
    )


def refuse_hold(
    pathway: Pathway,
    hold_id: int,
    reason: str,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
) -> HoldRefused:
    check(actor, BUYER)
    grace_ends_on = grace_from(today, pathway.hold, calendar)
    return HoldRefused(
        pathway_id=pathway.id,
        hold_id=hold_id,
        reason=text_given(reason, "reason"),
        refused_on=today,
        grace_ends_on=grace_ends_on,
        promised=cures_promised(pathway, RequestKind.HOLD, grace_ends_on),
    )


def end_hold(
    pathway: Pathway,
    moved: tuple[MovedDay, ...],
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
) -> HoldEnded:
    """The hold ends: by itself once its last day has passed, or earlier by the buyer.

    `moved` are the days that granting it moved. Ended early, those that nobody changed since go
    back by the days that are not held after all.
    """
    hold = pathway.hold
    if hold is None or not pathway.is_running():
        raise MoveRefused(from_state=pathway.state.value, to_state=PathwayState.AGREED.value)
    if today > hold.ends_on:
        check(actor, BUYER | TOOL)
        return HoldEnded(pathway_id=pathway.id, last_day=hold.ends_on, moved=())
    check(actor, BUYER)
    last_day = today - DAY if today > hold.starts_on else None
    spared = hold.ends_on - max(today, hold.starts_on) + DAY
    current = set(_days_of(pathway))
    back = tuple(
        MovedDay(
            milestone_id=move.milestone_id,
            field=move.field,
            id=move.id,
            was=move.becomes,
            becomes=max(calendar.on_or_after(move.becomes - spared), move.was),
        )
        for move in moved
        if (move.milestone_id, move.field, move.id, move.becomes) in current
    )
    return HoldEnded(pathway_id=pathway.id, last_day=last_day, moved=back)


def moved_days(pathway: Pathway, span: Span, calendar: WorkingCalendar) -> tuple[MovedDay, ...]:
    """What a hold over `span` moves: days that are not missed before it begins."""
    held = span.ends_on - span.starts_on + DAY
    return tuple(
        MovedDay(
            milestone_id=milestone_id,
            field=field,
            id=row_id,
            was=day,
            becomes=calendar.on_or_after(day + held),
        )
        for milestone_id, field, row_id, day in _days_of(pathway)
        if day >= span.starts_on
    )


def _days_of(pathway: Pathway) -> Iterator[tuple[int, str, int, date]]:
    for milestone in pathway.milestones:
        if milestone.is_open():
            yield from _days_of_milestone(milestone)


def _days_of_milestone(milestone: Milestone) -> Iterator[tuple[int, str, int, date]]:
    yield milestone.id, "due_on", milestone.id, milestone.due_on
    if milestone.rework_on is not None:
        yield milestone.id, "rework_on", milestone.id, milestone.rework_on
    for request in milestone.requests:
        if request.grace_ends_on is not None:
            yield milestone.id, "grace_ends_on", request.id, request.grace_ends_on
    if milestone.notice is not None:
        yield milestone.id, "cure_ends_on", milestone.notice.id, milestone.notice.cure_ends_on


def _graces(
    pathway: Pathway, span: Span, today: date, calendar: WorkingCalendar
) -> Iterator[MovedDay]:
    """Five working days after the answer, pushed on by the hold, for each step that waited."""
    for milestone in pathway.milestones:
        for request in milestone.requests:
            if request.waits() and request.kind is RequestKind.HOLD:
                yield MovedDay(
                    milestone_id=milestone.id,
                    field="grace_ends_on",
                    id=request.id,
                    was=calendar.add(today, ANSWER_GRACE_WORKING_DAYS),
                    becomes=grace_from(today, span, calendar),
                )


def _with_grace(
    pathway: Pathway,
    moved: tuple[MovedDay, ...],
    span: Span,
    today: date,
    calendar: WorkingCalendar,
) -> Iterator[MovedDay]:
    """The moves, with cure ends that waited for the answer not before the five working days."""
    promised = cures_promised(pathway, RequestKind.HOLD, grace_from(today, span, calendar))
    ends = {one.notice_id: one.cure_ends_on for one in promised}
    for move in moved:
        is_promised = move.field == "cure_ends_on" and move.id in ends
        yield replace(move, becomes=max(move.becomes, ends[move.id])) if is_promised else move


def _check_none_holds(pathway: Pathway, today: date) -> None:
    if pathway.hold is not None and today <= pathway.hold.ends_on:
        raise AlreadyOpen(what="running-hold")


def _check_end(span: Span, today: date) -> None:
    if span.ends_on < span.starts_on:
        start = span.starts_on.isoformat()
        raise InputInvalid(field="ends_on", reason="before-start", start=start)
    if span.ends_on < today:
        given = span.ends_on.isoformat()
        raise InputInvalid(field="ends_on", reason="in-the-past", given=given)
