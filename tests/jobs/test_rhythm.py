"""When mail goes: links and answers at once, reminders and tasks on working days from eight."""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.domain.plans import Step
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail.messages import Owed, owe_to_buyer, owe_to_supplier
from onboarding.store.tables import MessageRow, MilestoneRow
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.pathway_stage import Scene, a_scene, agreed

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]
ZONE = ZoneInfo("Europe/Amsterdam")


def local(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00").replace(tzinfo=ZONE)


@pytest.fixture
def scene(session: Session, moment: Moment) -> Scene:
    """Three steps: due on 13 January, 20 January and 27 January 2027, all Wednesdays."""
    scene = a_scene(session)
    days = [date(2027, 1, 13), date(2027, 1, 20), date(2027, 1, 27)]
    titles = ["plan", "account", "quote"]
    steps = [Step(title=title, due_on=day) for title, day in zip(titles, days, strict=True)]
    agreed(session, scene, moment, *steps)
    clear(session)
    return scene


def clear(session: Session) -> None:
    for row in session.scalars(select(MessageRow)):
        session.delete(row)
    session.commit()


def remind(session: Session, scene: Scene, moment: Moment, position: int, stage: str) -> None:
    rows = session.scalars(
        select(MilestoneRow)
        .where(MilestoneRow.relation_id == scene.relation.id)
        .order_by(MilestoneRow.position)
    ).all()
    row = rows[position]
    owed = Owed(
        kind=MessageKind.MILESTONE_REMINDER,
        about=f"m{row.id}:{row.deadline_on}:{stage}",
        facts={"deadline_on": row.deadline_on, "stage": stage},
        relation_id=scene.relation.id,
        milestone_id=row.id,
    )
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()


def owe_a_task(session: Session, scene: Scene, moment: Moment, about: str = "1") -> None:
    owed = Owed(kind=MessageKind.QUESTION, about=about, relation_id=scene.relation.id)
    owe_to_buyer(session, moment, scene.relation, owed)
    session.commit()


def test_an_answer_goes_at_once_on_a_sunday_night(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    moment = clock.set(local("2027-01-10", 23, 30))
    owed = Owed(kind=MessageKind.ANSWER, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()
    assert deliver().sent == 1


@pytest.mark.parametrize(
    ("day", "hour", "goes_at"),
    [
        ("2027-01-11", 7, local("2027-01-11", 8)),  # Monday, too early
        ("2027-01-11", 8, None),
        ("2027-01-09", 12, local("2027-01-11", 8)),  # Saturday
        ("2027-01-01", 12, local("2027-01-04", 8)),  # New Year's Day, a Friday
        ("2027-03-27", 12, local("2027-03-30", 8)),  # before Easter Monday, and summer time
    ],
)
def test_a_task_waits_for_a_working_day_at_eight(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    day: str,
    hour: int,
    goes_at: datetime | None,
) -> None:
    owe_a_task(session, scene, clock.set(local(day, hour)))
    if goes_at is None:
        assert deliver().sent == 1
        return
    assert deliver().sent == 0
    assert session.scalars(select(MessageRow.due_at)).one() == goes_at
    clock.set(goes_at)
    assert deliver().sent == 1


def test_an_early_reminder_waits_for_monday(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    moment = clock.set(local("2026-12-30", 12))  # a Wednesday, 14 days before
    remind(session, scene, moment, 0, "-14")
    assert deliver().sent == 0
    clock.set(local("2027-01-04", 7, 59))
    assert deliver().sent == 0
    clock.set(local("2027-01-04", 8))
    assert deliver().sent == 1


def test_reminders_wait_while_the_supplier_is_closed_and_answers_do_not(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    stage.a_closure(session, scene.relation, date(2027, 1, 4), date(2027, 1, 11))
    moment = clock.set(local("2027-01-10", 12))
    remind(session, scene, moment, 0, "-3")
    owed = Owed(kind=MessageKind.ANSWER, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()
    clock.set(local("2027-01-11", 9))  # a Monday
    assert deliver().sent == 1
    clock.set(local("2027-01-12", 8))
    assert deliver().sent == 1


def test_what_is_due_soon_takes_the_rest_along_in_one_mail(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver, received: Mails
) -> None:
    moment = clock.set(local("2027-01-06", 9))
    remind(session, scene, moment, 1, "-14")
    assert deliver().sent == 0
    moment = clock.set(local("2027-01-12", 9))  # a Tuesday
    remind(session, scene, moment, 0, "-3")
    assert deliver().sent == 1
    (mail,) = received()
    text = text_of(mail)
    assert text.index("Plan van aanpak") < text.index("MijnPSO-account")


def test_of_two_stages_of_one_step_only_the_last_is_sent(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver, received: Mails
) -> None:
    moment = clock.set(local("2027-01-11", 9))
    remind(session, scene, moment, 0, "-14")
    remind(session, scene, moment, 0, "-3")
    assert deliver().sent == 1
    assert text_of(received()[0]).count("Plan van aanpak met directie-akkoord, ") == 1
    states = session.execute(select(MessageRow.state, MessageRow.end_reason)).all()
    assert sorted(states, key=str) == [("sent", None), ("superseded", "newer-stage")]


def test_all_tasks_of_a_buyer_travel_together(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver, received: Mails
) -> None:
    moment = clock.set(local("2027-01-11", 9))
    owe_a_task(session, scene, moment, "1")
    owe_a_task(session, scene, moment, "2")
    assert deliver().sent == 1
    assert received()[0]["Subject"].startswith("2 dingen wachten op u")


def test_a_notice_travels_alone(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    moment = clock.set(local("2027-01-11", 9))
    remind(session, scene, moment, 0, "-3")
    owed = Owed(kind=MessageKind.FORMAL_NOTICE, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()
    deliver()
    mails = session.scalars(select(MessageRow.mail_id)).all()
    assert len(set(mails)) == 2
