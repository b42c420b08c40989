"""A step is missed: reminder, call, warning, its hand-over, the cure period, and a decision."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.people import Channel
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.conversations import record_contact
from onboarding.store.tables import MessageRow, NoticeRow, PersonRow, TaskRow
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.mail_server import MailServer
from tests.pathway_stage import a_scene, agreed, status_on

DUE = date(2027, 2, 1)  # a Monday


class Days:
    """Lives through days: on each, at nine, the sweep and then the delivery."""

    def __init__(self, app: Flask, clock: SettableClock, deliver: Callable[[], Delivered]) -> None:
        self.app, self.clock, self.deliver = app, clock, deliver

    def live(self, *days: date) -> None:
        for day in days:
            start = datetime.combine(day, datetime.min.time(), self.clock.zone)
            self.clock.set(start + timedelta(hours=9))
            runs.sweep(self.app)
            self.deliver()


def test_the_story_of_a_missed_step(
    session: Session,
    app: Flask,
    clock: SettableClock,
    deliver: Callable[[], Delivered],
    received: Callable[[], list[EmailMessage]],
    mail_server: MailServer,
) -> None:
    days = Days(app, clock, deliver)
    scene = a_scene(session)
    agreed(session, scene, clock.moment(), Step(title="quote", due_on=DUE))
    session.commit()
    supplier = session.get_one(PersonRow, scene.signatory.person_id).email
    manager = session.get_one(PersonRow, scene.manager.person_id).email

    def subjects(address: str | None) -> list[str]:
        mails = zip(mail_server.messages, received(), strict=True)
        return [mail["Subject"] for raw, mail in mails if raw.recipients == [address]]

    days.live(date(2027, 1, 18), date(2027, 1, 25), date(2027, 1, 29), date(2027, 2, 2))
    reminders = [s for s in subjects(supplier) if s.startswith("Auditofferte")]
    assert len(reminders) == 3
    days.live(date(2027, 2, 3))
    assert reminders[-1].endswith("is over de datum: wat hebt u nodig?")
    call = session.scalars(select(TaskRow).where(TaskRow.kind == "call")).one()
    record_contact(
        session,
        scene.buyer,
        clock.moment(),
        scene.relation.id,
        channel=Channel.PHONE,
        contact_on=date(2027, 2, 3),
        was_reached=False,
        note="Niet opgenomen",
        task_id=call.id,
    )
    session.commit()

    days.live(date(2027, 2, 8), date(2027, 2, 9))
    notice = session.scalars(select(NoticeRow)).one()
    assert notice.state == "prepared"
    assert any("Belangrijk" in s for s in subjects(supplier)) is False

    days.live(date(2027, 2, 10))
    (mail,) = [one for one in received() if one["Subject"].startswith("Belangrijk")]
    notice = session.scalars(select(NoticeRow).execution_options(populate_existing=True)).one()
    assert (notice.state, notice.handed_over_on) == ("handed-over", date(2027, 2, 10))
    assert notice.cure_ends_on == date(2027, 2, 24)
    assert "woensdag 24 februari" in mail["Subject"]
    assert "Op woensdag 3 februari belden wij u" in text_of(mail)
    assert status_on(session, scene.relation.id, date(2027, 2, 24)) == "at-risk"

    before = len(subjects(manager))
    days.live(date(2027, 2, 11), date(2027, 2, 24))
    assert len(subjects(manager)) == before
    days.live(date(2027, 2, 25), date(2027, 2, 26), date(2027, 3, 1))
    assert subjects(manager)[before:] == ["Beslis: hoe verder met Drukkerij De Linde B.V.?"]
    decide = session.scalars(select(TaskRow).where(TaskRow.kind == "decide")).one()
    assert (decide.for_role, decide.due_on) == ("manager", date(2027, 2, 25))
    unsent = select(MessageRow.kind, MessageRow.end_reason).where(MessageRow.state != "sent")
    assert [tuple(row) for row in session.execute(unsent)] == [("proposal", "turn-passed")]
