"""What changes because a day has come: holds, tasks, and what nobody can write."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.jobs import runs
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.pathway.holds import ask_for_hold, grant_asked_hold
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.store.tables import MessageRow, MilestoneRow, PathwayRow, TaskRow
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed

DUE = date(2027, 1, 13)
SweepOn = Callable[[date], Moment]


@pytest.fixture
def sweep_on(app: Flask, clock: SettableClock) -> SweepOn:
    def run(day: date) -> Moment:
        noon = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=12)
        runs.sweep(app, clock.moment_at(noon))
        return clock.moment_at(noon)

    return run


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def test_a_hold_lets_deadlines_rest_and_ends_by_itself(
    session: Session, scene: Scene, moment: Moment, sweep_on: SweepOn
) -> None:
    pathway, (row, *_) = agreed(session, scene, moment, Step(title="plan", due_on=DUE))
    span = Span(date(2026, 12, 1), date(2026, 12, 14))
    hold = ask_for_hold(
        session, scene.signatory, moment, pathway.id, span=span, reason="Verhuizing"
    )
    grant_asked_hold(session, scene.buyer, moment, hold)
    session.commit()
    moved = session.get_one(MilestoneRow, row.id, populate_existing=True).due_on
    assert moved == DUE + timedelta(days=14)
    sweep_on(date(2026, 12, 2))
    assert session.get_one(MilestoneRow, row.id, populate_existing=True).deadline_on is None
    sweep_on(date(2026, 12, 15))
    assert session.get_one(MilestoneRow, row.id, populate_existing=True).deadline_on == moved
    assert session.get_one(PathwayRow, pathway.id, populate_existing=True).state == "agreed"


def test_a_call_that_nobody_need_make_any_more_is_closed(
    session: Session, scene: Scene, moment: Moment, sweep_on: SweepOn
) -> None:
    _, (row, *_) = agreed(session, scene, moment, Step(title="plan", due_on=DUE))
    session.commit()
    later = sweep_on(DUE + timedelta(days=2))
    task = session.scalars(select(TaskRow)).one()
    sweep_on(DUE + timedelta(days=3))
    assert session.get_one(TaskRow, task.id, populate_existing=True).done_at is None
    submit_milestone(session, scene.signatory, later, row.id)
    session.commit()
    sweep_on(DUE + timedelta(days=4))
    assert session.get_one(TaskRow, task.id, populate_existing=True).done_at is not None


def test_a_message_of_an_unknown_kind_is_closed(
    session: Session, scene: Scene, moment: Moment, app: Flask
) -> None:
    owed = Owed(kind="what-is-this", about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()
    assert runs.tidy(app) == {"messages of an unknown kind": 1}
    row = session.scalars(select(MessageRow)).one()
    assert (row.state, row.end_reason) == ("failed", "unknown-kind")
    assert not runs.tidy(app)
