"""Logging in with a password on the customer's side, and out again."""

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.services import passwords, throttling
from onboarding.store.tables import LoginSessionRow, MembershipRow, OrganisationRow, PersonRow
from tests import stage

PASSWORD = "vier witte paarden"

TOKEN = re.compile(r'name="csrf_token"[^>]*')  # tells the second it was made


@pytest.fixture(autouse=True)
def light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with little work."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64))
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def user(session: Session, customer: OrganisationRow) -> PersonRow:
    user = stage.a_user(session, customer, Role.BUYER, email="sam@klant.example")
    user.password_hash = passwords.hash_password(PASSWORD)
    session.commit()
    return user


def log_in(client: FlaskClient, password: str = PASSWORD, **fields: str):
    data = {"email": "sam@klant.example", "password": password, **fields}
    return client.post("/log-in", data=data)


def test_the_right_password_lets_in_and_back(client: FlaskClient, user: PersonRow) -> None:
    answer = client.post(
        "/log-in?next=/account",
        data={"email": " Sam@Klant.example", "password": PASSWORD},
    )
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "//evil.example", "/\\evil"])
def test_nobody_is_sent_elsewhere(client: FlaskClient, user: PersonRow, elsewhere: str) -> None:
    answer = client.post(
        "/log-in",
        query_string={"next": elsewhere},
        data={"email": user.email, "password": PASSWORD},
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\"))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, user: PersonRow
) -> None:
    wrong = log_in(client, "iets anders dan dat")
    unknown = log_in(client, email="niemand@klant.example")
    assert wrong.status_code == unknown.status_code == 422
    assert "horen niet bij elkaar" in wrong.text
    told, other = (TOKEN.sub("", answer.text) for answer in (wrong, unknown))
    assert told == other.replace("niemand@klant.example", "sam@klant.example")
    assert client.get("/account").status_code == 303


def test_an_unknown_address_costs_the_same_hashing(
    client: FlaskClient, user: PersonRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = []

    class Noting(PasswordHasher):
        def verify(self, hash, password):  # type: ignore[no-untyped-def]
            verified.append(hash)
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "hasher", Noting(time_cost=1, memory_cost=64))
    log_in(client, email="niemand@klant.example")
    log_in(client, "iets anders dan dat")
    parameters = [stored.rsplit("$", 2)[0] for stored in verified]
    assert len(parameters) == 2 and parameters[0] == parameters[1]


def test_a_supplier_has_no_password_to_log_in_with(
    client: FlaskClient, session: Session, user: PersonRow
) -> None:
    stage.a_person(session, email="lever@ancier.example")
    session.commit()
    assert log_in(client, "", email="lever@ancier.example").status_code == 422
    assert log_in(client, "None", email="lever@ancier.example").status_code == 422


def test_too_many_tries_are_stopped_also_with_the_right_password(
    client: FlaskClient, user: PersonRow, clock
) -> None:
    for _ in range(8):
        assert log_in(client, "iets anders dan dat").status_code == 422
    stopped = log_in(client)
    assert stopped.status_code == 429
    assert "Wacht 15 minuten" in stopped.text
    assert log_in(client, email="ander@klant.example").status_code == 422  # somebody else may try
    clock.forward(minutes=16)
    assert log_in(client).status_code == 303


def test_unknown_addresses_are_stopped_alike(client: FlaskClient, user: PersonRow) -> None:
    answers = [log_in(client, email="niemand@klant.example").status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


def test_one_client_that_tries_many_addresses_is_stopped(
    client: FlaskClient, user: PersonRow
) -> None:
    answers = [log_in(client, email=f"p{n}@klant.example").status_code for n in range(41)]
    assert answers == [422] * 40 + [429]


def test_a_client_does_not_escape_by_another_address_of_its_own_network(
    app: Flask, user: PersonRow
) -> None:
    def attempt(number: int, network: str) -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:0:{network}::{number:x}"
        return log_in(client, email=f"p{number}@klant.example").status_code

    answers = [attempt(number, "1") for number in range(41)]
    assert answers == [422] * 40 + [429]
    assert attempt(1, "2") == 422


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("", ""),
    ],
)
def test_a_client_is_counted_by_what_it_cannot_change(client: str, counted: str) -> None:
    assert throttling.network_of(client) == counted


def test_who_got_in_is_not_counted_as_failed(client: FlaskClient, user: PersonRow) -> None:
    for _ in range(12):
        assert log_in(client).status_code == 303
        client.post("/log-out")


def test_a_copied_cookie_is_worth_nothing_after_log_out(
    client: FlaskClient, user: PersonRow, session: Session
) -> None:
    log_in(client)
    copy = client.get_cookie("onboarding")
    assert copy is not None
    client.post("/log-out")
    client.set_cookie("onboarding", copy.value)
    assert client.get("/account").status_code == 303
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 0


def test_nothing_of_the_cookie_before_survives_the_log_in(
    client: FlaskClient, user: PersonRow
) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    log_in(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["locale"] == "nl"


def test_a_new_log_in_ends_the_one_before(
    client: FlaskClient, user: PersonRow, session: Session
) -> None:
    for _ in range(2):
        assert log_in(client).status_code == 303
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 1
    assert client.get("/account").status_code == 200


def test_the_hash_is_checked_outside_of_any_write(
    client: FlaskClient, user: PersonRow, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda *_: bool(seen.append("hash")) or True)
    event.listen(session, "after_commit", lambda _session: seen.append("commit"))
    log_in(client)
    assert seen[:2] == ["commit", "hash"]


@pytest.mark.parametrize("change", ["password", "role"])
def test_what_changes_while_the_hash_is_checked_counts(
    client: FlaskClient,
    user: PersonRow,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    """Changing a password ends all log-ins: one with the old password must not begin after it."""

    def meanwhile(*_: object) -> bool:
        if change == "password":
            user.password_hash = passwords.hash_password("een ander wachtwoord")
        else:
            row = session.scalars(select(MembershipRow)).one()
            row.ended_at = row.started_at
        session.commit()
        return True

    monkeypatch.setattr(passwords, "matches", meanwhile)
    assert log_in(client).status_code == 422
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 0


def test_a_weaker_hash_is_replaced(
    client: FlaskClient, user: PersonRow, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = user.password_hash
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=64))
    assert log_in(client).status_code == 303
    session.refresh(user)
    assert user.password_hash != before
    assert log_in(client).status_code == 303


def test_cookies_are_safe(client: FlaskClient, user: PersonRow) -> None:
    header = log_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header
