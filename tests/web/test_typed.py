"""Where somebody else was first, the words that were typed stand on the error page."""

import importlib
import logging
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.fields.core import UnboundField

import onboarding.web
from onboarding.clock import Moment
from onboarding.domain.moves import LONGEST_TEXT
from onboarding.services.pathway.amendments import propose_amendment, withdraw_amendment
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import PersonRow
from onboarding.web.typed import MOST, PROSE, what_was_typed
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.web.elements import elements

# Lists of numbers, and what a page of its own gives back.
NOT_PROSE = {"creditor_numbers", "kvk_numbers"}


def forms_of(kind: type = FlaskForm) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from forms_of(one)


def test_every_field_for_prose_has_a_name() -> None:
    for module in pkgutil.walk_packages(onboarding.web.__path__, "onboarding.web."):
        importlib.import_module(module.name)
    names = {
        name
        for form in forms_of()
        if form.__module__.startswith("onboarding.")
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, TextAreaField)
    }
    assert {"reason", "text", "note"} <= names
    assert names - NOT_PROSE - set(PROSE) == set()


@pytest.fixture
def gone(
    app: Flask, session: Session, moment: Moment, clock: SettableClock
) -> tuple[FlaskClient, str]:
    """A supplier, and where it would decline a change that was taken back just now."""
    scene = pathways.a_scene(session)
    row, _ = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    number = propose_amendment(session, scene.buyer, moment, row.id, steps=steps, reason="Bouwvak")
    withdraw_amendment(session, scene.buyer, moment, number, revision=1)
    session.commit()
    person = session.get_one(PersonRow, scene.signatory.person_id)
    client = stage.log_in(app.test_client(), session, clock.real_now(), person, None)
    return client, f"/portal/{scene.relation.id}/amendments/{number}/decline"


def test_it_stands_there_to_be_copied(
    gone: tuple[FlaskClient, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, address = gone
    words = "Dat past niet:\r\n<b>wij</b> zijn dicht & weg."
    answer = client.post(address, data={"reason": words, "password": "geheim", "csrf_token": "x"})
    main = elements(answer.text).one("main")
    assert answer.status_code == 409 and "Dit typte u" in main.text
    box = main.one("textarea")
    assert "readonly" in box.attributes
    assert main.one("label", **{"for": box["id"]}).text == "Reden"
    assert "&lt;b&gt;wij&lt;/b&gt; zijn dicht &amp; weg." in answer.text
    assert "<b>wij" not in answer.text and "geheim" not in answer.text
    assert "dicht" not in caplog.text


def test_nothing_typed_is_nothing_shown(gone: tuple[FlaskClient, str]) -> None:
    client, address = gone
    there = address.replace("/decline", "/withdraw")
    answer = client.post(there, data={"revision": "1", "note": " "})
    assert answer.status_code in (403, 409) and "Dit typte u" not in answer.text


def test_it_is_limited_and_only_prose(app: Flask) -> None:
    sent = {
        "reason": "x" * (LONGEST_TEXT + 1),
        "explanation-3": "Zo doen wij dat.",
        "password": "geheim",
        "token": "onb_1",
        "email": "a@example.nl",
        "due-3": "2027-01-01",
    }
    with app.test_request_context("/x", method="POST", data=sent):
        assert [one.text for one in what_was_typed()] == ["x" * LONGEST_TEXT, "Zo doen wij dat."]
    many = {f"explanation-{n}": "x" for n in range(MOST + 5)}
    with app.test_request_context("/x", method="POST", data=many):
        assert len(what_was_typed()) == MOST
    with app.test_request_context("/x?reason=y"):
        assert what_was_typed() == []
