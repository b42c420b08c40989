"""An administrator lets programs in: the token is shown once, listed by its beginning, revoked."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.services.sessions import sha256
from onboarding.store.tables import ApiTokenRow, EventRow, PersonRow
from tests.settable_clock import SettableClock

FORM = {"name": "Coupa", "scopes": ["eligibility:read"], "ends_on": "2027-06-30"}


def made(client: FlaskClient) -> str:
    answer = client.post("/tokens/new", data=FORM)
    assert answer.status_code == 200
    found = re.search(r"<code>(onb_[\w-]+)</code>", answer.get_data(as_text=True))
    assert found
    return found[1]


def status(client: FlaskClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return client.get("/api/v1/eligibility", headers=headers).status_code


def test_a_token_is_shown_once_and_works(as_admin: FlaskClient, session: Session) -> None:
    token = made(as_admin)
    row = session.scalars(select(ApiTokenRow)).one()
    assert row.token_sha256 == sha256(token)
    assert row.scopes == ["eligibility:read"]
    assert row.ends_at.isoformat() == "2027-06-30T22:00:00+00:00"  # midnight in Amsterdam
    assert status(as_admin, token) == 200
    page = as_admin.get("/tokens").get_data(as_text=True)
    assert token not in page
    assert token[:12] in page
    assert "30 jun 2027" in page
    maker = session.get_one(PersonRow, row.created_by)
    assert f"door {maker.name}" in page
    event = session.scalars(select(EventRow)).one()
    assert event.code == "token-created"
    assert token not in str(event.facts)


def test_the_answer_is_not_kept_by_the_browser(as_admin: FlaskClient) -> None:
    assert as_admin.post("/tokens/new", data=FORM).headers["Cache-Control"] == "no-store"


def test_it_works_through_its_last_day(
    as_admin: FlaskClient, session: Session, clock: SettableClock
) -> None:
    token = made(as_admin)
    row = session.scalars(select(ApiTokenRow)).one()
    clock.set(row.ends_at.replace(hour=21, minute=59))
    assert status(as_admin, token) == 200
    clock.set(row.ends_at)
    assert status(as_admin, token) == 401


def test_a_revoked_token_works_no_more(as_admin: FlaskClient, session: Session) -> None:
    token = made(as_admin)
    token_id = session.scalars(select(ApiTokenRow.id)).one()
    answer = as_admin.post(f"/tokens/{token_id}/revoke")
    assert (answer.status_code, answer.location) == (303, "/tokens")
    assert status(as_admin, token) == 401
    assert "ingetrokken" in as_admin.get("/tokens").get_data(as_text=True)
    assert as_admin.post(f"/tokens/{token_id}/revoke").status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Vul dit in."),
        ({"scopes": []}, "Kies er één of meer."),
        ({"ends_on": ""}, "Vul een dag in."),
        ({"ends_on": "2026-11-22"}, "Kies dinsdag 24 november 2026 of later."),
        ({"ends_on": "2036-01-01"}, "of eerder."),
        ({"ends_on": "2999-12-31"}, "of eerder."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    as_admin: FlaskClient, session: Session, changed: dict[str, object], said: str
) -> None:
    answer = as_admin.post("/tokens/new", data={**FORM, **changed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    if "name" not in changed:
        assert 'value="Coupa"' in page
    assert session.scalars(select(ApiTokenRow)).first() is None


def test_nobody_has_access_yet(as_admin: FlaskClient) -> None:
    assert "Nog geen programma heeft toegang" in as_admin.get("/tokens").get_data(as_text=True)
