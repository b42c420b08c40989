"""A supplier's closures, through the services: kept, told, and waited for by reminders."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.workdays import Span
from onboarding.services.closures import add_closure, call_off_closure, closures_ahead
from onboarding.store.tables import ClosureRow, EventRow
from tests import pathway_stage as pathways
from tests import stage

CLOSED = Span(date(2026, 12, 7), date(2026, 12, 20))  # the plan falls due on 8 December


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def test_it_is_kept_and_names_the_steps_that_fall_in_it(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    pathways.agreed(session, scene, moment)
    add_closure(session, scene.signatory, moment, scene.relation.id, span=CLOSED)
    ahead, steps = closures_ahead(session, scene.buyer, moment, scene.relation.id)
    assert [one.span for one in ahead] == [CLOSED]
    assert [(one.title, one.due_on) for one in steps] == [("plan", date(2026, 12, 8))]
    event = session.scalars(select(EventRow).where(EventRow.code == "closure-added")).one()
    assert event.facts == {"starts_on": "2026-12-07", "ends_on": "2026-12-20"}


def test_said_by_phone_it_says_who_and_when(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    said = Said(
        said_on=moment.today, channel=Channel.PHONE, person_id=scene.signatory.person_id or 0
    )
    args = (session, scene.buyer, moment, scene.relation.id)
    add_closure(*args, span=CLOSED, on_behalf=said)
    event = session.scalars(select(EventRow).where(EventRow.code == "closure-added")).one()
    assert (event.channel, event.said_by) == ("phone", scene.signatory.person_id)


def test_called_off_it_is_gone_and_the_history_knows(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    args = (session, scene.signatory, moment)
    closure_id = add_closure(*args, scene.relation.id, span=CLOSED)
    call_off_closure(*args, closure_id)
    assert session.scalars(select(ClosureRow)).all() == []
    codes = session.scalars(select(EventRow.code).order_by(EventRow.id)).all()
    assert codes[-2:] == ["closure-added", "closure-called-off"]


def test_nobody_closes_or_opens_somebody_else(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    other = stage.a_relation(session, scene.customer, "Bakkerij Koren")
    baker = stage.contact_actor(session, other, Role.SIGNATORY)
    closure = stage.a_closure(session, scene.relation)
    tries: tuple[Callable[[], object], ...] = (
        lambda: add_closure(session, baker, moment, scene.relation.id, span=CLOSED),
        lambda: call_off_closure(session, baker, moment, closure.id),
        lambda: closures_ahead(session, baker, moment, scene.relation.id),
        lambda: call_off_closure(session, baker, moment, closure.id + 1000),
    )
    for doing in tries:
        with pytest.raises(NotFound):
            doing()


def test_one_that_is_over_is_not_ahead(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    last = moment.today - timedelta(1)
    stage.a_closure(session, scene.relation, last - timedelta(9), last)
    assert closures_ahead(session, scene.buyer, moment, scene.relation.id) == ([], [])
