"""What was agreed is changed by both: proposed, countered, accepted or declined."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import AlreadyOpen, NotAllowed, VersionOutdated
from onboarding.domain.plans import Step
from onboarding.services.amendments import (
    accept_amendment,
    counter_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.store.amendments import agreed_plan
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.pathways import versions
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
