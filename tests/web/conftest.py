"""What tests of pages share: getting in as somebody, on their own side."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.domain.people import Actor, Side
from onboarding.store.tables import OrganisationRow, PersonRow
from tests import stage
from tests.settable_clock import SettableClock

Enter = Callable[[Actor], FlaskClient]


@pytest.fixture
def enter(app: Flask, session: Session, clock: SettableClock) -> Enter:
    """Log an actor in; gives the browser."""

    def do(actor: Actor) -> FlaskClient:
        person = session.get_one(PersonRow, actor.person_id)
        is_user = actor.side is Side.BUYER
        place = session.get_one(OrganisationRow, actor.customer_id) if is_user else None
        return stage.log_in(app.test_client(), session, clock.real_now(), person, place)

    return do
