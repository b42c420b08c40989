"""Every change of a status is announced once, and a reader of the feed misses none."""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Moment
from onboarding.jobs import runs
from onboarding.services.feed.announcements import list_announcements, put_in_feed
from onboarding.services.statuses import reassess
from onboarding.store.announcements import Announcement
from onboarding.store.database import unit_of_work
from onboarding.store.tables import AnnouncementRow, RelationRow
from tests import pathway_stage, stage
from tests.settable_clock import SettableClock

Told = tuple[str | None, str, str]


@pytest.fixture
def supplier(session: Session, relation: RelationRow, moment: Moment) -> RelationRow:
    reassess(session, moment, [relation.id])
    session.commit()
    return relation


def told(session: Session, app: Flask, customer_id: int) -> list[Told]:
    runs.announce(app)
    found = list_announcements(session, customer_id, 0, 1000)
    assert [one.position for one in found] == list(range(1, len(found) + 1))
    return [(one.from_status, one.to_status, one.starts_on.isoformat()) for one in found]


NEW: Told = (None, "out-of-scope", "2026-11-24")


def test_a_change_that_is_recorded(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    later = clock.forward(days=1)
    supplier.enrolled_on = later.today
    reassess(session, later, [supplier.id])
    reassess(session, later, [supplier.id])  # nothing new
    supplier.ended_on = later.today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    supplier.ended_on = None
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    assert told(session, app, supplier.customer_id) == [
        NEW,
        ("out-of-scope", "undecided", "2026-11-25"),
        ("undecided", "ineligible", "2026-11-25"),
        ("ineligible", "undecided", "2026-11-25"),
    ]


def test_a_change_that_a_day_brings_is_announced_once_on_that_day(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, clock.moment())
    session.commit()
    customer_id = scene.customer.id
    due_on = clock.moment().today + timedelta(days=14)
    before = told(session, app, customer_id)
    assert before[-1][1] == "conditional"
    clock.forward(days=14)
    assert told(session, app, customer_id) == before
    clock.forward(days=1)
    day = (due_on + timedelta(days=1)).isoformat()
    for _ in range(2):
        assert told(session, app, customer_id) == [*before, ("conditional", "at-risk", day)]
    [last] = list_announcements(session, customer_id, len(before), 10)
    assert [one.code for one in last.reasons] == ["milestone-overdue"]
    assert last.reasons[0].facts["due_on"] == due_on.isoformat()


def test_days_that_nobody_noted_come_before_what_is_recorded(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    """A worker that stood still for a week skips nothing."""
    supplier.ended_on = clock.moment().today + timedelta(days=3)
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    later = clock.forward(days=7)
    supplier.ended_on = None
    reassess(session, later, [supplier.id])
    session.commit()
    wanted = [
        NEW,
        ("out-of-scope", "ineligible", "2026-11-27"),
        ("ineligible", "out-of-scope", "2026-12-01"),
    ]
    assert told(session, app, supplier.customer_id) == wanted
    clock.forward(days=30)
    assert told(session, app, supplier.customer_id) == wanted


def test_a_day_that_was_taken_back_is_not_announced(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    supplier.ended_on = clock.moment().today + timedelta(days=3)
    reassess(session, clock.forward(seconds=1), [supplier.id])
    supplier.ended_on = None
    reassess(session, clock.forward(days=1), [supplier.id])
    session.commit()
    clock.forward(days=30)
    assert told(session, app, supplier.customer_id) == [NEW]


def test_what_was_recorded_ahead_waits_for_its_day(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    """A sweep that is told to live in a day to come may record something on that day."""
    customer_id = supplier.customer_id
    ahead = clock.moment_at(clock.moment().now + timedelta(days=7))
    supplier.enrolled_on = ahead.today
    reassess(session, ahead, [supplier.id])
    session.commit()
    assert told(session, app, customer_id) == [NEW]
    clock.forward(days=6)
    assert runs.announce(app) == {}
    clock.forward(days=1)
    wanted = [NEW, ("out-of-scope", "undecided", "2026-12-01")]
    assert told(session, app, customer_id) == wanted
    assert told(session, app, customer_id) == wanted


def test_what_was_recorded_ahead_is_not_announced_when_it_was_overtaken(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    customer_id = supplier.customer_id
    supplier.enrolled_on = clock.moment().today
    reassess(session, clock.moment_at(clock.moment().now + timedelta(days=7)), [supplier.id])
    supplier.ended_on = clock.forward(days=1).today
    reassess(session, clock.moment(), [supplier.id])
    session.commit()
    now = told(session, app, customer_id)
    assert [one[1:] for one in now] == [NEW[1:], ("ineligible", "2026-11-25")]
    clock.forward(days=30)
    assert told(session, app, customer_id) == now


def test_each_customer_has_a_feed_of_its_own(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> None:
    other = stage.a_relation(session, stage.a_customer(session, "Ander"))
    reassess(session, clock.moment(), [other.id])
    session.commit()
    assert told(session, app, supplier.customer_id) == [NEW]
    assert told(session, app, other.customer_id) == [NEW]
    assert runs.announce(app) == {}  # nothing is due, nothing is written


def some_suppliers(session: Session, moment: Moment, count: int) -> tuple[int, list[int]]:
    customer = stage.a_customer(session)
    ids = [stage.a_relation(session, customer, f"L{n}").id for n in range(count)]
    reassess(session, moment, ids)
    return customer.id, ids


def toggle(session: Session, moment: Moment, relation_id: int) -> None:
    row = session.get_one(RelationRow, relation_id, with_for_update=True)
    row.enrolled_on = None if row.enrolled_on else moment.today
    reassess(session, moment, [relation_id])


def number(fresh_sessions: sessionmaker[Session], moment: Moment) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        put_in_feed(session, moment)


def read(
    fresh_sessions: sessionmaker[Session], customer_id: int, after: int
) -> Sequence[Announcement]:
    with fresh_sessions() as session:
        return list_announcements(session, customer_id, after, 1000)


def test_what_is_committed_late_is_not_skipped(
    fresh_sessions: sessionmaker[Session], moment: Moment, engine_name: str
) -> None:
    """The row that was written first is seen last: by id, a reader would never see it."""
    with fresh_sessions() as session, unit_of_work(session):
        customer_id, (slow, fast) = some_suppliers(session, moment, 2)
    number(fresh_sessions, moment)
    assert len(read(fresh_sessions, customer_id, 0)) == 2
    with fresh_sessions() as late:
        if engine_name == "postgresql":  # SQLite has one writer at a time
            toggle(late, moment, slow)
        with fresh_sessions() as session, unit_of_work(session):
            toggle(session, moment, fast)
        number(fresh_sessions, moment)
        [seen] = read(fresh_sessions, customer_id, 2)
        assert (seen.position, seen.relation_id) == (3, fast)
        if engine_name == "sqlite":
            late.connection(execution_options={"writes": True})
            toggle(late, moment, slow)
        late.commit()
    number(fresh_sessions, moment)
    [then] = read(fresh_sessions, customer_id, 3)
    assert (then.position, then.relation_id) == (4, slow)
    if engine_name == "postgresql":
        with fresh_sessions() as session:
            by_id = select(AnnouncementRow.relation_id).order_by(AnnouncementRow.id)
            assert list(session.scalars(by_id))[2:] == [slow, fast]


def test_writers_numberers_and_a_reader_at_once(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    writers, turns = 4, 6
    with fresh_sessions() as session, unit_of_work(session):
        customer_id, ids = some_suppliers(session, moment, writers)
    over = Event()
    seen: list[Announcement] = []

    def write(relation_id: int) -> None:
        dice = random.Random(relation_id)
        for _ in range(turns):
            with fresh_sessions() as session, unit_of_work(session):
                toggle(session, moment, relation_id)
                time.sleep(dice.random() / 100)  # its row is written and not committed

    def follow() -> None:
        while True:
            is_last = over.is_set()
            number(fresh_sessions, moment)
            seen.extend(read(fresh_sessions, customer_id, seen[-1].position if seen else 0))
            if is_last:
                return

    def only_number() -> None:
        while not over.is_set():
            number(fresh_sessions, moment)
            time.sleep(0.002)

    threads = [Thread(target=write, args=(relation_id,)) for relation_id in ids]
    others = [Thread(target=follow), Thread(target=only_number)]
    for thread in (*threads, *others):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    for thread in others:
        thread.join()
    with fresh_sessions() as session:
        there = session.scalar(select(func.count()).select_from(AnnouncementRow))
    assert there == writers * (turns + 1)
    assert [one.position for one in seen] == list(range(1, there + 1))
    for relation_id in ids:
        own = [one for one in seen if one.relation_id == relation_id]
        for one, following in pairwise(own):
            assert one.to_status == following.from_status
