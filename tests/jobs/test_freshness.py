"""What is no longer true is not sent, and the ledger says why."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.services.pathway.amendments import (
    counter_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.services.pathway.holds import ask_for_hold, refuse_asked_hold
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import withdraw_proposal
from onboarding.services.pathway.requests import ask_for_date
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import (
    ContactRow,
    MailRow,
    MembershipRow,
    MessageRow,
    PersonRow,
    RelationRow,
)
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.mail_server import MailServer
from tests.pathway_stage import Scene, a_scene, agreed, moved, proposed

Deliver = Callable[[], Delivered]


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def owe(session: Session, scene: Scene, moment: Moment, kind: MessageKind, **fields: Any) -> None:
    owed = Owed(kind=kind, about="1", relation_id=scene.relation.id, **fields)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()


def reasons(session: Session, kind: MessageKind) -> list[tuple[str, str | None]]:
    rows = session.execute(
        select(MessageRow.state, MessageRow.end_reason).where(MessageRow.kind == kind)
    )
    return [tuple(row) for row in rows]


def test_a_proposal_taken_back_is_not_sent(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver
) -> None:
    pathway = proposed(session, scene, moment)
    withdraw_proposal(session, scene.buyer, moment, pathway.id)
    session.commit()
    deliver()
    assert reasons(session, MessageKind.PROPOSAL) == [("superseded", "turn-passed")]


@pytest.mark.parametrize("what", ["submitted", "asked"])
def test_a_reminder_of_what_the_supplier_did_is_not_sent(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver, what: str
) -> None:
    due_on = moment.today + timedelta(days=2)
    _, (row, *_) = agreed(session, scene, moment, Step(title="plan", due_on=due_on))
    facts = {"deadline_on": row.deadline_on, "stage": "-3"}
    kind = MessageKind.MILESTONE_REMINDER
    owe(session, scene, moment, kind, milestone_id=row.id, facts=facts)
    if what == "submitted":
        submit_milestone(session, scene.signatory, moment, row.id)
    else:
        wished_on = due_on + timedelta(days=14)
        ask_for_date(session, scene.signatory, moment, row.id, wished_on=wished_on, reason="Ziek")
    session.commit()
    deliver()
    reason = "step-done" if what == "submitted" else "day-moved"
    assert reasons(session, kind) == [("superseded", reason)]


def test_a_buyer_is_not_asked_for_the_date_of_a_step_that_is_done(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver
) -> None:
    due_on = moment.today + timedelta(days=20)
    _, (row, *_) = agreed(session, scene, moment, Step(title="account", due_on=due_on))
    wished_on = due_on + timedelta(days=14)
    ask_for_date(session, scene.signatory, moment, row.id, wished_on=wished_on, reason="Ziek")
    submit_milestone(session, scene.signatory, moment, row.id)
    session.commit()
    deliver()
    assert reasons(session, MessageKind.DATE_ASKED) == [("superseded", "step-done")]


def test_what_was_answered_meanwhile_is_not_asked(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver
) -> None:
    pathway, (plan, *_) = agreed(session, scene, moment)
    span = Span(plan.due_on, plan.due_on + timedelta(days=6))
    hold = ask_for_hold(session, scene.signatory, moment, pathway.id, span=span, reason="Druk")
    refuse_asked_hold(session, scene.buyer, moment, hold, reason="Te lang")
    steps = list(agreed_plan(session, pathway).steps)
    steps[0] = moved(steps[0], 7)
    ours = propose_amendment(session, scene.buyer, moment, pathway.id, steps=steps, reason="Zo")
    steps[0] = moved(steps[0], 7)
    counter_amendment(
        session, scene.signatory, moment, ours, revision=1, steps=steps, reason="Langer"
    )
    decline_amendment(session, scene.buyer, moment, ours, reason="Nee")
    session.commit()
    deliver()
    for kind in (
        MessageKind.HOLD_ASKED,
        MessageKind.AMENDMENT_PROPOSED,
        MessageKind.AMENDMENT_ASKED,
    ):
        assert reasons(session, kind) == [("superseded", "answered")], kind
    assert reasons(session, MessageKind.AMENDMENT_DECLINED) == [("sent", None)]


def test_a_contact_who_left_gets_nothing(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver
) -> None:
    owe(session, scene, moment, MessageKind.ACCEPTED)
    session.scalars(select(ContactRow)).one().retired_at = moment.now
    session.commit()
    assert deliver().sent == 0
    assert reasons(session, MessageKind.ACCEPTED) == [("superseded", "contact-retired")]


def test_an_ended_relation_silences_what_was_owed(
    session: Session, scene: Scene, moment: Moment, deliver: Deliver
) -> None:
    owe(session, scene, moment, MessageKind.ACCEPTED)
    session.get_one(RelationRow, scene.relation.id).ended_on = moment.today
    session.commit()
    assert deliver().sent == 0
    assert reasons(session, MessageKind.ACCEPTED) == [("superseded", "relation-ended")]


def test_a_mail_that_waited_is_asked_again_before_it_goes(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owe(session, scene, clock.moment(), MessageKind.ACCEPTED)
    with monkeypatch.context() as down:
        down.setitem(app.config, "MAIL_PORT", 9)
        deliver()
    session.scalars(select(ContactRow)).one().retired_at = clock.moment().now
    session.commit()
    clock.forward(minutes=10)
    deliver()
    assert mail_server.messages == []
    assert reasons(session, MessageKind.ACCEPTED) == [("superseded", "contact-retired")]
    assert session.scalars(select(MailRow.state)).all() == ["superseded"]


def test_a_corrected_address_gets_the_mail_that_waited(
    session: Session,
    scene: Scene,
    app: Flask,
    clock: SettableClock,
    deliver: Deliver,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owe(session, scene, clock.moment(), MessageKind.ACCEPTED)
    with monkeypatch.context() as down:
        down.setitem(app.config, "MAIL_PORT", 9)
        deliver()
    session.get_one(PersonRow, scene.signatory.person_id).email = "nieuw@drukkerij.example"
    session.commit()
    clock.forward(minutes=10)
    deliver()
    clock.forward(minutes=1)
    deliver()
    assert [one.recipients for one in mail_server.messages] == [["nieuw@drukkerij.example"]]
    assert reasons(session, MessageKind.ACCEPTED) == [("sent", None)]


@pytest.mark.parametrize("is_gone", [False, True], ids=["still a buyer", "went to the supplier"])
def test_what_a_buyer_must_do_is_told_to_a_buyer_only(
    session: Session,
    scene: Scene,
    moment: Moment,
    deliver: Deliver,
    received: Callable[[], list[EmailMessage]],
    is_gone: bool,
) -> None:
    """A supplier can invite a buyer as its contact, and a buyer can go and work there."""
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    stage.a_contact(session, scene.relation, person=buyer)
    kind = MessageKind.NOTICE_PREPARED
    owe_to_buyer(
        session, moment, scene.relation, Owed(kind=kind, about="1", relation_id=scene.relation.id)
    )
    membership = session.scalars(select(MembershipRow).filter_by(person_id=buyer.id)).one()
    membership.ended_at = moment.now if is_gone else None
    session.commit()
    deliver()
    if is_gone:
        assert reasons(session, kind) == [("superseded", "role-ended")]
        assert received() == []
    else:
        (mail,) = received()
        assert mail["Reply-To"] is None and "/portal" not in text_of(mail)
