"""Days on a page: from today as this request knows it, with working days where they are known."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Side
from onboarding.domain.workdays import WorkingCalendar
from onboarding.web.presentation.dates import tell_calendar_with
from tests import stage
from tests.conftest import SettableClock
from tests.web.sample_page import sample_app

DAY = date(2026, 12, 7)


@pytest.fixture
def pages(clock: SettableClock) -> Flask:
    app = sample_app()
    app.extensions["clock"] = clock
    return app


def shown(pages: Flask, source: str, **values: object) -> str:
    with pages.test_request_context():
        return pages.jinja_env.from_string(source).render(**values)


def test_a_deadline_is_told_with_what_it_means(pages: Flask) -> None:
    assert shown(pages, "{{ day | due }}", day=DAY) == "maandag 7 december 2026 (over 13 dagen)"
    assert shown(pages, "{{ day | due }}", day=date(2026, 11, 12)) == (
        "donderdag 12 november 2026 (12 dagen te laat)"
    )
    assert shown(pages, "{{ day | when }}", day=date(2026, 11, 12)) == (
        "donderdag 12 november 2026 (12 dagen geleden)"
    )


def test_working_days_are_told_where_a_calendar_is_known(pages: Flask) -> None:
    tell_calendar_with(pages, lambda: WorkingCalendar(frozenset({date(2026, 12, 4)})))
    assert shown(pages, "{{ day | distance }}", day=DAY) == "over 13 dagen, 8 werkdagen"
    assert shown(pages, "{{ day | lateness }}", day=date(2026, 11, 23)) == "1 dag te laat"


def test_an_instant_is_in_local_time(pages: Flask) -> None:
    at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert shown(pages, "{{ at | local_time }}", at=at) == "25 nov 2026, 00:30"
    assert shown(pages, "{{ at | iso_local }}", at=at) == "2026-11-25T00:30+01:00"


def test_the_working_days_are_those_of_the_customer(app: Flask, session: Session) -> None:
    customer = stage.a_customer(session)
    buyer = stage.a_user(session, customer)
    session.commit()
    actor = Actor(customer_id=customer.id, person_id=buyer.id, side=Side.BUYER)
    source = "{{ day | lateness }}"
    with app.test_request_context():
        g.actor = actor
        text = app.jinja_env.from_string(source).render(day=date(2026, 12, 28))
    assert text == "over 34 dagen, 23 werkdagen"  # Christmas Day fell on a Friday
