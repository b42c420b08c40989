"""The time machine: days go by, mail comes, statuses change, and nothing else moves."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding.demo.time_machine import JumpRefused, jump
from onboarding.domain.eligibility import Status
from onboarding.services.status_reading import read_statuses
from onboarding.store.database import db
from onboarding.store.tables import DemoClockRow, MessageRow, RelationRow

pytestmark = pytest.mark.long

PRINT_SHOP = "Drukkerij De Linde B.V."


def print_shop() -> int:
    return db.session.scalars(select(RelationRow.id).where(RelationRow.name == PRINT_SHOP)).one()


def today(app: Flask) -> date:
    return app.extensions["clock"].moment().today


def test_a_missed_step_brings_mail_and_another_status(demo: Flask) -> None:
    clock = demo.extensions["clock"]
    real, caught = clock.real_now(), demo.extensions["caught_mail"]
    mails_before = len(caught)
    with demo.app_context():
        before, here = today(demo), print_shop()
        jumped = jump(demo, before + timedelta(days=17))
        assert today(demo) == before + timedelta(days=17)
        assert clock.real_now() - real < timedelta(hours=1)
        changed = {one.relation_id: one for one in jumped.changes}
        assert changed[here].was is Status.CONDITIONAL
        assert changed[here].becomes is Status.AT_RISK
        assert read_statuses(db.session(), [here], today(demo))[here].status is Status.AT_RISK
        stages = db.session.scalars(
            select(MessageRow.facts).where(
                MessageRow.relation_id == here,
                MessageRow.kind == "milestone-reminder",
                MessageRow.state == "sent",
                MessageRow.owed_at > clock.moment().now - timedelta(days=17),
            )
        ).all()
        assert stages, "no reminder was sent on the way"
    mails = caught.sent_to("jolanda@delinde.example")
    assert mails[0].at.date() > before
    assert jumped.mails == len(caught) - mails_before


def test_it_only_goes_ahead_and_not_too_far(demo: Flask) -> None:
    with demo.app_context():
        for days in (0, -1, 93):
            with pytest.raises(JumpRefused):
                jump(demo, today(demo) + timedelta(days=days))
        assert db.session.scalars(select(DemoClockRow.offset_seconds)).one() == 0


def test_the_bar_jumps_and_shows_the_same_page_again(demo: Flask, visitor: FlaskClient) -> None:
    with demo.app_context():
        before = today(demo)
    page = visitor.get("/help?a=1").text
    assert 'action="/demo/jump"' in page
    assert before.isoformat() in page
    answer = visitor.post("/demo/jump", data={"ahead": "day", "next": "/help?a=1"})
    assert (answer.status_code, answer.location) == (303, "/help?a=1")
    page = visitor.get("/help?a=1").text
    assert (before + timedelta(days=1)).isoformat() in page
    assert re.search(r"\d+ mails? verstuurd</a>, \d+ status", page)


def test_a_wrong_day_is_told(demo: Flask, visitor: FlaskClient) -> None:
    for data, told in (
        ({"ahead": "date", "to": "2020-01-01"}, "alleen vooruit"),
        ({"ahead": "date", "to": "9999-01-01"}, "drie maanden"),
        ({"ahead": "date", "to": "morgen"}, "Kies een dag"),
    ):
        visitor.post("/demo/jump", data={**data, "next": "/help"})
        assert told in visitor.get("/help").text


def test_a_jump_needs_our_own_form(demo: Flask, visitor: FlaskClient) -> None:
    demo.config["WTF_CSRF_ENABLED"] = True
    assert visitor.post("/demo/jump", data={"ahead": "day"}).status_code == 400
    assert visitor.get("/demo/jump").status_code == 405
