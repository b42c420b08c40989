"""Who sends no cookie gets an empty session, for which no key is derived."""

from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface


def test_no_key_is_derived_for_who_sends_no_cookie(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[Flask] = []
    really = SecureCookieSessionInterface.get_signing_serializer

    def noting(self: SecureCookieSessionInterface, app: Flask) -> Any:
        derived.append(app)
        return really(self, app)

    monkeypatch.setattr(SecureCookieSessionInterface, "get_signing_serializer", noting)
    client = app.test_client()
    assert client.get("/api/v1/eligibility/id-1").status_code == 401
    assert not derived


def test_a_choice_is_kept_in_the_cookie(app: Flask) -> None:
    client = app.test_client()
    client.post("/language", data={"locale": "en"})
    with client.session_transaction() as visit:
        assert visit["locale"] == "en"
    assert b'lang="en"' in client.get("/log-in").data
