"""Whose turn it is with a supplier, since when, and what comes next."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Side
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.i18n.turns import turn_text
from onboarding.services.pathway.amendments import (
    counter_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.services.pathway.holds import ask_for_hold, grant_asked_hold
from onboarding.services.pathway.milestones import accept_milestone, submit_milestone
from onboarding.services.pathway.negotiation import decline_pathway
from onboarding.services.pathway.requests import ask_for_date
from onboarding.services.pathway.turns import Turn, turns_of
from onboarding.services.portal_reading import read_home
from onboarding.services.work_list import read_work_list
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import CertificateRow
from tests import stage
from tests.pathway_stage import Scene, a_draft, a_scene, agreed, proposed


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def turn(session: Session, scene: Scene, on: date = date(2026, 11, 24)) -> Turn:
    """Without what the other side has in hand meanwhile."""
    found = turns_of(session, [scene.relation.id], on)[scene.relation.id]
    return replace(found, meanwhile=None)


def test_an_enrolled_supplier_waits_for_a_proposal(
    session: Session, scene: Scene, moment: Moment
) -> None:
    assert turn(session, scene) == Turn(side=Side.BUYER, since=date(2026, 2, 2), step="propose")
    a_draft(session, scene, moment)
    assert turn(session, scene) == Turn(side=Side.BUYER, since=moment.today, step="propose")


def test_one_outside_the_programme_is_nobodys_turn(session: Session) -> None:
    assert turn(session, a_scene(session, enrolled_on=None)) == Turn()


def test_a_proposal_waits_for_the_supplier(session: Session, scene: Scene, moment: Moment) -> None:
    proposed(session, scene, moment)
    found = turn(session, scene)
    assert (found.side, found.since, found.step) == (
        Side.SUPPLIER,
        moment.today,
        "answer-proposal",
    )


def test_the_open_step_that_is_due_first_is_next(
    session: Session, scene: Scene, clock: Any
) -> None:
    moment = clock.moment()
    due = moment.today + timedelta(days=21)
    later = Step(title="account", due_on=due + timedelta(days=7))
    first = Step(title="plan", due_on=due, is_reviewed=True)
    _, rows = agreed(session, scene, moment, first, later)
    assert turn(session, scene) == Turn(
        side=Side.SUPPLIER, since=moment.today, step="milestone", title="plan", due_on=due
    )
    handed_in = clock.forward(days=2)
    submit_milestone(session, scene.signatory, handed_in, rows[0].id)
    found = turn(session, scene)
    assert (found.side, found.since, found.step, found.title) == (
        Side.BUYER,
        handed_in.today,
        "review",
        "plan",
    )
    accepted = clock.forward(days=3)
    accept_milestone(session, scene.buyer, accepted, rows[0].id)
    found = turn(session, scene)
    assert (found.side, found.since, found.title) == (Side.SUPPLIER, accepted.today, "account")


def test_a_request_waits_for_the_buyer(session: Session, scene: Scene, moment: Moment) -> None:
    due = moment.today + timedelta(days=21)
    _, rows = agreed(session, scene, moment, Step(title="plan", due_on=due))
    ask_for_date(
        session,
        scene.signatory,
        moment,
        rows[0].id,
        wished_on=due + timedelta(days=14),
        reason="de directie is weg",
    )
    found = turn(session, scene)
    assert (found.side, found.since, found.step) == (Side.BUYER, moment.today, "answer-request")
    assert turn_text(found.step, found.title, "nl").startswith("Beantwoord het verzoek over: ")


def test_what_was_asked_about_a_step_needs_no_answer_once_it_is_done(
    session: Session, scene: Scene, moment: Moment
) -> None:
    due = moment.today + timedelta(days=21)
    steps = Step(title="account", due_on=due), Step(title="plan", due_on=due + timedelta(days=7))
    _, (account, _) = agreed(session, scene, moment, *steps)
    later = due + timedelta(days=14)
    ask_for_date(session, scene.signatory, moment, account.id, wished_on=later, reason="Druk")
    assert read_work_list(session, scene.buyer, moment, mine=True).answer.total == 1
    submit_milestone(session, scene.signatory, moment, account.id)
    found = turn(session, scene)
    assert (found.side, found.title) == (Side.SUPPLIER, "plan")
    assert read_work_list(session, scene.buyer, moment, mine=True).answer.total == 0
    home = read_home(session, scene.signatory, moment, scene.relation.id)
    assert home.waiting == ()


def test_what_is_asked_about_the_pathway_waits_for_the_other_side(
    session: Session, scene: Scene, clock: Any
) -> None:
    moment = clock.moment()
    due = moment.today + timedelta(days=21)
    row, _ = agreed(session, scene, moment, Step(title="plan", due_on=due))

    def told(on: date) -> tuple[Any, ...]:
        found = turns_of(session, [scene.relation.id], on)[scene.relation.id]
        return found.side, found.since, found.step, found.meanwhile and found.meanwhile.step

    later = [replace(step, due_on=due + timedelta(7)) for step in agreed_plan(session, row).steps]
    proposed_on = clock.forward(days=1)
    ours = propose_amendment(session, scene.buyer, proposed_on, row.id, steps=later, reason="Zo")
    assert told(proposed_on.today) == (Side.SUPPLIER, proposed_on.today, "answer-change", None)
    answered = clock.forward(days=1)
    new = [*later, Step(title="Bezoek", due_on=due)]
    counter_amendment(
        session, scene.signatory, answered, ours, revision=1, steps=new, reason="Samen"
    )
    assert told(answered.today) == (Side.BUYER, answered.today, "answer-amendment", None)
    declined = clock.forward(days=1)
    decline_amendment(session, scene.buyer, declined, ours, reason="Nee")
    assert told(declined.today) == (Side.SUPPLIER, declined.today, "milestone", None)
    asked = clock.forward(days=1)
    span = Span(due + timedelta(1), due + timedelta(14))
    hold = ask_for_hold(session, scene.signatory, asked, row.id, span=span, reason="Druk")
    assert told(asked.today) == (Side.BUYER, asked.today, "answer-hold", "milestone")
    grant_asked_hold(session, scene.buyer, asked, hold)
    assert told(due) == (Side.SUPPLIER, declined.today, "milestone", None)
    assert told(span.ends_on) == (None, span.starts_on, "paused", None)


def test_a_decision_waits_since_what_made_it_necessary(
    session: Session, scene: Scene, clock: Any
) -> None:
    row = proposed(session, scene, clock.moment())
    decline_pathway(session, scene.signatory, clock.forward(days=1), row.id, reason="Nee")
    declined_on = clock.moment().today
    on = clock.forward(days=9).today
    assert turn(session, scene, on) == Turn(side=Side.BUYER, since=declined_on, step="decide")
    assert turn_text("decide", None, "nl") == "Beslis wat er nu gebeurt"


def test_a_reported_certificate_waits_for_the_buyer(
    session: Session, scene: Scene, moment: Moment
) -> None:
    session.add(
        CertificateRow(
            relation_id=scene.relation.id,
            state="reported",
            level="trede-1",
            starts_on=moment.today,
            ends_on=moment.today + timedelta(days=700),
            reported_by="supplier",
            reported_at=moment.now,
            reported_on=moment.today,
        )
    )
    session.flush()
    assert turn(session, scene) == Turn(
        side=Side.BUYER, since=moment.today, step="check-certificate"
    )


def test_each_supplier_has_its_own_turn(session: Session, scene: Scene, moment: Moment) -> None:
    proposed(session, scene, moment)
    other = stage.a_relation(session, scene.customer, "Bakkerij Sterk")
    found = turns_of(session, [other.id, scene.relation.id], moment.today)
    assert (found[other.id].side, found[scene.relation.id].side) == (None, Side.SUPPLIER)
