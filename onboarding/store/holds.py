"""Holds: asked for, granted, refused and ended, with the days that each moved."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.changes import Change, as_json
from onboarding.domain.holds import HoldAsked, HoldEnded, HoldRefused, MovedDay, PathwayHeld
from onboarding.domain.milestones import RequestKind
from onboarding.domain.pathways import PathwayState
from onboarding.store.history import Record, append
from onboarding.store.requests import let_wait, promise_cures, waiting_of
from onboarding.store.tables import (
    DateRequestRow,
    HoldRow,
    MilestoneRow,
    NoticeRow,
    PathwayRow,
)

ASKED, GRANTED, REFUSED, ENDED = "asked", "granted", "refused", "ended"
HOLDERS = {
    "due_on": MilestoneRow,
    "rework_on": MilestoneRow,
    "grace_ends_on": DateRequestRow,
    "cure_ends_on": NoticeRow,
}


def add_hold(
    session: Session, change: HoldAsked, wished: Mapping[int, date], under: Record
) -> HoldRow:
    """Record what was asked; the steps that it touches wait, with the day it would give them."""
    row = HoldRow(
        pathway_id=change.pathway_id,
        state=ASKED,
        asked_by=change.by,
        asked_on=under.moment.today,
        reason=change.reason,
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        moved=[],
    )
    session.add(row)
    session.flush()
    let_wait(
        session,
        RequestKind.HOLD,
        change.touches,
        under,
        by=change.by,
        made_on=change.made_on,
        reason=change.reason,
        wished=wished,
    )
    append(session, change, under)
    return row


def open_hold(session: Session, pathway_id: int) -> HoldRow | None:
    """The pause that waits for an answer, if there is one."""
    return session.scalars(
        select(HoldRow).where(HoldRow.pathway_id == pathway_id, HoldRow.state == ASKED)
    ).first()


def granted_hold(session: Session, pathway_id: int) -> HoldRow | None:
    """The pause in force or to come."""
    return session.scalars(
        select(HoldRow)
        .where(HoldRow.pathway_id == pathway_id, HoldRow.state == GRANTED)
        .order_by(HoldRow.id.desc())
    ).first()


def record(
    session: Session,
    pathway: PathwayRow,
    row: HoldRow,
    change: Change,
    under: Record,
    answer: str | None = None,
) -> None:
    """Update the hold, the pathway and the days that moved, and append to the history."""
    if isinstance(change, PathwayHeld | HoldRefused):
        for request in waiting_of(session, pathway.id, RequestKind.HOLD):
            request.answered_on = under.moment.today
            if isinstance(change, HoldRefused):
                request.grace_ends_on = change.grace_ends_on
    match change:
        case PathwayHeld():
            row.state, row.answered_on, row.answer = GRANTED, under.moment.today, answer
            row.moved = as_json(change.moved)
            pathway.state = PathwayState.ON_HOLD
            row.starts_on, row.ends_on = change.starts_on, change.ends_on
            pathway.hold_starts_on, pathway.hold_ends_on = change.starts_on, change.ends_on
            _move(session, change.moved)
        case HoldRefused():
            row.state, row.answered_on, row.answer = REFUSED, change.refused_on, change.reason
            promise_cures(session, change.promised)
        case HoldEnded():
            row.state, row.ended_on = ENDED, change.last_day
            pathway.state = PathwayState.AGREED
            pathway.hold_ends_on = change.last_day
            if change.last_day is None:
                pathway.hold_starts_on = None
            _move(session, change.moved)
        case _:
            raise TypeError(f"not a change of a hold: {change.code}")
    session.flush()
    append(session, change, under)


def moved_days(row: HoldRow) -> tuple[MovedDay, ...]:
    """The days that granting it moved."""
    return tuple(
        MovedDay(
            milestone_id=one["milestone_id"],
            field=one["field"],
            id=one["id"],
            was=date.fromisoformat(one["was"]),
            becomes=date.fromisoformat(one["becomes"]),
        )
        for one in row.moved
    )


def _move(session: Session, moved: tuple[MovedDay, ...]) -> None:
    for one in moved:
        setattr(session.get_one(HOLDERS[one.field], one.id), one.field, one.becomes)
