"""What the days bring is owed once, whenever and however often it is looked for."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Channel
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.conversations import record_contact
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.requests import ask_for_date
from onboarding.store.tables import MessageRow, MilestoneRow, TaskRow
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed

DUE = date(2027, 1, 13)  # a Wednesday, 50 days after the agreement
Sweep = Callable[[date], Counter[str]]


@pytest.fixture
def sweep(app: Flask, clock: SettableClock) -> Sweep:
    """Sweeps at noon on a day."""

    def run(day: date) -> Counter[str]:
        noon = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=12)
        return runs.sweep(app, clock.moment_at(noon))

    return run


@pytest.fixture
def scene(session: Session, moment: Moment) -> Scene:
    scene = a_scene(session)
    agreed(session, scene, moment, Step(title="plan", due_on=DUE, is_reviewed=True))
    session.commit()
    return scene


def stages(session: Session) -> list[str]:
    rows = session.scalars(
        select(MessageRow).where(MessageRow.kind == "milestone-reminder").order_by(MessageRow.id)
    )
    return [row.facts["stage"] for row in rows]


@pytest.mark.parametrize(
    ("days", "stage"), [(-15, None), (-14, "-14"), (-4, "-14"), (-3, "-3"), (0, "-3"), (1, "+1")]
)
def test_each_stage_is_owed_from_its_day(
    session: Session, scene: Scene, sweep: Sweep, days: int, stage: str | None
) -> None:
    sweep(DUE + timedelta(days=days))
    assert stages(session) == ([stage] if stage else [])


def test_sweeping_again_adds_nothing(session: Session, scene: Scene, sweep: Sweep) -> None:
    assert sweep(DUE - timedelta(days=14))["reminders"] == 1
    assert sweep(DUE - timedelta(days=14)) == Counter()
    assert sweep(DUE - timedelta(days=10)) == Counter()
    assert stages(session) == ["-14"]


def test_living_through_each_day_owes_each_stage_once(
    session: Session, scene: Scene, sweep: Sweep
) -> None:
    for days in range(-20, 6):
        sweep(DUE + timedelta(days=days))
    assert stages(session) == ["-14", "-3", "+1"]


def test_what_came_before_the_step_existed_is_not_owed(
    session: Session, moment: Moment, sweep: Sweep
) -> None:
    scene = a_scene(session)
    soon = moment.today + timedelta(days=10)
    agreed(session, scene, moment, Step(title="plan", due_on=soon))
    session.commit()
    sweep(moment.today)
    assert stages(session) == []
    sweep(soon - timedelta(days=3))
    assert stages(session) == ["-3"]


def test_nothing_is_owed_while_the_buyer_has_the_turn(
    session: Session, scene: Scene, sweep: Sweep, clock: SettableClock
) -> None:
    step = scene_step(session, scene)
    moment = clock.forward(days=20)
    ask_for_date(
        session, scene.signatory, moment, step, wished_on=DUE + timedelta(days=30), reason="Ziek"
    )
    session.commit()
    for days in (-14, -3, 1, 4, 8):
        sweep(DUE + timedelta(days=days))
    assert stages(session) == []
    assert session.scalars(select(TaskRow)).all() == []


def test_a_submitted_step_brings_no_reminder(
    session: Session, scene: Scene, sweep: Sweep, clock: SettableClock
) -> None:
    submit_milestone(session, scene.signatory, clock.forward(days=20), scene_step(session, scene))
    session.commit()
    sweep(DUE + timedelta(days=1))
    assert stages(session) == []


def test_the_phone_comes_first_then_the_notice(
    session: Session, scene: Scene, sweep: Sweep
) -> None:
    assert sweep(DUE + timedelta(days=1))["calls"] == 0
    assert sweep(DUE + timedelta(days=2))["calls"] == 1
    task = session.scalars(select(TaskRow)).one()
    assert (task.kind, task.for_role, task.due_on) == ("call", "buyer", DUE + timedelta(days=2))
    assert "call" in session.scalars(select(MessageRow.kind)).all()
    assert sweep(DUE + timedelta(days=6))["notices"] == 0
    assert sweep(DUE + timedelta(days=7))["notices"] == 1
    assert "notice-prepared" in session.scalars(select(MessageRow.kind)).all()


def test_who_called_since_the_deadline_need_not_call_again(
    session: Session, scene: Scene, sweep: Sweep, clock: SettableClock
) -> None:
    called = clock.forward(days=51)  # the day after it was due
    record_contact(
        session,
        scene.buyer,
        called,
        scene.relation.id,
        channel=Channel.PHONE,
        contact_on=called.today,
        was_reached=False,
    )
    session.commit()
    assert sweep(DUE + timedelta(days=2))["calls"] == 0


def scene_step(session: Session, scene: Scene) -> int:
    return session.scalars(
        select(MilestoneRow.id).where(MilestoneRow.relation_id == scene.relation.id)
    ).one()
