"""A buyer puts reminders off: they wait, warnings do not, and both sides read why."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Actor
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from onboarding.services.mail.foretelling import forecast
from onboarding.services.mail.snoozes import let_reminders_go_on, put_off_reminders
from onboarding.store import foretelling as store
from onboarding.store.tables import EventRow, MailRow, MessageRow, MilestoneRow, PersonRow
from tests import stage
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed

Deliver = Callable[[], Delivered]
UNTIL = date(2026, 12, 9)
WHY = "U zei dat het stuk woensdag klaar is."


@pytest.fixture
def scene(session: Session, clock: SettableClock) -> Scene:
    """Two steps, due on 10 and 11 December 2026: Thursday and Friday."""
    scene = a_scene(session)
    days = {"plan": date(2026, 12, 10), "account": date(2026, 12, 11)}
    steps = [Step(title=title, due_on=day) for title, day in days.items()]
    agreed(session, scene, clock.moment(), *steps)
    for row in session.scalars(select(MessageRow)):
        session.delete(row)
    session.commit()
    return scene


def steps_of(session: Session) -> list[MilestoneRow]:
    return list(session.scalars(select(MilestoneRow).order_by(MilestoneRow.position)))


def live(app: Flask, clock: SettableClock, deliver: Deliver, first: date, last: date) -> None:
    day = first
    while day <= last:
        clock.set(datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=10))
        runs.sweep(app, clock.moment())
        deliver()
        day += timedelta(days=1)


def reminded(session: Session, clock: SettableClock) -> dict[date, set[int | None]]:
    rows = session.execute(
        select(MailRow.sent_at, MessageRow.milestone_id)
        .join(MessageRow, MessageRow.mail_id == MailRow.id)
        .where(MessageRow.kind == "milestone-reminder", MailRow.state == "sent")
    )
    found: dict[date, set[int | None]] = {}
    for at, step_id in rows:
        found.setdefault(at.astimezone(clock.zone).date(), set()).add(step_id)
    return found


def test_reminders_about_one_step_wait_and_go_on_by_themselves(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    plan, account = steps_of(session)
    moment = clock.moment()
    put_off_reminders(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        until_on=UNTIL,
        reason=WHY,
        milestone_id=plan.id,
    )
    session.commit()
    deadlines = [row.deadline_on for row in steps_of(session)]
    until = date(2026, 12, 11)
    wanted = store.relations([scene.relation.id])
    found = forecast(session, moment, clock.zone, scene.customer.id, wanted, until)
    foretold = {(mail.on, one.row.milestone_id) for mail in found.mails for one in mail.parts}
    live(app, clock, deliver, moment.today, until)
    said = reminded(session, clock)
    before = {step for day, ids in said.items() if day <= UNTIL for step in ids}
    assert account.id in before and plan.id not in before
    assert plan.id in said[date(2026, 12, 10)]
    assert foretold == {(day, step) for day, ids in said.items() for step in ids}
    assert [row.deadline_on for row in steps_of(session)] == deadlines
    events = session.scalars(select(EventRow).where(EventRow.code == "reminders-put-off")).all()
    assert [(row.is_shared, row.facts["reason"]) for row in events] == [(True, WHY)]


def test_all_of_a_supplier_waits_and_goes_on_earlier_when_a_buyer_says_so(
    app: Flask, session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    row = put_off_reminders(
        session, scene.buyer, clock.moment(), scene.relation.id, until_on=UNTIL, reason=WHY
    )
    session.commit()
    live(app, clock, deliver, date(2026, 11, 26), date(2026, 12, 7))
    assert reminded(session, clock) == {}
    let_reminders_go_on(session, scene.buyer, clock.moment(), row.id)
    session.commit()
    live(app, clock, deliver, date(2026, 12, 8), date(2026, 12, 8))
    assert len(reminded(session, clock)[date(2026, 12, 8)]) == 2
    with pytest.raises(MoveRefused):
        let_reminders_go_on(session, scene.buyer, clock.moment(), row.id)


def test_an_answer_still_goes(
    session: Session, scene: Scene, clock: SettableClock, deliver: Deliver
) -> None:
    put_off_reminders(
        session, scene.buyer, clock.moment(), scene.relation.id, until_on=UNTIL, reason=WHY
    )
    person_id = scene.signatory.person_id
    for kind in ("formal-notice", "answer"):
        key = f"{kind}:1:{person_id}"
        stage.a_reminder(session, scene.relation, person_id=person_id, kind=kind, key=key)
    session.commit()
    assert deliver().sent == 2


def test_what_is_refused(session: Session, scene: Scene, clock: SettableClock) -> None:
    plan = steps_of(session)[0]
    other = stage.a_relation(session, scene.customer, "Ander B.V.")

    def ask(relation_id: int, until_on: date, reason: str = WHY, by: Actor = scene.buyer) -> None:
        put_off_reminders(
            session,
            by,
            clock.moment(),
            relation_id,
            until_on=until_on,
            reason=reason,
            milestone_id=plan.id,
        )

    for until_on in (date(2026, 11, 23), date(2026, 12, 10)):
        with pytest.raises(InputInvalid):
            ask(scene.relation.id, until_on)
    with pytest.raises(InputInvalid):
        ask(scene.relation.id, UNTIL, " ")
    with pytest.raises(NotFound):
        ask(other.id, UNTIL)
    with pytest.raises(NotAllowed):
        ask(scene.relation.id, UNTIL, by=scene.signatory)


def test_both_sides_read_it_and_the_buyer_ends_it(
    app: Flask, session: Session, scene: Scene, clock: SettableClock
) -> None:
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    contact = session.get_one(PersonRow, scene.signatory.person_id)
    ours = stage.log_in(app.test_client(), session, clock.real_now(), buyer, scene.customer)
    theirs = stage.log_in(app.test_client(), session, clock.real_now(), contact, None)
    step_id = steps_of(session)[0].id
    where = f"/milestones/{step_id}/snooze"
    assert where in ours.get(f"/milestones/{step_id}").text
    late = ours.post(where, data={"until_on": "2026-12-10", "reason": WHY})
    assert late.status_code == 400 and "Neem een dag daarvoor" in late.text
    assert ours.post(where, data={"until_on": "2026-12-09", "reason": WHY}).status_code == 303
    assert WHY in ours.get(f"/milestones/{step_id}").text
    there = f"/portal/{scene.relation.id}/steps/{step_id}"
    said = theirs.get(there).text
    assert f"geen herinneringen hierover: {WHY}" in said and "9 december 2026" in said
    end = ours.get(where).text.split('action="/snoozes/')[1].split('"')[0]
    assert ours.post(f"/snoozes/{end}").location == f"/milestones/{step_id}"
    assert WHY not in theirs.get(there).text
