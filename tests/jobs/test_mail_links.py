"""A mail holds a link to its step, made when it is rendered and kept as a number and a hash."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.doubts import Another
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.conversations import answer_question, ask_question
from onboarding.services.doubts import confirm_contact, say_wrong_person
from onboarding.services.links import Entry
from onboarding.services.mail.links import FACT_OF, give_links, links_of, links_wanted, paths_of
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.mail.sweep import Sweep, milestone_reminders
from onboarding.services.pathway.milestones import return_milestone, submit_milestone
from onboarding.services.sessions import sha256
from onboarding.services.statuses import policies_of
from onboarding.store.tables import (
    ContactRow,
    LoginLinkRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    PersonRow,
    TaskRow,
)
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.pathway_stage import Scene, a_scene, agreed

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]
STEP = re.compile(r"http://\S+/portal/step/([\w-]{43})\b")
NOT_ME = re.compile(r"http://\S+/portal/not-me/([\w-]{43})\b")


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture
def steps(session: Session, scene: Scene, clock: SettableClock, deliver: Deliver) -> Any:
    """An agreed pathway of which all mails went already."""
    _, steps = agreed(session, scene, clock.moment())
    session.commit()
    deliver()
    return steps


def sweep(session: Session, scene: Scene, moment: Moment) -> int:
    policy = policies_of(session, scene.customer.id).on(moment.today)
    look = Sweep(session=session, moment=moment, customer_id=scene.customer.id, policy=policy)
    new = milestone_reminders(look)
    session.commit()
    return new


def last(received: Mails) -> EmailMessage:
    return received()[-1]


def to_day(clock: SettableClock, step: MilestoneRow, days: int) -> Moment:
    assert step.deadline_on is not None
    moment = clock.moment()
    return clock.forward(days=(step.deadline_on - moment.today).days + days)


def test_a_reminder_leads_to_its_step_and_the_ledger_knows_a_number_only(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    assert sweep(session, scene, to_day(clock, steps[0], -1)) == 1
    assert deliver().sent == 1
    text = text_of(last(received))
    (token,) = set(STEP.findall(text))
    assert STEP.findall(text_of(last(received), "html")) == [token, token]  # line and button
    message = session.scalars(
        select(MessageRow).where(MessageRow.kind == MessageKind.MILESTONE_REMINDER)
    ).one()
    link = session.get_one(LoginLinkRow, message.facts["step_link"])
    assert link.token_sha256 == sha256(token)
    assert (link.person_id, link.relation_id, link.milestone_id) == (
        scene.signatory.person_id,
        scene.relation.id,
        steps[0].id,
    )
    assert (link.made_at, link.ends_at - link.made_at) == (clock.real_now(), timedelta(days=14))
    assert token not in str(message.facts) + message.key
    assert "niet in te loggen" in text


def test_a_digest_has_a_link_for_each_step(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    steps[1].due_on = steps[1].deadline_on = steps[0].deadline_on
    session.commit()
    assert sweep(session, scene, to_day(clock, steps[0], -1)) == 2
    assert deliver().sent == 1
    text = text_of(last(received))
    assert len(set(STEP.findall(text))) == 2
    assert f"/portal/{scene.relation.id}\r\n" in text, "the button leads to all of them"


@pytest.mark.parametrize("kind", ["returned", "answer"])
def test_other_mails_about_an_open_step_lead_to_it_too(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    moment: Moment,
    deliver: Deliver,
    received: Mails,
    kind: str,
) -> None:
    step = steps[0]
    if kind == "returned":
        submit_milestone(session, scene.signatory, moment, step.id, note="Klaar")
        return_milestone(session, scene.buyer, moment, step.id, note="De handtekening ontbreekt")
    else:
        relation = scene.relation.id
        ask_question(session, scene.signatory, moment, relation, text="Hoe?", milestone_id=step.id)
        task = session.scalars(select(TaskRow).where(TaskRow.kind == "question")).one()
        answer_question(session, scene.buyer, moment, task.id, text="Zo.")
    session.commit()
    deliver()
    mails = [mail for mail in received() if STEP.search(text_of(mail))]
    assert len(mails) == 1


def test_every_mail_to_a_contact_asks_whether_it_is_the_right_person(
    session: Session, scene: Scene, steps: list[MilestoneRow], received: Mails
) -> None:
    """A buyer's copy of an agreement does not; nor has a mail about no open step a link to one."""
    address = session.get_one(PersonRow, scene.signatory.person_id).email
    for mail in received():
        is_contact = address in mail["To"]
        assert bool(NOT_ME.search(text_of(mail))) is is_contact
        assert not STEP.search(text_of(mail))


def test_links_are_made_once_for_a_rendering_that_is_tried_again(
    session: Session, scene: Scene, steps: list[MilestoneRow], clock: SettableClock
) -> None:
    owed = Owed(
        kind=MessageKind.RETURNED,
        about="x",
        relation_id=scene.relation.id,
        milestone_id=steps[0].id,
    )
    owe_to_supplier(session, clock.moment(), scene.relation, owed)
    row = session.scalars(select(MessageRow).where(MessageRow.kind == "returned")).one()
    entry = Entry(secret_key="s", now=clock.real_now())
    wanted = links_wanted(session, entry, [row], {})
    assert len(wanted[row]) == 3
    made = give_links(session, entry, wanted)
    assert links_of(session, [row]).keys() == made.keys()
    assert links_wanted(session, entry, [row], made) == {}
    later = Entry(secret_key="s", now=clock.real_now() + timedelta(days=2))
    assert len(links_wanted(session, later, [row], made)[row]) == 3


def test_a_number_that_was_given_again_makes_no_token_of_somebody_else(
    session: Session, scene: Scene, steps: list[MilestoneRow], clock: SettableClock
) -> None:
    """A link that was forgotten left its number in the ledger; SQLite gives such a number again."""
    owed = Owed(
        kind=MessageKind.RETURNED,
        about="x",
        relation_id=scene.relation.id,
        milestone_id=steps[0].id,
    )
    owe_to_supplier(session, clock.moment(), scene.relation, owed)
    row = session.scalars(select(MessageRow).where(MessageRow.kind == "returned")).one()
    entry = Entry(secret_key="s", now=clock.real_now())
    give_links(session, entry, links_wanted(session, entry, [row], {}))
    there = links_of(session, [row])
    assert set(paths_of(row, "s", there)) == set(FACT_OF)
    other = stage.a_contact(session, scene.relation, Role.CONTACT).person_id
    links = [session.get_one(LoginLinkRow, row.facts[name]) for name in FACT_OF.values()]
    for change in ({"person_id": other}, {"purpose": "login"}, {"relation_id": None}):
        was = {name: getattr(links[0], name) for name in change}
        for link in links:
            for name, value in change.items():
                setattr(link, name, value)
        session.flush()
        assert paths_of(row, "s", there) == {}
        assert len(links_wanted(session, entry, [row], there)[row]) == 3
        for link, purpose in zip(links, FACT_OF, strict=True):
            for name, value in was.items():
                setattr(link, name, purpose if name == "purpose" else value)
        session.flush()
    assert len(paths_of(row, "s", there)) == 3


def test_another_address_gets_other_links(
    session: Session,
    app: Flask,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
    mail_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sweep(session, scene, to_day(clock, steps[0], -1))
    monkeypatch.setitem(app.config, "MAIL_PORT", 1)  # no server there
    assert deliver_now(app).sent == 0
    first = session.scalars(select(LoginLinkRow).where(LoginLinkRow.purpose == "step")).one()
    session.get_one(PersonRow, scene.signatory.person_id).email = "nieuw@voorbeeld.example"
    session.commit()
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    clock.forward(minutes=10)
    deliver_now(app)
    deliver_now(app)
    (token,) = set(STEP.findall(text_of(last(received))))
    session.refresh(first)
    assert first.spent_at is not None and first.token_sha256 != sha256(token)
    assert "nieuw@voorbeeld.example" in last(received)["To"]


def deliver_now(app: Flask) -> Delivered:
    return runs.deliver(app)


def test_reminders_wait_for_who_is_not_the_right_person_and_go_on_after_the_answer(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    moment = to_day(clock, steps[0], -1)
    sweep(session, scene, moment)
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, Another())
    session.commit()
    deliver()
    text = text_of(last(received))
    assert "zegt niet de juiste persoon te zijn" in text  # to the buyer
    reminder = session.scalars(
        select(MessageRow).where(MessageRow.kind == MessageKind.MILESTONE_REMINDER)
    ).one()
    assert reminder.state == "planned" and reminder.due_at > clock.moment().now
    moment = clock.forward(days=1)
    assert sweep(session, scene, moment) == 0
    assert deliver().sent == 0
    contact = session.scalars(select(ContactRow).where(ContactRow.doubted_at.is_not(None))).one()
    confirm_contact(session, scene.buyer, moment, scene.relation.id, contact.id)
    session.commit()
    clock.forward(days=1)
    deliver()
    assert "Plan van aanpak" in last(received)["Subject"]


def test_what_is_no_reminder_goes_all_the_same(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    moment: Moment,
    deliver: Deliver,
    received: Mails,
) -> None:
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, Another())
    submit_milestone(session, scene.signatory, moment, steps[0].id, note="Klaar")
    return_milestone(session, scene.buyer, moment, steps[0].id, note="Nog één ding")
    session.commit()
    deliver()
    assert any("Nog één ding" in text_of(mail) for mail in received())


def test_the_others_are_reminded_and_written_to_meanwhile(
    session: Session, scene: Scene, steps: list[MilestoneRow], clock: SettableClock
) -> None:
    main = session.scalars(select(ContactRow)).one()
    main.is_main = True
    other = stage.a_contact(session, scene.relation, Role.CONTACT)
    moment = to_day(clock, steps[0], -1)
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, Another())
    sweep(session, scene, moment)
    owed = Owed(kind=MessageKind.FORMAL_NOTICE, about="n", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    to = {
        kind: set(session.scalars(select(MessageRow.person_id).where(MessageRow.kind == kind)))
        for kind in (MessageKind.MILESTONE_REMINDER, MessageKind.FORMAL_NOTICE)
    }
    assert to[MessageKind.MILESTONE_REMINDER] == {other.person_id}
    assert to[MessageKind.FORMAL_NOTICE] == {main.person_id, other.person_id}


def test_a_mail_that_was_kept_is_not_rendered_again(
    session: Session, scene: Scene, steps: list[MilestoneRow], clock: SettableClock, app: Flask
) -> None:
    """Its links stay those of its bytes."""
    sweep(session, scene, to_day(clock, steps[0], -1))
    deliver_now(app)  # without a server: kept, and tried again
    kept = session.scalars(select(MailRow).order_by(MailRow.id.desc())).first()
    count = len(session.scalars(select(LoginLinkRow)).all())
    clock.forward(minutes=10)
    deliver_now(app)
    assert kept is not None and len(session.scalars(select(LoginLinkRow)).all()) == count
