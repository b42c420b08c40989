"""What the demo tells when it is ready: addresses, log-ins, a link, a token, and the mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from onboarding.clock import Clock
from onboarding.demo.folder import DemoFolder
from onboarding.demo.seed.companies import BY_KEY, kvk_number
from onboarding.demo.seed.people import COLLEAGUES, PASSWORD
from onboarding.domain.access import LinkPurpose, link_path
from onboarding.domain.tokens import Scope
from onboarding.services.feed import tokens
from onboarding.services.links import Entry, make_link
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow, PersonRow, RelationRow

STORY = BY_KEY["delinde"]
LINK_LASTS = timedelta(days=1)


def lines(app: Flask, place: DemoFolder) -> Iterator[str]:
    """The lines, in an order and form that programs may rely on: a word, a colon, a value.

    The word Bearer stands nowhere but in the curl line.
    """
    url = app.config["PUBLIC_URL"]
    clock: Clock = app.extensions["clock"]
    with app.app_context():
        link, ends = _supplier_link(app)
        token = _token(app, place)
        today = clock.moment().today
    until = ends.astimezone(clock.zone)
    yield f"Address: {url}/"
    yield f"Date: {today.isoformat()} (the bar on every page jumps ahead)"
    shown = set()
    for colleague in COLLEAGUES:
        if colleague.role not in shown:
            shown.add(colleague.role)
            yield f"Log-in ({colleague.role}): {colleague.email} {PASSWORD}"
    yield f"Supplier: {url}{link} ({STORY.name}; until {until:%Y-%m-%d %H:%M})"
    yield f"Mail: {url}/demo/mail"
    yield (
        f"Program: curl -H 'Authorization: Bearer {token}' "
        f"{url}/api/v1/eligibility/{kvk_number(STORY)}"
    )
    yield "Stop with Ctrl-C."


def _supplier_link(app: Flask) -> tuple[str, datetime]:
    """A ready way in for the story's supplier, and until when it works: a day of real time."""
    now = app.extensions["clock"].real_now()
    entry = Entry(secret_key=app.config["SECRET_KEY"], now=now)
    with unit_of_work() as session:
        person_id = session.scalars(
            select(PersonRow.id).where(PersonRow.email == STORY.email)
        ).one()
        relation_id = session.scalars(
            select(RelationRow.id).where(RelationRow.kvk_number == kvk_number(STORY))
        ).one()
        _, token = make_link(
            session,
            entry,
            person_id,
            LinkPurpose.LOGIN,
            relation_id=relation_id,
            lasts=LINK_LASTS,
        )
    return link_path(LinkPurpose.LOGIN, token), now + LINK_LASTS


def _token(app: Flask, place: DemoFolder) -> str:
    """The demo's own token, the same at each start."""
    now = app.extensions["clock"].real_now()
    kept = place.kept("token")
    with unit_of_work() as session:
        if kept and tokens.find_program(session.connection(), now, kept):
            return kept
        customer_id = session.scalars(
            select(OrganisationRow.id).where(OrganisationRow.is_customer)
        ).one()
        token = tokens.create_token(
            session,
            tokens.operator(customer_id),
            app.extensions["clock"].moment(),
            now,
            name="Demo",
            scopes=list(Scope),
        )
    return place.keep("token", token)
