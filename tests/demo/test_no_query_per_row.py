"""No page of the demo asks the database the same thing row by row."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from onboarding.store.database import db
from onboarding.store.tables import ContactRow, OrganisationRow, PersonRow, RelationRow
from tests import stage
from tests.demo.seeded import copy_of_the_demo, demo_app

pytestmark = pytest.mark.long

# What several parts of a page ask for themselves (the day's policy, the relation) stays below it.
MOST_TIMES = 5
OF_A_KIND = 2


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with demo_app(copy_of_the_demo(tmp_path_factory.mktemp("queries"))) as app:
        yield app


def logged_in(app: Flask, person: PersonRow, customer: OrganisationRow | None) -> FlaskClient:
    now = app.extensions["clock"].real_now()
    return stage.log_in(app.test_client(), db.session(), now, person, customer)


def asked_most(app: Flask, client: FlaskClient, starts: list[str]) -> dict[str, tuple[int, str]]:
    """From pages that links lead to: how often the most repeated statement of each was asked."""
    statements: list[str] = []

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", heard)
    found, kinds, queue = {}, Counter(map(kind, starts)), deque(starts)
    while queue:
        address = queue.popleft()
        statements.clear()
        answer = client.get(address)
        if statements:
            statement, times = Counter(statements).most_common(1)[0]
            found[address] = times, statement
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for href in re.findall(r'href="(/[^"#]*)', answer.text):
            led_to = unescape(href)
            if not led_to.startswith(("/static", "/demo")) and kinds[kind(led_to)] < OF_A_KIND:
                kinds[kind(led_to)] += 1
                queue.append(led_to)
    event.remove(engine, "before_cursor_execute", heard)
    return found


def kind(address: str) -> str:
    return re.sub(r"\d+", "N", address.partition("?")[0])


def test_of_a_manager(demo: Flask) -> None:
    with demo.app_context():
        session = db.session()
        person = session.scalars(select(PersonRow).where(PersonRow.email.like("marit@%"))).one()
        customer = session.scalars(select(OrganisationRow).where(OrganisationRow.is_customer)).one()
        client = logged_in(demo, person, customer)
        ids = session.scalars(select(RelationRow.id).order_by(RelationRow.id)).all()
    found = asked_most(demo, client, ["/", *(f"/suppliers/{one}" for one in ids)])
    assert len(found) > 100
    assert {a: most for a, most in found.items() if most[0] > MOST_TIMES} == {}


def test_of_suppliers(demo: Flask) -> None:
    with demo.app_context():
        session = db.session()
        people = session.scalars(
            select(PersonRow)
            .join(ContactRow, ContactRow.person_id == PersonRow.id)
            .where(ContactRow.retired_at.is_(None))
            .order_by(PersonRow.id)
            .distinct()
            .limit(12)
        ).all()
        clients = [logged_in(demo, person, None) for person in people]
    for client in clients:
        found = asked_most(demo, client, ["/portal"])
        assert {a: most for a, most in found.items() if most[0] > MOST_TIMES} == {}
