"""A pathway pauses: asked for, granted, its days moved, and ended by itself or earlier."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed, NotFound
from onboarding.domain.workdays import Span
from onboarding.services.pathway.days import end_passed_holds
from onboarding.services.pathway.holds import (
    ask_for_hold,
    end_running_hold,
    grant_asked_hold,
    hold_pathway,
    refuse_asked_hold,
)
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
    assert sorted(kinds) == ["hold-answered", "hold-asked", "hold-ended"]


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


def test_refused_late_nothing_moves_and_five_working_days_are_left(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, account, *_) = pathways.agreed(session, scene, moment)
    due_on = plan.due_on
    later = Span(due_on, due_on + timedelta(27))
    hold = ask_for_hold(session, scene.signatory, moment, row.id, span=later, reason="Druk")
    assert (plan.deadline_on, account.deadline_on) == (None, None)
    late = clock.forward(days=20)
    assert pathways.status_on(session, scene.relation.id, late.today) == "conditional"
    refuse_asked_hold(session, scene.buyer, late, hold, reason="Te lang")
    assert (plan.due_on, plan.deadline_on) == (due_on, late.today + timedelta(7))
    told = session.scalars(select(MessageRow).where(MessageRow.kind == "hold-answered")).one()
    assert told.facts["grace_ends_on"] == (late.today + timedelta(7)).isoformat()
    with pytest.raises(MoveRefused):
        grant_asked_hold(session, scene.buyer, late, hold)


def test_granted_late_it_counts_from_the_day_that_was_asked_and_until_another(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    span = Span(plan.due_on, plan.due_on + timedelta(27))
    hold = ask_for_hold(session, scene.signatory, moment, row.id, span=span, reason="Verhuizing")
    late = clock.forward(days=17)
    ends_on = span.ends_on - timedelta(7)
    grant_asked_hold(session, scene.buyer, late, hold, ends_on=ends_on, answer="Sterkte")
    assert (row.hold_starts_on, row.hold_ends_on) == (span.starts_on, ends_on)
    assert plan.due_on == span.starts_on + timedelta(21)
    told = session.scalars(select(MessageRow).where(MessageRow.kind == "hold-answered")).one()
    assert told.facts["asked_until"] == span.ends_on.isoformat()
    end_running_hold(session, scene.buyer, clock.forward(days=1), row.id)
    # Four days were held; five working days from the answer are the least that is left.
    assert (plan.due_on, plan.deadline_on) == (date(2026, 12, 14), date(2026, 12, 21))


def test_the_buyers_own_pause_is_granted_at_once(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    hold_pathway(session, scene.buyer, moment, row.id, span=PAUSE, reason="Verbouwing bij ons")
    assert (row.state, plan.due_on) == ("on-hold", date(2026, 12, 22))
    told = session.scalars(select(MessageRow).where(MessageRow.kind.like("hold-%"))).one()
    assert (told.kind, told.facts["answer"]) == ("hold-answered", "Verbouwing bij ons")
