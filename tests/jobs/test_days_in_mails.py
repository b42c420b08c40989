"""A mail that names days brings them as a calendar file: the same step each time, moved or over."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.domain.workdays import Span
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail import delivery
from onboarding.services.mail.letters import Sender
from onboarding.services.pathway.amendments import accept_amendment, propose_amendment
from onboarding.services.pathway.holds import end_running_hold, hold_pathway
from onboarding.services.pathway.milestones import (
    accept_milestone,
    return_milestone,
    submit_milestone,
    waive_milestone,
)
from onboarding.services.pathway.negotiation import stop_pathway
from onboarding.services.pathway.requests import answer_request, ask_for_date
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import MessageRow, MilestoneRow, PathwayRow, PersonRow
from tests import calendars, stage
from tests.calendars import Told
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed, moved

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


@pytest.fixture
def steps(session: Session, scene: Scene, clock: SettableClock) -> list[MilestoneRow]:
    _, steps = agreed(session, scene, clock.moment())
    session.commit()
    return steps


def files_in(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]


def content_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def days_to(session: Session, scene: Scene, received: Mails) -> list[Told]:
    """What the last mail to the supplier has in its file."""
    person = session.get_one(PersonRow, scene.signatory.person_id)
    mail = [one for one in received() if person.email in one["To"]][-1]
    (part,) = files_in(mail)
    return calendars.read(content_of(part))


def test_an_agreement_brings_each_step_as_a_day(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    days = days_to(session, scene, received)
    assert [one.day for one in days] == [step.due_on for step in steps]
    assert [one.summary for one in days] == [
        "Plan van aanpak met directie-akkoord (Facilitair Bedrijf)",
        "MijnPSO-account en contactpersoon (Facilitair Bedrijf)",
        "Audit (Facilitair Bedrijf)",
        "Registercontrole (Facilitair Bedrijf)",
    ]
    assert {one.status for one in days} == {"CONFIRMED"}
    assert {one.at for one in days} == {clock.moment().now}
    assert len({one.uid for one in days}) == 4
    plan, _, audit, check = days
    assert plan.description.startswith("Schrijf op")
    assert f"/portal/{scene.relation.id}/steps/{steps[0].id}" in plan.description
    assert "Dit doet de certificerende instelling." in audit.description
    assert "Dit doet Facilitair Bedrijf." in check.description


def test_the_file_says_what_it_is_and_names_nobody(
    session: Session, scene: Scene, steps: Any, deliver: Deliver, received: Mails
) -> None:
    deliver()
    (file,) = [part for mail in received() for part in files_in(mail)]  # the supplier's only
    assert file.get_param("method") == "PUBLISH"
    assert file.get_filename() == "datums.ics"
    content = content_of(file)
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == "PUBLISH"
    for event in calendar.walk("VEVENT"):
        assert event["ORGANIZER"].params["CN"] == "Facilitair Bedrijf"
    unfolded = content.replace(b"\r\n ", b"").decode()
    people = session.scalars(select(PersonRow.name)).all()
    assert people and [name for name in people if name in unfolded] == []
    assert "/portal/step/" not in unfolded
    for step in steps:
        assert str(step.id) not in [one.uid.partition("@")[0] for one in calendars.read(content)]


def test_a_moved_day_is_the_same_day_with_a_higher_number(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    before = days_to(session, scene, received)
    moment = clock.moment()
    later = steps[0].due_on + timedelta(days=14)
    asked = ask_for_date(
        session, scene.signatory, moment, steps[0].id, wished_on=later, reason="Ziek"
    )
    session.commit()
    answer_request(session, scene.buyer, moment, asked, granted_on=later, note="Goed")
    session.commit()
    deliver()
    after = days_to(session, scene, received)
    assert [one.uid for one in after] == [one.uid for one in before]
    assert after[0].day == later
    assert after[0].sequence > before[0].sequence
    assert [one.sequence for one in after[1:]] == [one.sequence for one in before[1:]]


def test_returned_work_stands_under_its_new_day_and_done_work_is_over(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    first = days_to(session, scene, received)[0]
    moment = clock.moment()
    submit_milestone(session, scene.signatory, moment, steps[0].id)
    moment = clock.forward(days=7)
    return_milestone(session, scene.buyer, moment, steps[0].id, note="Nog iets")
    session.commit()
    deliver()
    rework_on = steps[0].rework_on
    assert rework_on is not None and rework_on > steps[0].due_on
    returned = days_to(session, scene, received)[0]
    assert (returned.uid, returned.day, returned.status) == (first.uid, rework_on, "CONFIRMED")
    assert returned.sequence > first.sequence
    submit_milestone(session, scene.signatory, moment, steps[0].id)
    accept_milestone(session, scene.buyer, moment, steps[0].id)
    session.commit()
    deliver()
    done = days_to(session, scene, received)[0]
    assert (done.uid, done.status) == (first.uid, "CANCELLED")
    assert done.sequence > returned.sequence
    assert done.summary.startswith("Klaar: ")


def test_what_is_no_longer_needed_is_cancelled(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    before = days_to(session, scene, received)
    waive_milestone(session, scene.buyer, clock.moment(), steps[1].id, reason="Hebt u al")
    session.commit()
    deliver()
    after = days_to(session, scene, received)
    assert [one.status for one in after] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert after[1].sequence > before[1].sequence
    assert "Deze stap vervalt." in after[1].description
    stop_pathway(session, scene.manager, clock.moment(), steps[0].pathway_id, reason="Klaar")
    session.commit()
    deliver()
    stopped = days_to(session, scene, received)
    assert {one.status for one in stopped} == {"CANCELLED"}
    assert stopped[0].sequence > after[0].sequence


def test_a_change_moves_days_adds_some_and_takes_some_away(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    before = {one.uid: one for one in days_to(session, scene, received)}
    pathway = session.get_one(PathwayRow, steps[0].pathway_id)
    plan = agreed_plan(session, pathway).steps
    ours = propose_amendment(
        session,
        scene.buyer,
        clock.moment(),
        pathway.id,
        steps=[moved(plan[0], 7), *plan[2:]],
        reason="Zo",
    )
    accept_amendment(
        session, scene.signatory, clock.moment(), ours, revision=1, function="directeur"
    )
    session.commit()
    deliver()
    after = {one.uid: one for one in days_to(session, scene, received)}
    assert after.keys() == before.keys()
    changed = {uid for uid in before if after[uid].sequence > before[uid].sequence}
    assert {(after[uid].day - before[uid].day).days for uid in changed} == {7, 0}
    assert [one.status for one in after.values()].count("CANCELLED") == 1


def test_a_pause_moves_the_days_and_its_early_end_moves_them_back(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    before = days_to(session, scene, received)
    moment = clock.moment()
    span = Span(moment.today, moment.today + timedelta(days=30))
    hold_pathway(session, scene.buyer, moment, steps[0].pathway_id, span=span, reason="Verhuizing")
    session.commit()
    deliver()
    held = days_to(session, scene, received)
    assert all(b.day < h.day and b.sequence < h.sequence for b, h in zip(before, held, strict=True))
    moment = clock.forward(days=7)
    end_running_hold(session, scene.buyer, moment, steps[0].pathway_id)
    session.commit()
    deliver()
    back = days_to(session, scene, received)
    assert all(h.day > b.day and h.sequence < b.sequence for h, b in zip(held, back, strict=True))


def test_the_same_mail_is_the_same_bytes(
    app: Flask, session: Session, scene: Scene, steps: Any, clock: SettableClock
) -> None:
    sender = Sender(
        address=app.config["MAIL_DEFAULT_SENDER"],
        public_url=app.config["PUBLIC_URL"],
        secret_key=app.config["SECRET_KEY"],
        zone=app.extensions["clock"].zone,
    )
    moment = clock.moment()
    row = session.scalars(
        select(MessageRow).where(
            MessageRow.kind == MessageKind.AGREEMENT,
            MessageRow.person_id == scene.signatory.person_id,
        )
    ).one()

    def body() -> bytes:
        good, bad = delivery.lines(session, moment, sender, [row], {})
        assert bad == []
        return delivery.draft(session, moment, sender, good).body

    made = body()
    session.expire_all()
    assert body() == made
    mail = message_from_bytes(made, policy=policy.default)
    assert b"text/calendar" in made
    files = list(mail.iter_attachments())  # type: ignore[attr-defined]
    assert len(files) == 2
    for file in files:
        assert all(len(line) <= 76 for line in file.get_payload().splitlines())
    assert isinstance(mail, EmailMessage) and not mail.defects


def test_a_question_brings_no_days(
    session: Session,
    scene: Scene,
    steps: list[MilestoneRow],
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    deliver()
    stage.a_contact(session, scene.relation, Role.CONTACT)
    before = len(received())
    submit_milestone(session, scene.signatory, clock.moment(), steps[0].id)
    session.commit()
    deliver()
    assert [files_in(mail) for mail in received()[before:]] == [[]] * (len(received()) - before)
