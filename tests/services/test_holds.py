"""A pathway pauses: asked for, granted, its days moved, and ended by itself or earlier."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed, NotFound
from onboarding.domain.workdays import Span
from onboarding.services.holds import (
    ask_for_hold,
    end_running_hold,
    grant_asked_hold,
    refuse_asked_hold,
)
from onboarding.services.pathway_days import end_passed_holds
from onboarding.store.tables import MessageRow
from tests import pathway_stage as pathways
from tests.conftest import SettableClock

PAUSE = Span(date(2026, 11, 30), date(2026, 12, 13))  # two weeks


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def test_it_moves_what_is_open_and_ends_by_itself(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    hold = ask_for_hold(session, scene.signatory, moment, row.id, span=PAUSE, reason="Verhuizing")
    with pytest.raises(NotAllowed):
        grant_asked_hold(session, scene.signatory, moment, hold)
    grant_asked_hold(session, scene.buyer, moment, hold)
    assert plan.due_on == date(2026, 12, 22)
    assert pathways.reasons_on(session, scene.relation.id, PAUSE.starts_on) == ["on-hold"]
    customer = scene.customer.id
    assert end_passed_holds(session, clock.forward(days=19), customer) == 0
    after = clock.forward(days=1)
    assert end_passed_holds(session, after, customer) == 1
    assert end_passed_holds(session, after, customer) == 0
    assert (row.state, plan.due_on) == ("agreed", date(2026, 12, 22))
    kinds = session.scalars(select(MessageRow.kind).where(MessageRow.kind.like("hold-%"))).all()
    assert sorted(kinds) == ["hold-answered", "hold-asked"]


def test_ended_earlier_the_days_not_held_go_back(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    hold = ask_for_hold(session, scene.buyer, moment, row.id, span=PAUSE, reason="Verhuizing")
    grant_asked_hold(session, scene.buyer, moment, hold)
    early = clock.forward(days=13)  # Monday, after one week of pause
    end_running_hold(session, scene.buyer, early, row.id)
    assert (row.hold_ends_on, plan.due_on) == (
        early.today - timedelta(1),
        date(2026, 12, 15),
    )
    with pytest.raises(NotFound):
        end_running_hold(session, scene.buyer, early, row.id)


def test_refused_nothing_moves(session: Session, scene: pathways.Scene, moment: Moment) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    due_on = plan.due_on
    hold = ask_for_hold(session, scene.signatory, moment, row.id, span=PAUSE, reason="Druk")
    refuse_asked_hold(session, scene.buyer, moment, hold, reason="Te lang")
    assert plan.due_on == due_on
    with pytest.raises(MoveRefused):
        grant_asked_hold(session, scene.buyer, moment, hold)
