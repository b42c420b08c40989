"""A program with a token, and suppliers whose status it may ask."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.domain.tokens import Scope
from onboarding.services.feed.tokens import create_token
from onboarding.services.statuses import reassess
from onboarding.store.tables import OrganisationRow, RelationRow
from tests import stage
from tests.api.program import Program
from tests.settable_clock import SettableClock

MakeProgram = Callable[..., Program]


@pytest.fixture
def program_of(app: Flask, session: Session, clock: SettableClock) -> MakeProgram:
    """A program of a customer: `program_of(customer, Scope.SUPPLIERS_READ)`; all scopes else."""

    def made(customer: OrganisationRow, *scopes: Scope, ends_at: datetime | None = None) -> Program:
        token = create_token(
            session,
            stage.an_actor(customer, Role.ADMIN),
            clock.moment(),
            clock.real_now(),
            name="Inkoopsysteem",
            scopes=scopes or tuple(Scope),
            ends_at=ends_at or clock.real_now() + timedelta(days=30),
        )
        session.commit()
        return Program(app.test_client(), token)

    return made


@pytest.fixture
def program(program_of: MakeProgram, customer: OrganisationRow) -> Program:
    """May do everything that a token can allow, for `customer`."""
    return program_of(customer)


@pytest.fixture
def supplier(session: Session, relation: RelationRow, moment: Moment) -> RelationRow:
    """`relation` with its status stored: nothing is asked of it."""
    reassess(session, moment, [relation.id])
    session.commit()
    return relation
