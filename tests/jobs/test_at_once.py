"""Several workers at the same moment: what is owed is owed once, and sent once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.domain.messages import MessageKind
from onboarding.domain.plans import Step
from onboarding.domain.workdays import Span
from onboarding.jobs import runs
from onboarding.services.contact_absences import plan_absence
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import AnnouncementRow, ContactRow, MessageRow, WebhookDeliveryRow
from tests import stage
from tests.conftest import SettableClock
from tests.mail_server import MailServer
from tests.pathway_stage import a_scene, agreed

DUE = date(2027, 1, 13)


def all_at_once(work: Callable[[], object], times: int) -> None:
    """Runs the work in threads that start together; what one raises is raised here."""
    gate, wrong = threading.Barrier(times), list[BaseException]()

    def run() -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong, wrong


def test_sweeps_at_once_owe_each_thing_once(
    fresh_app: Flask, fresh_sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with fresh_sessions() as session:
        scene = a_scene(session)
        steps = [Step(title=f"Stap {n}", due_on=DUE + timedelta(days=n % 3)) for n in range(12)]
        agreed(session, scene, clock.moment(), *steps)
        session.commit()
    noon = datetime.combine(DUE + timedelta(days=9), datetime.min.time(), clock.zone)
    clock.set(noon + timedelta(hours=12))
    all_at_once(lambda: runs.sweep(fresh_app), 3)
    runs.sweep(fresh_app)
    with fresh_sessions() as session:
        kinds = Counter(session.scalars(select(MessageRow.kind)))
        assert kinds["milestone-reminder"] == 12
        assert kinds["call"] == 12
        keys = session.scalars(select(MessageRow.key)).all()
        assert len(keys) == len(set(keys))


def test_sweeps_by_hand_and_a_worker_at_once_announce_a_day_once(
    fresh_app: Flask, fresh_sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with fresh_sessions() as session:
        scene = a_scene(session)
        agreed(session, scene, clock.moment(), Step(title="plan", due_on=DUE))
        stage.a_webhook(session, scene.customer.id)
        session.commit()
    runs.announce(fresh_app)
    clock.set(datetime.combine(DUE + timedelta(days=1), time(0, 1), clock.zone))
    works = iter([runs.sweep_and_announce, runs.announce] * 2)
    all_at_once(lambda: next(works)(fresh_app), 4)
    with fresh_sessions() as session:
        found = select(AnnouncementRow.position, AnnouncementRow.to_status)
        events = session.execute(found.order_by(AnnouncementRow.position)).all()
        assert events == [(1, "undecided"), (2, "conditional"), (3, "at-risk")]
        assert session.scalar(select(func.count()).select_from(WebhookDeliveryRow)) == 3


def test_deliveries_at_once_send_each_mail_once(
    fresh_app: Flask,
    fresh_sessions: sessionmaker[Session],
    clock: SettableClock,
    mail_server: MailServer,
) -> None:
    fresh_app.config.update(mail_server.settings)
    with fresh_sessions() as session:
        customer = stage.a_customer(session)
        for _ in range(15):
            relation = stage.a_relation(session, customer)
            stage.a_contact(session, relation)
            owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=relation.id)
            owe_to_supplier(session, clock.moment(), relation, owed)
        session.commit()
    all_at_once(lambda: runs.deliver(fresh_app), 3)
    runs.deliver(fresh_app)
    recipients = [one.recipients[0] for one in mail_server.messages]
    assert len(recipients) == 15
    assert len(set(recipients)) == 15
    with fresh_sessions() as session:
        sent = select(func.count()).select_from(MessageRow).where(MessageRow.state == "sent")
        assert session.scalar(sent) == 15


def test_deliveries_at_once_bring_each_reminder_to_the_deputy_once(
    fresh_app: Flask,
    fresh_sessions: sessionmaker[Session],
    clock: SettableClock,
    mail_server: MailServer,
) -> None:
    fresh_app.config.update(mail_server.settings)
    with fresh_sessions() as session:
        scene = a_scene(session)
        session.scalars(select(ContactRow)).one().is_main = True
        steps = [Step(title=f"Stap {n}", due_on=DUE) for n in range(12)]
        agreed(session, scene, clock.moment(), *steps)
        deputy_id = stage.a_contact(session, scene.relation, name="Piet Puk").person_id
        session.commit()
    runs.deliver(fresh_app)
    clock.set(datetime.combine(DUE - timedelta(days=3), time(1), clock.zone))
    runs.sweep(fresh_app)
    with fresh_sessions() as session:
        away = Span(clock.moment().today, DUE)
        about = (scene.relation.id, scene.signatory.person_id or 0)
        plan_absence(
            session, scene.signatory, clock.moment(), *about, deputy_id=deputy_id, span=away
        )
        session.commit()
    clock.forward(hours=33)  # that was a Sunday
    all_at_once(lambda: runs.deliver(fresh_app), 3)
    runs.deliver(fresh_app)
    with fresh_sessions() as session:
        rows = session.scalars(
            select(MessageRow).where(MessageRow.key.like("milestone-reminder:%:-3:%"))
        ).all()
        assert Counter((row.person_id, row.state) for row in rows) == {(deputy_id, "sent"): 12}
        assert {row.stands_for for row in rows} == {scene.signatory.person_id}
        assert len({row.mail_id for row in rows}) == 1
