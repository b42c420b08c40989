"""Every error under /api is a problem that a program can read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, default_exceptions

from onboarding.api import eligibility
from onboarding.api.problems import KINDS, write
from onboarding.store.tables import RelationRow
from tests.api.program import API, Program, code


def test_a_problem_has_code_facts_and_words(program: Program) -> None:
    answer = program.get("/eligibility", limit="0")
    assert answer.json is not None
    told = dict(answer.json)
    assert told.pop("instance").startswith("urn:onboarding:error:")
    assert told == {
        "type": "urn:onboarding:problem:parameter-invalid",
        "title": "Een parameter kan niet",
        "status": 400,
        "detail": "Geef limit een getal van 1 tot en met 1000.",
        "code": "parameter-invalid",
        "facts": {"parameter": "limit", "reason": "out-of-range", "least": 1, "most": 1000},
    }
    english = program.get("/eligibility", {"Accept-Language": "en"}, limit="0")
    assert english.json is not None
    assert english.json["detail"] == "Give limit a number from 1 to 1000."
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_is_not_there(client: FlaskClient) -> None:
    for path in ("/api/", "/api/v2/eligibility", API + "/nowhere"):
        answer = client.get(path)
        assert (answer.status_code, code(answer)) == (404, "not-found")


def test_another_method(program: Program) -> None:
    for method in ("POST", "DELETE", "PATCH"):
        answer = program.ask(method, "/suppliers/02076358")
        assert (answer.status_code, code(answer)) == (405, "method-not-allowed")
        assert {"GET", "PUT"} <= {one.strip() for one in answer.headers["Allow"].split(",")}


@pytest.mark.parametrize("path", ["/eligibility", "/eligibility/{id}", "/suppliers/{id}"])
def test_another_form(program: Program, supplier: RelationRow, path: str) -> None:
    there = path.format(id=f"id-{supplier.id}")
    answer = program.get(there, {"Accept": "text/html, application/xml;q=0.9"})
    assert (answer.status_code, code(answer)) == (406, "not-acceptable")
    for accepted in ("*/*", "application/*", "text/html, application/json;q=0.5"):
        assert program.get(there, {"Accept": accepted}).status_code == 200


def test_a_mistake_of_ours(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(eligibility, "look_up_status", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = program.get("/eligibility/02076358")
    assert (answer.status_code, code(answer)) == (500, "internal-error")
    assert answer.json is not None
    assert "secret" not in answer.get_data(as_text=True)
    assert answer.json["instance"].rpartition(":")[2] in caplog.text


@pytest.mark.parametrize("status", sorted(default_exceptions))
def test_any_other_error_is_a_problem_too(app: Flask, status: int) -> None:
    with app.test_request_context(API + "/x"):
        error: HTTPException = default_exceptions[status]("why")
        answer = write(error, "1a2b3c4d")
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    kind = KINDS[answer.json["code"]]
    assert answer.status_code == answer.json["status"] == kind.status
    assert kind.status == status or kind.status in (400, 500)
    assert answer.json["detail"]


def test_no_session_is_needed(session: Session, client: FlaskClient) -> None:
    """A program without cookies gets none."""
    assert "Set-Cookie" not in client.get(API + "/eligibility").headers
