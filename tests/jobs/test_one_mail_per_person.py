"""A contact of several suppliers gets one mail, and a pathway on time costs few."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role, Side
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail.foretelling import forecast
from onboarding.services.pathway.beginnings import Choice, draft_from_template
from onboarding.services.pathway.milestones import accept_milestone, submit_milestone
from onboarding.services.pathway.negotiation import agree_pathway, propose_pathway
from onboarding.store import foretelling as store
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import ContactRow, MailRow, MessageRow, PersonRow, RelationRow
from tests import pathway_things, stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.pathway_stage import Scene, a_scene

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def a_reminder(
    session: Session, relation: RelationRow, person_id: int, deadline_on: date, stage_: str
) -> MessageRow:
    step = pathway_things.a_milestone(session, relation)
    step.state, step.deadline_on = "planned", deadline_on
    return stage.a_reminder(
        session,
        relation,
        person_id=person_id,
        milestone_id=step.id,
        kind="milestone-reminder",
        key=f"milestone-reminder:m{step.id}:{deadline_on}:{stage_}:{person_id}",
        facts={"deadline_on": deadline_on.isoformat(), "stage": stage_},
    )


@pytest.fixture
def two(session: Session, scene: Scene, clock: SettableClock) -> RelationRow:
    """The signatory is a contact of another supplier too; both have a step, that one's first."""
    person = session.get_one(PersonRow, scene.signatory.person_id)
    colleague = stage.a_user(session, scene.customer, Role.BUYER, name="Bram Bakker")
    other = stage.a_relation(session, scene.customer, "Zaagwerk B.V.", buyer_id=colleague.id)
    stage.a_contact(session, other, person=person)
    today = clock.moment().today
    a_reminder(session, scene.relation, person.id, today + timedelta(days=14), "-14")
    a_reminder(session, other, person.id, today + timedelta(days=2), "-3")
    session.commit()
    return other


def test_two_suppliers_of_one_contact_come_in_one_mail(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
    two: RelationRow,
) -> None:
    wanted = store.relations([scene.relation.id])
    today = clock.moment().today
    found = forecast(session, clock.moment(), clock.zone, scene.customer.id, wanted, today)
    assert [len(mail.parts) for mail in found.mails] == [2]
    assert deliver().sent == 1
    (mail,) = received()
    text = text_of(mail)
    first, second = text.index("Voor Zaagwerk B.V.:"), text.index("Voor Drukkerij De Linde B.V.:")
    assert first < second
    assert text.count("/portal/step/") == 2 and text.count("/portal/not-me/") == 2
    assert "http://127.0.0.1:8000/portal\r\n" in text
    buyer = session.get_one(PersonRow, two.buyer_id)
    assert str(buyer.email) in mail["Reply-To"]
    assert session.scalars(select(MailRow.relation_id)).one() == two.id


def test_who_is_closed_or_not_the_right_person_for_one_gets_the_other(
    session: Session, scene: Scene, deliver: Deliver, received: Mails, two: RelationRow
) -> None:
    stage.a_closure(session, scene.relation, date(2026, 11, 20), date(2026, 11, 30))
    session.commit()
    assert deliver().sent == 1
    assert "Drukkerij" not in text_of(received()[0])


def test_a_doubt_about_one_supplier_holds_only_its_line(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver, two: RelationRow
) -> None:
    contact = session.scalars(select(ContactRow).where(ContactRow.relation_id == two.id)).one()
    contact.doubted_at = clock.moment().now
    session.commit()
    assert deliver().sent == 0  # what is left is not pressing, and waits for Monday


def test_two_customers_never_share_a_mail(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    elsewhere = stage.a_customer(session, "Ander Bedrijf")
    other = stage.a_relation(session, elsewhere)
    person = session.get_one(PersonRow, scene.signatory.person_id)
    stage.a_contact(session, other, person=person)
    soon = clock.moment().today + timedelta(days=2)
    for relation in (scene.relation, other):
        a_reminder(session, relation, person.id, soon, "-3")
    session.commit()
    assert deliver().sent == 2


def test_eleven_steps_on_time_cost_at_most_eleven_reminders(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    """Template A, each step handed in two days before its day and accepted the next one."""
    moment = clock.moment()
    choice = Choice(template="straight", starts_on=moment.today)
    row = draft_from_template(session, scene.buyer, moment, scene.relation.id, choice)
    propose_pathway(session, scene.buyer, moment, scene.relation.id, row.revision)
    agree_pathway(
        session, scene.signatory, moment, row.id, revision=row.revision, function="directeur"
    )
    session.commit()
    steps = rows_of_pathway(session, row.id)
    assert len(steps) == 11
    day, last = moment.today, max(step.due_on for step in steps)
    while day <= last:
        at = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=11)
        clock.set(at)
        runs.sweep(app, clock.moment())
        deliver()
        for step in rows_of_pathway(session, row.id):
            _on_time(session, scene, clock.moment(), step.id, step.due_on, step.state, step.owner)
        session.commit()
        deliver()
        day += timedelta(days=1)
    assert {step.state for step in rows_of_pathway(session, row.id)} == {"accepted"}
    kinds = Counter(
        session.scalars(
            select(MailRow.kind).where(
                MailRow.person_id == scene.signatory.person_id, MailRow.state == "sent"
            )
        )
    )
    reminders = kinds.pop("milestone-reminder", 0)
    assert reminders <= 11, "eleven steps must not become thirty mails"
    # docs/reliability.md tells these numbers.
    assert (reminders, dict(kinds)) == (8, {"agreement": 1, "accepted": 4})


def _on_time(
    session: Session,
    scene: Scene,
    moment: Moment,
    step_id: int,
    due_on: date,
    state: str,
    owner: str,
) -> None:
    if state in ("planned", "started") and moment.today >= due_on - timedelta(days=2):
        actor = scene.buyer if owner == Side.BUYER else scene.signatory
        submit_milestone(session, actor, moment, step_id, note="Gedaan")
    elif state == "submitted":
        accept_milestone(session, scene.buyer, moment, step_id)
