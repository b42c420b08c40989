"""What was agreed is changed by both: proposed, countered, accepted or declined."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import AlreadyOpen, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Side
from onboarding.domain.plans import Step
from onboarding.services.pathway.amendments import (
    Terms,
    accept_amendment,
    counter_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.services.pathway.requests import answer_request
from onboarding.store.amendments import agreed_plan
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.pathways import versions
from onboarding.store.tables import DateRequestRow, MessageRow
from tests import pathway_stage as pathways
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def test_accepted_it_is_the_next_version(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, account, *_) = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    del steps[1]
    steps.append(Step(title="Extra stap", due_on=moment.today + timedelta(70)))
    amendment = propose_amendment(
        session, scene.signatory, moment, row.id, steps=steps, reason="Fusie"
    )
    assert (plan.deadline_on, account.deadline_on) == (None, None)
    with pytest.raises(NotAllowed):
        accept_amendment(session, scene.signatory, moment, amendment, revision=1)
    accept_amendment(session, scene.buyer, moment, amendment, revision=1)
    assert [v.number for v in versions(session, row.id)] == [1, 2]
    assert (plan.day_number, plan.due_on) == (2, plan.original_due_on + timedelta(7))
    assert account.state == "waived"
    assert rows_of_pathway(session, row.id)[-1].title == "Extra stap"
    assert told(session) == {
        "amendment-asked": [scene.buyer.person_id],
        "agreement": [scene.buyer.person_id, scene.signatory.person_id] * 2,
    }


def told(session: Session) -> dict[str, list[int]]:
    """To whom each kind of message about an agreement is owed, apart from the first proposal."""
    found: dict[str, list[int]] = {}
    for row in session.scalars(select(MessageRow).order_by(MessageRow.kind, MessageRow.key)):
        if row.kind != "proposal":
            found.setdefault(row.kind, []).append(row.person_id)
    return found


def test_one_is_open_at_a_time_and_the_version_seen_counts(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    amendment = propose_amendment(
        session, scene.buyer, moment, row.id, steps=steps, reason="Bouwvak"
    )
    with pytest.raises(AlreadyOpen):
        propose_amendment(session, scene.signatory, moment, row.id, steps=steps, reason="Ook")
    steps[0] = pathways.moved(steps[0], 7)
    counter_amendment(
        session, scene.signatory, moment, amendment, revision=1, steps=steps, reason="Langer"
    )
    with pytest.raises(VersionOutdated):
        accept_amendment(session, scene.buyer, moment, amendment, revision=1)
    accept_amendment(session, scene.buyer, moment, amendment, revision=2)
    assert row.version_number == 2


def test_what_waits_with_it_is_answered_with_it_only(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    propose_amendment(session, scene.signatory, moment, row.id, steps=steps, reason="Fusie")
    waits = session.scalars(select(DateRequestRow)).one()
    with pytest.raises(NotFound):
        answer_request(session, scene.buyer, moment, waits.id, granted_on=waits.asked_due_on)
    assert plan.deadline_on is None


def test_each_version_is_told_to_the_other_side(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    ours = propose_amendment(session, scene.buyer, moment, row.id, steps=steps, reason="Bouwvak")
    steps[0] = pathways.moved(steps[0], 7)
    counter_amendment(
        session, scene.signatory, moment, ours, revision=1, steps=steps, reason="Langer"
    )
    steps[0] = pathways.moved(steps[0], -7)
    counter_amendment(session, scene.buyer, moment, ours, revision=2, steps=steps, reason="Korter")
    decline_amendment(session, scene.signatory, moment, ours, reason="Lukt niet")
    assert told(session) | {"agreement": []} == {
        "agreement": [],
        "amendment-asked": [scene.buyer.person_id],
        "amendment-proposed": [scene.signatory.person_id] * 2,
        "amendment-refused": [scene.buyer.person_id],
    }


def test_another_template_and_owner_are_part_of_what_is_agreed(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = replace(steps[0], owner=Side.BUYER, is_reviewed=False, evidence=("plan",))
    new = Step(title="exemption", due_on=moment.today + timedelta(7))
    amendment = propose_amendment(
        session,
        scene.buyer,
        moment,
        row.id,
        steps=[*steps, new],
        reason="Te klein",
        terms=Terms(target=None, template="no-certificate"),
    )
    accept_amendment(session, scene.signatory, moment, amendment, revision=1, function="directeur")
    assert (row.target, row.template) == (None, "no-certificate")
    assert (plan.owner, plan.evidence_asked) == ("buyer", "plan")
    assert [step.title for step in rows_of_pathway(session, row.id)][:2] == ["exemption", "plan"]
    assert versions(session, row.id)[-1].for_supplier["function"] == "directeur"


def test_declined_what_was_agreed_stays_and_there_is_grace(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    due_on = plan.due_on
    steps[0] = pathways.moved(steps[0], 7)
    amendment = propose_amendment(
        session, scene.signatory, moment, row.id, steps=steps, reason="Ziek"
    )
    late = clock.forward(days=20)
    assert pathways.status_on(session, scene.relation.id, late.today) == "conditional"
    decline_amendment(session, scene.buyer, late, amendment, reason="Kan niet")
    assert (plan.due_on, plan.deadline_on) == (due_on, late.today + timedelta(7))
