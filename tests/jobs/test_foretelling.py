"""What is foretold is what happens: the same days, people and messages in each mail."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail import holds as mail_holds
from onboarding.services.mail.foretelling import Forecast, forecast, horizon
from onboarding.services.mail.sight import preview, read_coming, read_kept, read_log
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import proposal_handed_over
from onboarding.store import foretelling as store
from onboarding.store.tables import (
    ContactRow,
    EventRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    PersonRow,
)
from tests import stage
from tests.conftest import SettableClock
from tests.jobs.passing_days import live
from tests.pathway_stage import Scene, a_scene, agreed, proposed

Deliver = Callable[[], Delivered]
Told = list[tuple[date, int, tuple[str, ...]]]
STEPS = [
    Step(title=title, due_on=due_on)
    for title, due_on in (
        ("plan", date(2026, 12, 10)),
        ("account", date(2026, 12, 8)),
        ("quote", date(2027, 1, 3)),
        ("audit", date(2027, 2, 3)),
    )
]


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def told(found: Forecast) -> Told:
    return sorted(
        (mail.on, mail.person_id, tuple(sorted(one.row.key for one in mail.parts)))
        for mail in found.mails
    )


def look(session: Session, scene: Scene, clock: SettableClock) -> Forecast:
    moment = clock.moment()
    wanted = store.relations([scene.relation.id])
    return forecast(session, moment, clock.zone, scene.customer.id, wanted, horizon(moment.today))


def sent_reminders(session: Session, clock: SettableClock) -> Told:
    rows = session.execute(
        select(MailRow, MessageRow.key)
        .join(MessageRow, MessageRow.mail_id == MailRow.id)
        .where(MessageRow.kind.in_(("milestone-reminder", "proposal-reminder", "answer")))
    )
    mails: dict[int, tuple[MailRow, list[str]]] = {}
    for mail, key in rows:
        mails.setdefault(mail.id, (mail, []))[1].append(key)
    return sorted(
        (mail.sent_at.astimezone(clock.zone).date(), mail.person_id, tuple(sorted(keys)))
        for mail, keys in mails.values()
        if mail.sent_at is not None
    )


@pytest.mark.parametrize("closed", [False, True])
def test_thirty_days_come_as_they_were_foretold(
    app: Flask,
    session: Session,
    scene: Scene,
    clock: SettableClock,
    deliver: Deliver,
    closed: bool,
) -> None:
    agreed(session, scene, clock.moment(), *STEPS)
    if closed:
        stage.a_closure(session, scene.relation, date(2026, 12, 4), date(2026, 12, 14))
    session.commit()
    deliver()
    runs.sweep(app, clock.moment())
    found = look(session, scene, clock)
    # Stages of a step that is not done at all: the sweep and the delivery see the same as we do.
    live(app, clock, deliver, horizon(date(2026, 11, 24)))
    assert told(found)
    assert told(found) == sent_reminders(session, clock)


def test_a_proposal_that_nobody_answers_is_foretold(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    row = proposed(session, scene, clock.moment(), *STEPS)
    proposal_handed_over(session, clock.moment(), row.id)
    session.commit()
    deliver()
    found = look(session, scene, clock)
    assert [mail.on for mail in found.mails] == [date(2026, 12, 1), date(2026, 12, 8)]
    live(app, clock, deliver, date(2026, 12, 20))
    assert told(found) == sent_reminders(session, clock)


def test_what_is_done_is_foretold_no_more(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    _, rows = agreed(session, scene, clock.moment(), *STEPS[:1])
    assert look(session, scene, clock).mails
    submit_milestone(session, scene.signatory, clock.moment(), rows[0].id, note="Klaar")
    session.commit()
    keys = [key for _, _, keys in told(look(session, scene, clock)) for key in keys]
    assert not [key for key in keys if key.startswith("milestone-reminder")]


def test_who_is_not_the_right_person_has_no_day(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    agreed(session, scene, clock.moment(), *STEPS[:1])
    contact = session.scalars(select(ContactRow)).one()
    contact.doubted_at = clock.moment().now
    stage.a_reminder(session, scene.relation, person_id=contact.person_id)
    session.commit()
    found = look(session, scene, clock)
    assert [one.row.kind for one in found.waiting] == ["certificate-ending"]
    assert not [key for _, _, keys in told(found) for key in keys if "reminder" in key]


def first_reminder(session: Session, scene: Scene, clock: SettableClock) -> str:
    """The key of the last stage before the day of the step."""
    keys = [key for _, _, keys in told(look(session, scene, clock)) for key in keys]
    return next(key for key in keys if key.startswith("milestone-reminder") and ":-3:" in key)


def hold(session: Session, scene: Scene, moment: Moment, key: str) -> None:
    mail_holds.hold(session, scene.buyer, moment, scene.relation.id, key, reason="Ik bel zelf.")
    session.commit()


def test_a_foretold_reminder_that_is_held_does_not_go(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    agreed(session, scene, clock.moment(), *STEPS[:1])
    session.commit()
    key = first_reminder(session, scene, clock)
    hold(session, scene, clock.moment(), key)
    found = look(session, scene, clock)
    assert [row.key for row in found.held] == [key]
    assert key not in [one for _, _, keys in told(found) for one in keys]
    facts = session.scalars(select(EventRow.facts).where(EventRow.code == "mail-held")).one()
    assert facts["reason"] == "Ik bel zelf."
    live(app, clock, deliver, date(2026, 12, 9))
    row = session.scalars(select(MessageRow).where(MessageRow.key == key)).one()
    assert (row.state, row.mail_id) == ("held", None)
    mail_holds.release(session, scene.buyer, clock.moment(), scene.relation.id, key)
    session.commit()
    assert deliver().sent >= 1
    session.refresh(row)
    assert row.state == "sent"


def test_released_before_its_day_it_is_foretold_again(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    agreed(session, scene, clock.moment(), *STEPS[:1])
    session.commit()
    before = told(look(session, scene, clock))
    key = first_reminder(session, scene, clock)
    hold(session, scene, clock.moment(), key)
    mail_holds.release(session, scene.buyer, clock.moment(), scene.relation.id, key)
    session.commit()
    assert told(look(session, scene, clock)) == before
    assert session.scalars(select(MessageRow).where(MessageRow.key == key)).all() == []


def test_released_after_a_later_reminder_went_it_does_not_go(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    agreed(session, scene, clock.moment(), *STEPS[:1])
    session.commit()
    key = first_reminder(session, scene, clock)
    hold(session, scene, clock.moment(), key)
    live(app, clock, deliver, date(2026, 12, 14))
    mail_holds.release(session, scene.buyer, clock.moment(), scene.relation.id, key)
    session.commit()
    row = session.scalars(select(MessageRow).where(MessageRow.key == key)).one()
    assert (row.state, row.end_reason) == ("superseded", "newer-stage")


def test_what_went_is_not_held_and_an_answer_never_is(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    person_id = session.scalars(select(ContactRow.person_id)).one()
    sent = stage.a_reminder(session, scene.relation, person_id=person_id, state="sent")
    answer = stage.a_reminder(
        session, scene.relation, person_id=person_id, kind="answer", key=f"answer:1:{person_id}"
    )
    session.commit()
    for row in (sent, answer):
        with pytest.raises(MoveRefused):
            hold(session, scene, clock.moment(), row.key)
    with pytest.raises(NotFound):
        hold(session, scene, clock.moment(), "milestone-reminder:m0:2026-12-10:-3:1")
    reader = stage.user_actor(session, scene.customer, Role.READER)
    queued = stage.a_reminder(session, scene.relation, person_id=person_id)
    with pytest.raises(NotAllowed):
        mail_holds.hold(
            session, reader, clock.moment(), scene.relation.id, queued.key, reason="Nee"
        )


def test_a_preview_and_a_kept_text_hold_no_key(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    agreed(session, scene, clock.moment(), *STEPS[:1])
    session.commit()
    key = first_reminder(session, scene, clock)
    args = (session, scene.buyer, clock.moment(), clock.zone, scene.relation.id)
    before = session.scalars(select(MessageRow.id)).all()
    seen = preview(*args, key)
    assert seen.text and "Plan van aanpak" in seen.text and "over 3 dagen" in seen.text
    assert "http" not in seen.text and "/portal" not in seen.text
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    assert buyer.name in seen.text, "as the contact will read it, with whom to ask"
    assert session.scalars(select(MessageRow.id)).all() == before
    live(app, clock, deliver, date(2026, 12, 7))
    log = read_log(session, scene.buyer, scene.relation.id, 1)
    entry = next(one for one in log.entries if one.mail and one.mail.kind == "milestone-reminder")
    assert entry.mail is not None
    text = read_kept(session, scene.buyer, scene.relation.id, entry.mail.id).text
    assert text and "(link)" in text and "http" not in text
    assert "/portal/step/" in (entry.mail.body or b"").decode()


def test_the_queries_do_not_grow_with_the_messages(
    session: Session, scene: Scene, clock: SettableClock
) -> None:
    def number() -> int:
        session.expire_all()
        said: list[str] = []
        engine = session.get_bind()

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            read_coming(session, scene.buyer, clock.moment(), clock.zone, scene.relation.id)
            read_log(session, scene.buyer, scene.relation.id, 1)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(said)

    agreed(session, scene, clock.moment(), *STEPS)
    stage.a_reminder(session, scene.relation)
    session.commit()
    few = number()
    for _ in range(4):
        stage.a_reminder(session, scene.relation)
        stage.a_dead_letter(
            session, scene.relation, person_id=stage.a_contact(session, scene.relation).person_id
        )
    for row in session.scalars(select(MilestoneRow)):
        row.deadline_on = row.due_on
    session.commit()
    assert number() == few
