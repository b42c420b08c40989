"""The time machine: lives through each day up to a later one, as the worker would have done."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from flask import Flask
from sqlalchemy import select

from onboarding.clock import Clock, Moment
from onboarding.demo.caught_mail import CaughtMail
from onboarding.demo.date import set_offset
from onboarding.demo.folder import DemoFolder
from onboarding.demo.living import live
from onboarding.domain.eligibility import Status
from onboarding.domain.plans import add_months
from onboarding.domain.workdays import DAY
from onboarding.services.status_reading import read_statuses
from onboarding.store.database import db
from onboarding.store.tables import RelationRow

LIVES_AT = time(9)  # local: after reminders may go, and before people begin
LONGEST_MONTHS = 3


class JumpRefused(Exception):
    """The day is not ahead, or too far; `latest` is the last day that one jump reaches."""

    def __init__(self, why: "Why", latest: date) -> None:
        super().__init__(why.value)
        self.why = why
        self.latest = latest


class Why(Enum):
    NOT_AHEAD = "not ahead"
    TOO_FAR = "too far"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """The buying status of one supplier, before the jump and after."""

    relation_id: int
    name: str
    was: Status
    becomes: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Jumped:
    """What a jump brought."""

    to_on: date
    mails: int
    changes: tuple[StatusChanged, ...]


def jump(app: Flask, to_on: date) -> Jumped:
    """Live through each day up to and including `to_on`; the worker waits meanwhile.

    Raises JumpRefused. The date moves before each day is lived, so that whoever works in the demo
    meanwhile is on the same day.
    """
    folder: DemoFolder = app.extensions["demo_folder"]
    caught: CaughtMail = app.extensions["caught_mail"]
    clock: Clock = app.extensions["clock"]
    with folder.clock_in_hand():
        moment = clock.moment()
        check_day(moment, to_on)
        mails, before = len(caught), _statuses(moment.today)
        local = moment.now.astimezone(clock.zone)
        day = moment.today + (DAY if local.time() >= LIVES_AT else timedelta())
        while day <= to_on:
            moment = _move_to(clock, day, LIVES_AT)
            live(app)
            day += DAY
        if local.time() > LIVES_AT:
            _move_to(clock, to_on, local.time())
        after = _statuses(to_on)
    return Jumped(to_on=to_on, mails=len(caught) - mails, changes=_changes(before, after))


def check_day(moment: Moment, to_on: date) -> None:
    """Raises JumpRefused for a day that is not ahead, or further than one jump goes."""
    latest = add_months(moment.today, LONGEST_MONTHS)
    if to_on <= moment.today:
        raise JumpRefused(Why.NOT_AHEAD, latest)
    if to_on > latest:
        raise JumpRefused(Why.TOO_FAR, latest)


def _move_to(clock: Clock, day: date, at: time) -> Moment:
    """Set the demo's date; never backwards, whatever summer time does."""
    wanted = datetime.combine(day, at.replace(tzinfo=None), clock.zone).astimezone(UTC)
    real_now = clock.real_now()
    ahead = max(wanted - real_now, clock.offset())
    set_offset(ahead + timedelta(seconds=1))
    return clock.moment_at(real_now + ahead + timedelta(seconds=1))


def _statuses(on: date) -> dict[int, Status]:
    session = db.session()
    own = RelationRow.customer_id != RelationRow.supplier_id  # not one that went into another
    ids = list(session.scalars(select(RelationRow.id).where(own)))
    found = {one: reading.status for one, reading in read_statuses(session, ids, on).items()}
    session.rollback()
    return found


def _changes(before: dict[int, Status], after: dict[int, Status]) -> tuple[StatusChanged, ...]:
    changed = [one for one in after if one in before and after[one] is not before[one]]
    session = db.session()
    rows = session.execute(
        select(RelationRow.id, RelationRow.name)
        .where(RelationRow.id.in_(changed))
        .order_by(RelationRow.sort_name, RelationRow.id)
    ).all()
    session.rollback()
    return tuple(
        StatusChanged(relation_id=one, name=name, was=before[one], becomes=after[one])
        for one, name in rows
    )
