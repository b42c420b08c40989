"""`flask sweep` and `flask deliver` tell what they did, and fail when they did not."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.cli import work
from onboarding.clock import Clock, Moment
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.domain.webhooks import KINDS
from onboarding.jobs import runs
from onboarding.services import watching
from onboarding.services.feed.announcements import list_announcements
from onboarding.services.feed.webhooks import Keeper, add_endpoint, send_test
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import MessageRow, WebhookDeliveryRow
from tests import stage
from tests.jobs.webhook_receiver import receiving
from tests.mail_server import MailServer
from tests.pathway_stage import Scene, a_scene, agreed
from tests.settable_clock import SettableClock


def owe_one(session: Session, scene: Scene, moment: Moment) -> None:
    owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=scene.relation.id)
    owe_to_supplier(session, moment, scene.relation, owed)
    session.commit()


def test_sweep_lives_in_the_day_it_is_given(app: Flask, session: Session, moment: Moment) -> None:
    scene = a_scene(session)
    agreed(session, scene, moment, Step(title="plan", due_on=date(2027, 1, 13)))
    session.commit()
    runner = app.test_cli_runner()
    assert runner.invoke(work.sweep, []).output == "announced: 2\n"
    nothing = runner.invoke(work.sweep, [])
    assert (nothing.exit_code, nothing.output) == (0, "Nothing new was due.\n")
    then = runner.invoke(work.sweep, ["--on", "2027-01-10"])
    assert (then.exit_code, then.output) == (0, "reminders: 1\n")
    again = runner.invoke(work.sweep, ["--on", "2027-01-10"])
    assert again.output == "Nothing new was due.\n"
    wrong = runner.invoke(work.sweep, ["--on", "tomorrow"])
    assert wrong.exit_code == 2


def test_sweep_alone_announces_what_a_day_brings_once_and_on_that_day(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    """As the worker does: an event in the feed, a webhook owed, a mail to who follows."""
    scene = a_scene(session)
    agreed(session, scene, clock.moment(), Step(title="plan", due_on=date(2027, 1, 13)))
    customer_id, relation_id = scene.customer.id, scene.relation.id
    stage.a_webhook(session, customer_id)
    watching.follow(session, scene.buyer, clock.moment(), relation_id)
    session.commit()

    def swept(*arguments: str) -> tuple[list[str], int, int, str]:
        told = app.test_cli_runner().invoke(work.sweep, arguments)
        assert told.exit_code == 0
        session.expire_all()
        events = list_announcements(session, customer_id, 0, 100)
        owed = session.scalars(select(WebhookDeliveryRow.announcement_id)).all()
        mails = session.scalars(select(MessageRow.id).where(MessageRow.kind == "watched")).all()
        return [one.to_status for one in events], len(owed), len(mails), told.output

    before = ["undecided", "conditional"]
    assert swept()[:3] == (before, 2, 2)
    events, *owed, output = swept("--on", "2027-01-14")
    assert (events, owed) == (before, [2, 2]) and "announced" not in output
    clock.set(datetime(2027, 1, 13, 23, 59, tzinfo=clock.zone))
    assert swept()[:3] == (before, 2, 2)
    clock.forward(minutes=2)
    events, *owed, output = swept()
    assert (events, owed) == ([*before, "at-risk"], [3, 3])
    assert "statuses changed by their day: 1" in output and "announced: 1" in output
    runs.announce(app)
    assert swept() == (events, 3, 3, "Nothing new was due.\n")
    assert swept("--on", "2027-01-14")[0] == events


def test_deliver_tells_how_many_went(
    app: Flask,
    session: Session,
    moment: Moment,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    runner = app.test_cli_runner()
    assert runner.invoke(work.deliver).output == "There was nothing to send.\n"
    owe_one(session, a_scene(session), moment)
    told = runner.invoke(work.deliver)
    assert (told.exit_code, told.output) == (0, "1 sent\n")
    assert len(mail_server.messages) == 1


def test_deliver_sends_webhooks_too(
    app: Flask,
    session: Session,
    clock: SettableClock,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**mail_server.settings, "WEBHOOKS_INSIDE": True}.items():
        monkeypatch.setitem(app.config, name, value)
    clock.set(Clock.real_now().replace(microsecond=0))  # receivers refuse what is old
    customer = stage.a_customer(session)
    with receiving() as receiver:
        keeper = Keeper(
            secret_key=app.config["SECRET_KEY"], may_be_inside=True, now=clock.real_now()
        )
        admin = stage.an_actor(customer, Role.ADMIN)
        endpoint_id, receiver.secret = add_endpoint(
            session, admin, clock.moment(), keeper, receiver.url, KINDS[:1]
        )
        send_test(session, admin, keeper, endpoint_id)
        session.commit()
        told = app.test_cli_runner().invoke(work.deliver)
        assert (told.exit_code, told.output) == (0, "webhooks delivered: 1.\n")
        assert [one["type"] for one in receiver.told] == ["webhook.test"]
    assert app.test_cli_runner().invoke(work.deliver).output == "There was nothing to send.\n"


def test_deliver_fails_without_a_mail_server(app: Flask, session: Session, moment: Moment) -> None:
    owe_one(session, a_scene(session), moment)
    told = app.test_cli_runner().invoke(work.deliver)
    assert told.exit_code == 1
    assert "The mail server cannot be used" in told.output


def test_deliver_puts_back_what_was_tried_in_vain(
    app: Flask,
    session: Session,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    scene = a_scene(session)
    person_id = scene.signatory.person_id
    gave_up = {"state": "dead", "end_reason": "gave-up: 451 Later"}
    stage.a_dead_letter(session, scene.relation, person_id=person_id, **gave_up)
    stage.a_dead_letter(session, scene.relation, person_id=person_id)  # refused: not by itself
    session.commit()
    told = app.test_cli_runner().invoke(work.deliver, ["--requeue"])
    assert (told.exit_code, told.output) == (0, "1 dead put back.\n1 sent\n")
    assert len(mail_server.messages) == 1
