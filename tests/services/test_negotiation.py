"""A pathway is drafted, proposed, countered, agreed or declined, and everyone is told."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.agreements import sha256
from onboarding.domain.errors import AlreadyOpen, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.plans import Step
from onboarding.services.pathway.drafts import change_draft, draft_pathway
from onboarding.services.pathway.negotiation import (
    agree_pathway,
    counter_pathway,
    decline_pathway,
    proposal_handed_over,
    propose_pathway,
    stop_pathway,
    withdraw_proposal,
)
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.pathways import negotiation_value, versions
from onboarding.store.tables import EventRow, MessageRow, RelationRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock

pytestmark = pytest.mark.usefixtures("session")
SATURDAY = date(2026, 12, 5)


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def owed(session: Session, kind: str) -> list[MessageRow]:
    return list(session.scalars(select(MessageRow).where(MessageRow.kind == kind)))


def events(session: Session, relation: RelationRow) -> list[str]:
    told = select(EventRow.code).where(EventRow.relation_id == relation.id)
    return list(session.scalars(told.order_by(EventRow.id)))


def test_a_draft_stands_on_working_days(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment, Step(title="plan", due_on=SATURDAY))
    assert row.steps[0]["due_on"] == "2026-12-07"
    assert not session.scalars(select(EventRow.is_shared)).all()[0]
    assert owed(session, "proposal") == []


def test_there_is_one_pathway_at_a_time(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    pathways.a_draft(session, scene, moment)
    with pytest.raises(AlreadyOpen):
        pathways.a_draft(session, scene, moment)


def test_two_buyers_change_one_draft(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    plan = pathways.a_plan(moment.today, Step(title="account", due_on=SATURDAY))
    assert change_draft(session, scene.buyer, moment, row.id, plan, revision=0) == 1
    with pytest.raises(VersionOutdated):
        change_draft(session, scene.manager, moment, row.id, plan, revision=0)
    with pytest.raises(VersionOutdated):
        propose_pathway(session, scene.manager, moment, scene.relation.id, 0)


def test_a_supplier_never_sees_a_draft(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    with pytest.raises(NotFound):
        agree_pathway(session, scene.signatory, moment, row.id, revision=0, function="directeur")


def test_proposing_is_told_once_and_the_window_waits_for_the_hand_over(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row = pathways.proposed(session, scene, moment)
    assert [m.facts["revision"] for m in owed(session, "proposal")] == [1]
    assert row.window_ends_on is None
    later = clock.forward(days=2)
    assert proposal_handed_over(session, later, row.id)
    assert row.window_ends_on == later.today + timedelta(60)
    assert not proposal_handed_over(session, clock.forward(days=3), row.id)
    assert pathways.status_on(session, scene.relation.id, later.today) == "undecided"
    assert pathways.status_on(session, scene.relation.id, row.window_ends_on) == "undecided"


def test_the_window_stands_still_while_the_buyer_has_the_turn(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row = pathways.proposed(session, scene, moment)
    proposal_handed_over(session, moment, row.id)
    steps = negotiation_value(row).plan.steps
    countered = clock.forward(days=10)
    counter_pathway(
        session, scene.signatory, countered, row.id, revision=1, steps=steps, message="Later"
    )
    assert (row.state, row.window_ends_on, row.window_left) == ("countered", None, 50)
    again = clock.forward(days=20)
    counter_pathway(session, scene.buyer, again, row.id, revision=2, steps=steps, message="Nee")
    assert (row.state, row.window_ends_on) == ("proposed", again.today + timedelta(50))
    assert [m.facts["revision"] for m in owed(session, "proposal")] == [1, 3]


def test_agreeing_writes_a_version_that_names_both_sides(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, milestones = pathways.agreed(session, scene, moment)
    (version,) = versions(session, row.id)
    content = json.loads(version.content)
    assert version.content_sha256 == sha256(version.content)
    assert [s["person_id"] for s in content["agreed_by"]] == [
        scene.buyer.person_id,
        scene.signatory.person_id,
    ]
    assert (version.for_supplier["function"], version.for_supplier["channel"]) == (
        "directeur",
        "portal",
    )
    assert [m.title for m in milestones] == ["plan", "account", "audit", "register-check"]
    assert milestones[0].deadline_on == milestones[0].due_on
    assert pathways.status_on(session, scene.relation.id, moment.today) == "conditional"
    assert len(owed(session, "agreement")) == 2
    assert events(session, scene.relation)[-1] == "pathway-agreed"


def test_agreed_late_every_day_moves_onto_working_days(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row = pathways.proposed(session, scene, moment)
    before = [step.due_on for step in negotiation_value(row).plan.steps]
    late = clock.forward(days=6)
    agree_pathway(session, scene.signatory, late, row.id, revision=1, function="directeur")
    after = [m.due_on for m in rows_of_pathway(session, row.id)]
    assert all(
        b + timedelta(6) <= a <= b + timedelta(9) for b, a in zip(before, after, strict=True)
    )
    assert all(day.weekday() < 5 for day in after)
    assert owed(session, "agreement")[0].facts["days_moved"] == 6


def test_agreeing_to_what_was_changed_meanwhile_is_refused(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    steps = negotiation_value(row).plan.steps
    counter_pathway(
        session, scene.signatory, moment, row.id, revision=1, steps=steps, message="Later"
    )
    with pytest.raises(VersionOutdated) as refused:
        agree_pathway(session, scene.buyer, moment, row.id, revision=1)
    assert refused.value.facts == {"seen": 1, "current": 2}
    agree_pathway(session, scene.buyer, moment, row.id, revision=2)
    assert row.state == "agreed"
    assert versions(session, row.id)[0].for_buyer["function"] == "buyer"


def test_a_contact_who_may_not_sign_does_not_agree(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    contact = stage.contact_actor(session, scene.relation, Role.CONTACT)
    with pytest.raises(NotAllowed):
        agree_pathway(session, contact, moment, row.id, revision=1, function="planner")


def test_what_was_said_on_the_phone_is_recorded_for_the_supplier(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    person = scene.signatory.person_id or 0
    said = Said(said_on=moment.today - timedelta(1), channel=Channel.PHONE, person_id=person)
    agree_pathway(session, scene.buyer, moment, row.id, revision=1, on_behalf=said)
    signed = versions(session, row.id)[0].for_supplier
    assert (signed["channel"], signed["recorded_by"]) == ("phone", scene.buyer.person_id)
    event = session.scalars(select(EventRow).where(EventRow.code == "pathway-agreed")).one()
    assert (event.channel, event.said_on, event.said_by) == ("phone", said.said_on, person)


def test_declining_tells_the_buyer_and_asks_for_a_decision(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    decline_pathway(session, scene.signatory, moment, row.id, reason="Te duur")
    assert (row.state, row.over_by, row.over_reason) == ("declined", "supplier", "Te duur")
    assert [m.person_id for m in owed(session, "declined")] == [scene.buyer.person_id]


def test_a_proposal_taken_back_is_a_draft_again(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    withdraw_proposal(session, scene.buyer, moment, row.id)
    assert row.state == "draft"
    with pytest.raises(NotFound):
        decline_pathway(session, scene.signatory, moment, row.id, reason="Nee")
    propose_pathway(session, scene.buyer, moment, scene.relation.id, row.revision)
    assert len(owed(session, "proposal")) == 2


def test_a_manager_stops_with_a_reason_and_it_is_announced(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    with pytest.raises(NotAllowed):
        stop_pathway(session, scene.buyer, moment, row.id, reason="Klaar mee")
    stop_pathway(session, scene.manager, moment, row.id, reason="Klaar mee")
    assert (row.state, row.over_by) == ("stopped", "buyer")
    assert [m.facts["reason"] for m in owed(session, "stop-announced")] == ["Klaar mee"]


def test_without_an_address_a_person_gives_the_proposal(session: Session, moment: Moment) -> None:
    customer = stage.a_customer(session)
    buyer = stage.user_actor(session, customer)
    relation = stage.a_relation(session, customer)
    row = draft_pathway(session, buyer, moment, relation.id, pathways.a_plan(moment.today))
    propose_pathway(session, buyer, moment, relation.id, row.revision)
    assert session.scalars(select(TaskRow.kind)).all() == ["give-proposal"]
    assert relation.enrolled_on == moment.today
    assert proposal_handed_over(session, moment, row.id, on=moment.today)
