"""Steps are started, handed in, accepted, returned or waived; the last completes the pathway."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import (
    LimitReached,
    MoveRefused,
    NotAllowed,
    NotFound,
    VersionOutdated,
)
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.plans import Step
from onboarding.services.pathway.milestones import (
    accept_milestone,
    return_milestone,
    start_milestone,
    submit_milestone,
    waive_milestone,
)
from onboarding.store.tables import EventRow, EvidenceRow, MessageRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def owed(session: Session, kind: str) -> list[MessageRow]:
    return list(session.scalars(select(MessageRow).where(MessageRow.kind == kind)))


def test_a_step_without_review_is_done_at_once(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (_, account, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, account.id, note="Gelukt")
    assert (account.state, account.accepted_on) == ("accepted", moment.today)
    assert owed(session, "review") == []


def test_a_reviewed_step_waits_for_the_buyer_however_long(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    assert (plan.state, plan.deadline_on) == ("submitted", None)
    assert [m.person_id for m in owed(session, "review")] == [scene.buyer.person_id]
    much_later = moment.today + timedelta(25)
    assert pathways.status_on(session, scene.relation.id, much_later) == "conditional"
    accept_milestone(session, scene.buyer, clock.forward(days=25), plan.id, note="Goed plan")
    assert plan.state == "accepted"
    assert [m.facts for m in owed(session, "accepted")] == [{"note": "Goed plan"}]


def test_a_returned_step_has_a_day_to_be_completed(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    late_review = clock.forward(days=20)
    submit_milestone(session, scene.signatory, moment, plan.id)
    return_milestone(session, scene.buyer, late_review, plan.id, note="Graag met cijfers")
    assert (plan.state, plan.rework_count) == ("started", 1)
    assert plan.rework_on == plan.deadline_on == late_review.today + timedelta(14)
    assert owed(session, "returned")[0].facts["rework_on"] == plan.rework_on.isoformat()
    next_day = late_review.today + timedelta(1)
    assert pathways.status_on(session, scene.relation.id, next_day) == "conditional"


def test_beyond_the_limit_only_a_manager_returns(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    for _ in range(2):
        submit_milestone(session, scene.signatory, moment, plan.id)
        return_milestone(session, scene.buyer, moment, plan.id, note="Nog niet")
    submit_milestone(session, scene.signatory, moment, plan.id)
    with pytest.raises(LimitReached):
        return_milestone(session, scene.buyer, moment, plan.id, note="Nog niet")
    return_milestone(session, scene.manager, moment, plan.id, note="Nog niet")
    assert plan.rework_count == 3
    assert len(owed(session, "returned")) == 3


def test_a_review_names_what_was_seen(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    seen = plan.revision
    accept_milestone(session, scene.buyer, moment, plan.id, revision=seen)
    with pytest.raises(VersionOutdated):
        return_milestone(session, scene.manager, moment, plan.id, note="Nee", revision=seen)


def test_each_does_its_own(session: Session, scene: pathways.Scene, moment: Moment) -> None:
    _, (plan, _, audit, check) = pathways.agreed(session, scene, moment)
    with pytest.raises(NotAllowed):
        submit_milestone(session, scene.buyer, moment, plan.id)
    with pytest.raises(NotAllowed):
        submit_milestone(session, scene.signatory, moment, check.id)
    submit_milestone(session, scene.buyer, moment, audit.id)
    assert audit.state == "submitted"
    submit_milestone(session, scene.buyer, moment, check.id)
    assert check.state == "accepted"
    adviser = stage.contact_actor(session, scene.relation, Role.ADVISER)
    with pytest.raises(NotAllowed):
        submit_milestone(session, adviser, moment, plan.id)


def test_another_supplier_finds_nothing(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    other = stage.a_relation(session, scene.customer, "Bakkerij")
    stranger = stage.contact_actor(session, other)
    with pytest.raises(NotFound):
        start_milestone(session, stranger, moment, plan.id)
    elsewhere = stage.user_actor(session, stage.a_customer(session, "Ander Bedrijf"))
    with pytest.raises(NotFound):
        waive_milestone(session, elsewhere, moment, plan.id, reason="Nee")


def test_evidence_is_tied_to_the_step_of_its_own_relation(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    other = stage.a_relation(session, scene.customer, "Bakkerij")
    files = []
    for relation in (scene.relation, other):
        row = EvidenceRow(
            relation_id=relation.id,
            uploaded_side="supplier",
            uploaded_at=moment.now,
            uploaded_on=moment.today,
            numbers_declared=[],
        )
        session.add(row)
        session.flush()
        files.append(row)
    submit_milestone(session, scene.signatory, moment, plan.id, evidence_ids=[f.id for f in files])
    for row in files:
        session.refresh(row)
    assert [row.milestone_id for row in files] == [plan.id, None]


def test_the_last_step_completes_the_pathway(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, account) = pathways.agreed(
        session,
        scene,
        moment,
        Step(title="plan", due_on=moment.today + timedelta(14)),
        Step(title="account", due_on=moment.today + timedelta(14)),
    )
    waive_milestone(session, scene.buyer, moment, plan.id, reason="Had u al")
    assert row.state == "agreed"
    submit_milestone(session, scene.signatory, moment, account.id)
    assert (row.state, row.over_on) == ("completed", moment.today)
    assert len(owed(session, "completed")) == 1
    with pytest.raises(MoveRefused):
        start_milestone(session, scene.signatory, moment, plan.id)


def test_what_was_said_counts_from_its_own_day(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    said = Said(
        said_on=moment.today, channel=Channel.PHONE, person_id=scene.signatory.person_id or 0
    )
    submit_milestone(session, scene.buyer, moment, plan.id, on_behalf=said)
    event = session.scalars(select(EventRow).where(EventRow.code == "milestone-submitted")).one()
    assert (event.channel, event.said_by) == ("phone", scene.signatory.person_id)
