"""Who wants fewer reminders gets fewer, of reminders only; nothing owed is lost from the log."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail.choices import choose_mail
from onboarding.services.mail.foretelling import Forecast, forecast, horizon
from onboarding.services.mail.sight import read_log
from onboarding.store import foretelling as store
from onboarding.store.tables import (
    EventRow,
    MailRow,
    MessageRow,
    PersonRow,
    TaskRow,
)
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.conftest import text_of
from tests.jobs.passing_days import live
from tests.pathway_stage import Scene, a_scene, agreed

Deliver = Callable[[], Delivered]
Mails = Callable[[], list[EmailMessage]]
# Tuesday 8, Thursday 10 December, and a Sunday.
STEPS = [
    Step(title=title, due_on=due_on)
    for title, due_on in (
        ("account", date(2026, 12, 8)),
        ("plan", date(2026, 12, 10)),
        ("quote", date(2027, 1, 3)),
    )
]
CHOICE = re.compile(r"http://\S+(/portal/mail/[\w-]{43})\b")


@pytest.fixture
def scene(session: Session, clock: SettableClock, deliver: Deliver) -> Scene:
    """An agreed pathway of which all mails went already."""
    scene = a_scene(session)
    agreed(session, scene, clock.moment(), *STEPS)
    session.commit()
    deliver()
    return scene


def choose(session: Session, scene: Scene, clock: SettableClock, rhythm: MailRhythm) -> bool:
    is_changed = choose_mail(session, clock.moment(), scene.signatory.person_id or 0, rhythm)
    session.commit()
    return is_changed


def reminded(session: Session, clock: SettableClock) -> list[tuple[date, list[str]]]:
    """On which days which reminders went."""
    rows = session.execute(
        select(MailRow.sent_at, MessageRow.key)
        .join(MessageRow, MessageRow.mail_id == MailRow.id)
        .where(MessageRow.kind == "milestone-reminder", MailRow.state == "sent")
    )
    days: dict[date, list[str]] = {}
    for at, key in rows:
        days.setdefault(at.astimezone(clock.zone).date(), []).append(key)
    return sorted((day, sorted(keys)) for day, keys in days.items())


def foretold(session: Session, scene: Scene, clock: SettableClock) -> Forecast:
    moment = clock.moment()
    wanted = store.relations([scene.relation.id])
    return forecast(session, moment, clock.zone, scene.customer.id, wanted, horizon(moment.today))


@pytest.mark.parametrize("rhythm", list(MailRhythm))
def test_the_rhythm_is_kept_and_foretold(
    app: Flask,
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    rhythm: MailRhythm,
) -> None:
    runs.sweep(app, clock.moment())
    choose(session, scene, clock, rhythm)
    found = foretold(session, scene, clock)
    told = sorted(
        (mail.on, sorted(keys))
        for mail in found.mails
        if (keys := [one.row.key for one in mail.parts if one.row.kind == "milestone-reminder"])
    )
    live(app, clock, deliver, horizon(date(2026, 11, 24)))
    went = reminded(session, clock)
    assert told == went
    days = [day for day, _ in went]
    if rhythm is MailRhythm.NONE:
        assert days == [] and found.unwanted
    elif rhythm is MailRhythm.WEEKLY:
        assert days and all(day.weekday() == 0 for day in days)
    elif rhythm is MailRhythm.URGENT:
        due = {key: date.fromisoformat(key.split(":")[2]) for _, keys in went for key in keys}
        for day, keys in went:
            assert all(due[key] - day <= timedelta(days=3) for key in keys)
        assert len(days) > 2
    else:
        assert any(day.weekday() == 0 for day in days)
        assert any(day.weekday() != 0 for day in days)


def test_nothing_owed_is_lost_and_the_buyer_must_call(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    choose(session, scene, clock, MailRhythm.NONE)
    live(app, clock, deliver, date(2026, 12, 14))
    rows = session.scalars(select(MessageRow).where(MessageRow.kind == "milestone-reminder")).all()
    assert len(rows) == len({row.key for row in rows}) >= 4
    assert {(row.state, row.mail_id) for row in rows} == {("superseded", None)}
    assert {row.end_reason for row in rows} <= {"not-wanted", "newer-stage"}
    assert "not-wanted" in {row.end_reason for row in rows}
    calls = session.scalars(select(TaskRow).where(TaskRow.kind == "call")).all()
    assert len(calls) == 2
    log = read_log(session, scene.buyer, scene.relation.id, 1)
    assert "not-wanted" in {part.message.end_reason for one in log.entries for part in one.parts}
    events = session.scalars(select(EventRow).where(EventRow.code == "reminders-declined")).all()
    assert [(row.relation_id, row.is_shared) for row in events] == [(scene.relation.id, False)]


@pytest.mark.parametrize("kind", ["formal-notice", "answer", "block-announced", "agreement"])
def test_what_must_be_known_still_goes(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver, kind: str
) -> None:
    choose(session, scene, clock, MailRhythm.NONE)
    person_id = scene.signatory.person_id
    key = f"{kind}:1:{person_id}"
    row = stage.a_reminder(session, scene.relation, person_id=person_id, kind=kind, key=key)
    session.commit()
    assert deliver().sent == 1
    session.refresh(row)
    assert row.state == "sent"


@pytest.mark.parametrize(
    ("rhythm", "state"),
    [(MailRhythm.URGENT, "superseded"), (MailRhythm.WEEKLY, "planned"), (MailRhythm.USUAL, "sent")],
)
def test_an_ending_certificate_is_never_urgent(
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    rhythm: MailRhythm,
    state: str,
) -> None:
    """It is Tuesday: who wants mail on Monday only gets it then."""
    choose(session, scene, clock, rhythm)
    row = stage.a_reminder(session, scene.relation, person_id=scene.signatory.person_id)
    session.commit()
    deliver()
    session.refresh(row)
    assert row.state == state
    if rhythm is MailRhythm.WEEKLY:
        clock.set(datetime(2026, 11, 30, 8, tzinfo=clock.zone))
        deliver()
        session.refresh(row)
        assert row.state == "sent"


def test_who_chooses_again_does_not_wait_for_the_day_of_the_choice_before(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    """Put off for the rhythm of urgent steps, it goes on the next Monday all the same."""
    choose(session, scene, clock, MailRhythm.URGENT)
    live(app, clock, deliver, date(2026, 11, 27))
    assert reminded(session, clock) == []
    choose(session, scene, clock, MailRhythm.USUAL)
    assert not choose(session, scene, clock, MailRhythm.USUAL), "the same again is no change"
    live(app, clock, deliver, date(2026, 11, 30))
    assert [day for day, _ in reminded(session, clock)] == [date(2026, 11, 30)]


def test_the_button_of_a_mail_program_ends_the_reminders(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    received: Mails,
) -> None:
    """As RFC 8058 has it: the address of the header, no cookie, no form of ours; twice is once."""
    session.get_one(PersonRow, scene.signatory.person_id).name = "José van der Ploeg-Kœnig"
    session.commit()
    live(app, clock, deliver, date(2026, 11, 30))
    reminder = next(mail for mail in received() if mail["List-Unsubscribe"])
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = str(reminder["List-Unsubscribe"])
    found = re.fullmatch(r"<(http://[^\s<>/]+)(/portal/mail/[\w-]{43})/off>", raw)
    assert found is not None, raw
    assert found[2] in text_of(reminder), "the same page is linked under the mail"
    address = f"{found[2]}/off"
    person = session.get_one(PersonRow, scene.signatory.person_id)
    for asked in (client.get(address), client.head(address)):
        assert asked.status_code == 303 and asked.location == found[2]
    session.refresh(person)
    assert person.mail_rhythm == "usual", "looking switches nothing off"
    for _ in range(2):
        answer = app.test_client(use_cookies=False).post(
            address, data={"List-Unsubscribe": "One-Click"}
        )
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    session.refresh(person)
    assert person.mail_rhythm == "none" and person.mail_rhythm_at == clock.moment().now
    said = select(EventRow.code).where(EventRow.code.like("reminders-%"))
    assert session.scalars(said).all() == ["reminders-declined"]
    before = len(received())
    live(app, clock, deliver, date(2026, 12, 9))
    assert [mail for mail in received()[before:] if mail["List-Unsubscribe"]] == []
    page = client.get(found[2])
    assert page.status_code == 200 and "Wilt u ze weer krijgen?" in page.text
    chosen = client.post(found[2], data={"rhythm": "usual", "locale": "en"})
    assert chosen.location == found[2]
    session.refresh(person)
    assert (person.mail_rhythm, person.locale) == ("usual", "en")
    live(app, clock, deliver, date(2026, 12, 11))
    last = [mail for mail in received()[before:] if mail["List-Unsubscribe"]]
    assert last and "Why do I get this?" in text_of(last[-1])


def test_only_reminders_can_be_declined_in_a_mail_program(
    session: Session, scene: Scene, deliver: Deliver, received: Mails
) -> None:
    """Every mail to a contact links to the choice; only a reminder has the button."""
    person_id = scene.signatory.person_id
    for kind in ("formal-notice", "answer"):
        key = f"{kind}:1:{person_id}"
        stage.a_reminder(session, scene.relation, person_id=person_id, kind=kind, key=key)
    session.commit()
    deliver()
    address = session.get_one(PersonRow, person_id).email
    ours = [mail for mail in received() if address in mail["To"]]
    assert len(ours) >= 3
    for mail in ours:
        assert CHOICE.search(text_of(mail))
        assert mail["List-Unsubscribe"] is mail["List-Unsubscribe-Post"] is None
