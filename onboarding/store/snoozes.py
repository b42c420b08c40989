"""Reminders that are put off: what runs on a day, and what is recorded."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.domain.snoozes import RemindersGoOn, RemindersPutOff
from onboarding.store.database import IDS
from onboarding.store.history import Record, append
from onboarding.store.tables import SnoozeRow

RUNNING = (
    select(SnoozeRow)
    .where(
        SnoozeRow.relation_id.in_(IDS),
        SnoozeRow.until_on >= bindparam("on"),
        SnoozeRow.ended_on.is_(None),
    )
    .order_by(SnoozeRow.until_on.desc(), SnoozeRow.id.desc())
)


def running(session: Session, relation_ids: Iterable[int | None], on: date) -> list[SnoozeRow]:
    """Those of these suppliers that hold on that day, the one that lasts longest first."""
    ids = list({one for one in relation_ids if one is not None})
    return list(session.scalars(RUNNING, {"ids": ids, "on": on}))


def about(
    session: Session, relation_id: int, milestone_id: int | None, on: date
) -> SnoozeRow | None:
    """What puts off the reminders about this step, or about the supplier; the longest."""
    rows = running(session, [relation_id], on)
    return next((row for row in rows if row.milestone_id in (None, milestone_id)), None)


def own(session: Session, relation_id: int, milestone_id: int | None, on: date) -> list[SnoozeRow]:
    """Those about exactly this."""
    rows = running(session, [relation_id], on)
    return [row for row in rows if row.milestone_id == milestone_id]


def covers(rows: Iterable[SnoozeRow], relation_id: int | None, step_id: int | None) -> date | None:
    """Until when these put off a reminder about that; None where they do not."""
    days = [
        row.until_on
        for row in rows
        if row.relation_id == relation_id and row.milestone_id in (None, step_id)
    ]
    return max(days, default=None)


def record_put_off(session: Session, change: RemindersPutOff, under: Record) -> SnoozeRow:
    assert under.relation_id is not None
    row = SnoozeRow(
        relation_id=under.relation_id,
        milestone_id=under.milestone_id,
        until_on=change.until_on,
        reason=change.reason,
        made_on=under.moment.today,
    )
    session.add(row)
    append(session, change, under)
    return row


def record_go_on(session: Session, row: SnoozeRow, change: RemindersGoOn, under: Record) -> None:
    row.ended_on = under.moment.today
    append(session, change, under)
