"""An administrator has changes sent to an address, and sees what arrives there."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.jobs import runs
from onboarding.services.statuses import reassess
from onboarding.store.tables import (
    EventRow,
    OrganisationRow,
    PersonRow,
    RelationRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from tests import stage
from tests.settable_clock import SettableClock
from tests.web.elements import elements

FORM = {"url": "https://erp.facilitair.example/webhooks", "kinds": ["eligibility.changed"]}


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def endpoint(session: Session, customer: OrganisationRow) -> WebhookEndpointRow:
    row = stage.a_webhook(session, customer.id)
    session.commit()
    return row


def delivery(session: Session, endpoint: WebhookEndpointRow, **fields: object) -> int:
    row = WebhookDeliveryRow(
        **{
            "endpoint_id": endpoint.id,
            "message_id": "evt-1-7",
            "kind": "eligibility.changed",
            "state": "dead",
            "owed_at": stage.BEFORE,
            "next_at": stage.BEFORE,
            "attempts": 12,
            "tried_at": stage.BEFORE,
            "last_status": 503,
            "last_error": "status",
            **fields,
        }
    )
    session.add(row)
    session.commit()
    return row.id


def test_the_secret_is_shown_once_and_stored_nowhere(
    as_admin: FlaskClient, session: Session
) -> None:
    answer = as_admin.post("/webhooks/new", data=FORM)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = set(re.findall(r"whsec_[\w+/=]+", answer.get_data(as_text=True)))
    row = session.scalars(select(WebhookEndpointRow)).one()
    assert (row.url, row.kinds) == (FORM["url"], FORM["kinds"])
    assert row.salt not in secret
    for page in ("/webhooks", f"/webhooks/{row.id}", f"/webhooks/{row.id}/change"):
        assert FORM["url"] in text(as_admin, page)
        assert "whsec_" not in text(as_admin, page)
    event = session.scalars(select(EventRow)).one()
    assert event.code == "webhook-added"
    assert "whsec_" not in str(event.facts)


def test_a_new_secret_is_another_one(as_admin: FlaskClient, session: Session) -> None:
    first = as_admin.post("/webhooks/new", data=FORM).get_data(as_text=True)
    row = session.scalars(select(WebhookEndpointRow)).one()
    second = as_admin.post(f"/webhooks/{row.id}/renew-secret").get_data(as_text=True)
    found = [re.findall(r"whsec_[\w+/=]+", page)[0] for page in (first, second)]
    assert found[0] != found[1]
    assert "24 uur" in second
    assert "tekent mee tot" in text(as_admin, f"/webhooks/{row.id}")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": ""}, "Vul dit in."),
        ({"url": "http://erp.example/"}, "moet beginnen met https://"),
        ({"url": "https://user:x@erp.example/"}, "kunnen wij niet sturen"),
        ({"url": "https://127.0.0.1/"}, "binnen een netwerk"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "binnen een netwerk"),
        ({"kinds": []}, "Kies er één of meer."),
        ({"kinds": ["other"]}, "field-error"),
    ],
)
def test_what_cannot_be_sent_to(
    as_admin: FlaskClient, session: Session, changed: dict[str, object], said: str
) -> None:
    answer = as_admin.post("/webhooks/new", data={**FORM, **changed})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert session.scalars(select(WebhookEndpointRow)).all() == []


def test_where_the_operator_allows_the_own_network(
    as_admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(as_admin.application.config, "WEBHOOKS_INSIDE", True)
    answer = as_admin.post("/webhooks/new", data={**FORM, "url": "http://10.0.0.8:8080/"})
    assert answer.status_code == 200


def test_changed(as_admin: FlaskClient, session: Session, endpoint: WebhookEndpointRow) -> None:
    new = {**FORM, "url": "https://elsewhere.example/"}
    answer = as_admin.post(f"/webhooks/{endpoint.id}/change", data=new)
    assert (answer.status_code, answer.location) == (303, f"/webhooks/{endpoint.id}")
    assert "https://elsewhere.example/" in text(as_admin, "/webhooks")
    assert as_admin.post(f"/webhooks/{endpoint.id}/change", data={}).status_code == 422


def test_off_and_on(as_admin: FlaskClient, session: Session, endpoint: WebhookEndpointRow) -> None:
    assert as_admin.post(f"/webhooks/{endpoint.id}/disable").status_code == 303
    assert "Uitgezet sinds" in text(as_admin, f"/webhooks/{endpoint.id}")
    for refused in ("disable", "test"):
        assert as_admin.post(f"/webhooks/{endpoint.id}/{refused}").status_code == 409
    assert as_admin.post(f"/webhooks/{endpoint.id}/enable").status_code == 303
    assert "Uitgezet sinds" not in text(as_admin, f"/webhooks/{endpoint.id}")
    assert as_admin.post(f"/webhooks/{endpoint.id}/enable").status_code == 409


def test_the_test_button(
    as_admin: FlaskClient, session: Session, endpoint: WebhookEndpointRow
) -> None:
    assert as_admin.post(f"/webhooks/{endpoint.id}/test").status_code == 303
    row = session.scalars(select(WebhookDeliveryRow)).one()
    assert (row.kind, row.state) == ("webhook.test", "waiting")
    assert row.message_id in text(as_admin, f"/webhooks/{endpoint.id}")


def test_the_log_tells_what_came_of_it(
    as_admin: FlaskClient, session: Session, endpoint: WebhookEndpointRow
) -> None:
    number = delivery(session, endpoint)
    page = text(as_admin, f"/webhooks/{endpoint.id}")
    for said in ("evt-1-7", "opgegeven", "12", "503", "nam het niet aan"):
        assert said in page
    answer = as_admin.post(f"/webhooks/{endpoint.id}/deliveries/{number}/again")
    assert answer.status_code == 303
    row = session.scalars(select(WebhookDeliveryRow)).one()
    assert (row.state, row.attempts) == ("waiting", 0)


def test_all_since_a_day(
    app: Flask,
    log_in_as: Callable[[PersonRow], FlaskClient],
    session: Session,
    customer: OrganisationRow,
    relation: RelationRow,
    endpoint: WebhookEndpointRow,
    clock: SettableClock,
) -> None:
    for _ in range(2):
        relation = session.get_one(RelationRow, relation.id)
        relation.enrolled_on = None if relation.enrolled_on else clock.moment().today
        reassess(session, clock.moment(), [relation.id])
        session.commit()
        runs.announce(app)
        clock.forward(days=1)
    row = session.scalars(select(WebhookDeliveryRow).order_by(WebhookDeliveryRow.id)).first()
    assert row is not None
    row.state, row.attempts = "delivered", 1
    session.commit()
    as_admin = log_in_as(stage.a_user(session, customer, Role.ADMIN))
    answer = as_admin.post(f"/webhooks/{endpoint.id}/again", data={"since_on": "2026-11-24"})
    assert answer.status_code == 303
    session.expire_all()
    rows = session.scalars(select(WebhookDeliveryRow)).all()
    assert [(one.state, one.attempts) for one in rows] == [("waiting", 0)] * 2
    for one in rows:
        one.state = "delivered"
    session.commit()
    as_admin.post(f"/webhooks/{endpoint.id}/again", data={"since_on": "2026-11-25"})
    states = session.scalars(
        select(WebhookDeliveryRow.state).order_by(WebhookDeliveryRow.announcement_id)
    )
    assert list(states) == ["delivered", "waiting"]
    assert as_admin.post(f"/webhooks/{endpoint.id}/again", data={}).status_code == 422


def test_a_delivery_of_another_endpoint(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow, endpoint: WebhookEndpointRow
) -> None:
    number = delivery(session, stage.a_webhook(session, customer.id))
    answer = as_admin.post(f"/webhooks/{endpoint.id}/deliveries/{number}/again")
    assert answer.status_code == 404


def test_endpoints_of_another_customer_are_not_there(
    as_admin: FlaskClient, session: Session
) -> None:
    other = stage.a_webhook(session, stage.a_customer(session, "Ander").id, url="https://o.example")
    session.commit()
    assert "o.example" not in text(as_admin, "/webhooks")
    assert as_admin.get(f"/webhooks/{other.id}").status_code == 404


def test_there_are_so_many_and_no_more(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    for _ in range(20):
        stage.a_webhook(session, customer.id)
    session.commit()
    answer = as_admin.post("/webhooks/new", data=FORM)
    assert answer.status_code == 422
    assert "Er zijn al 20 adressen" in answer.get_data(as_text=True)


def test_the_menu_shows_that_they_belong_to_the_programs(
    as_admin: FlaskClient, endpoint: WebhookEndpointRow
) -> None:
    for address in ("/tokens", "/webhooks", "/webhooks/new", f"/webhooks/{endpoint.id}"):
        menu = elements(as_admin.get(address).text)
        current = [one for one in menu.all("a") if one.attributes.get("aria-current") == "page"]
        assert [one["href"] for one in current if one.text == "Programma's"] == ["/tokens"], address
