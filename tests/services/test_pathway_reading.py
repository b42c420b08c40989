"""A page reads a pathway: whose turn it is, what is next, and nothing that is not for its side."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Side
from onboarding.services.pathway.milestones import return_milestone, submit_milestone
from onboarding.services.pathway.negotiation import stop_pathway
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.reading import pathway_panel, read_step
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.pathway.views import PathwayView
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def panel(session: Session, scene: pathways.Scene, moment: Moment) -> PathwayView:
    found = pathway_panel(session, scene.buyer, moment, scene.relation.id)
    assert found is not None
    return found


def test_without_a_pathway_there_is_nothing(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    assert pathway_panel(session, scene.buyer, moment, scene.relation.id) is None


def test_a_draft_is_for_the_buyer_only(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    pathways.a_draft(session, scene, moment)
    assert panel(session, scene, moment).turn.side is Side.BUYER
    assert pathway_panel(session, scene.signatory, moment, scene.relation.id) is None


def test_a_supplier_does_not_see_that_there_is_a_draft(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    before, _ = pathways.agreed(session, scene, moment)
    stop_pathway(session, scene.signatory, moment, before.id, reason="Te druk")
    draft = pathways.a_draft(session, scene, moment)
    assert panel(session, scene, moment).id == draft.id
    view = pathway_panel(session, scene.signatory, moment, scene.relation.id)
    assert view is not None and view.id == before.id


def test_a_proposal_shows_the_days_that_agreeing_now_would_give(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    pathways.proposed(session, scene, moment)
    later = clock.forward(days=7)
    view = pathway_panel(session, scene.signatory, later, scene.relation.id)
    assert view is not None
    assert (view.turn.side, view.turn.since, view.days_moved) == (Side.SUPPLIER, moment.today, 7)
    first = view.steps[0]
    assert first.moved_due_on == first.due_on + timedelta(7)


def test_the_next_step_is_the_suppliers_first(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, account, *_) = pathways.agreed(session, scene, moment)
    view = panel(session, scene, moment)
    assert view.next_step is not None
    assert (view.next_step.id, view.turn.side, view.done) == (plan.id, Side.SUPPLIER, 0)
    submit_milestone(session, scene.signatory, moment, plan.id)
    view = panel(session, scene, moment)
    assert view.next_step is not None
    assert (view.next_step.id, view.turn.side, view.turn.since) == (
        account.id,
        Side.BUYER,
        moment.today,
    )


def test_what_was_sent_back_or_missed_says_so(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    return_milestone(session, scene.buyer, moment, plan.id, note="Graag met cijfers")
    step = panel(session, scene, moment).steps[0]
    assert (step.code, step.note) == ("returned", "Graag met cijfers")
    late = clock.forward(days=40)
    assert panel(session, scene, late).steps[0].code == "overdue"


def test_a_request_gives_the_buyer_the_turn(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    ask_for_date(
        session,
        scene.signatory,
        moment,
        plan.id,
        wished_on=plan.due_on + timedelta(7),
        reason="Ziek",
    )
    view = panel(session, scene, moment)
    assert view.turn.side is Side.BUYER
    request = view.steps[0].waiting_request()
    assert request is not None
    assert (request.reason, view.steps[0].is_overdue) == ("Ziek", False)


def test_a_notice_that_was_not_sent_is_not_shown_to_the_supplier(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    late = clock.forward(days=22)
    prepare_due_notices(session, late, scene.customer.id)
    _, mine = read_step(session, scene.buyer, late, plan.id)
    _, theirs = read_step(session, scene.signatory, late, plan.id)
    assert mine.unsent_notice() is not None
    assert theirs.notices == ()


def test_another_relation_is_not_found(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    other = stage.contact_actor(session, stage.a_relation(session, scene.customer, "Bakker"))
    with pytest.raises(NotFound):
        read_step(session, other, moment, plan.id)
    with pytest.raises(NotFound):
        pathway_panel(session, other, moment, scene.relation.id)
