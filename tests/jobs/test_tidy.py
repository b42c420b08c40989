"""What is over is forgotten: log-ins, links, tries, and files that nobody explained."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose
from onboarding.domain.people import Role, Side
from onboarding.jobs.runs import tidy
from onboarding.services.links import Entry, make_link
from onboarding.services.sessions import open_session
from onboarding.services.throttling import note_try
from onboarding.store.tables import LoginAttemptRow, LoginLinkRow, LoginSessionRow, OrganisationRow
from tests import stage

SECRET = "a secret of at least thirty-two characters"


def counts(session: Session) -> list[int | None]:
    tables = (LoginSessionRow, LoginLinkRow, LoginAttemptRow)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_only_what_is_over_goes(
    app: Flask, session: Session, customer: OrganisationRow, clock
) -> None:
    person = stage.a_user(session, customer, Role.BUYER)
    now = clock.real_now()
    open_session(session, now, person.id, Side.BUYER, customer.id)
    make_link(session, Entry(secret_key=SECRET, now=now), person.id, LinkPurpose.LOGIN)
    note_try(session, now, SECRET, "password", "a@b.example", "192.0.2.1")
    session.commit()
    tidy(app)
    assert counts(session) == [1, 1, 2]
    clock.forward(hours=13)
    tidy(app)
    assert counts(session) == [0, 1, 2]
    clock.forward(hours=24)
    tidy(app)
    assert counts(session) == [0, 0, 0]
