"""A pill for every code: word, tint and an icon that exists."""

import pytest
from flask import Flask

from onboarding.i18n.words import TABLES
from onboarding.web.presentation.badges import LOOKS, badge
from tests.web.elements import elements
from tests.web.sample_page import sample_app

CODES = [(kind, code) for kind in LOOKS for code in TABLES[kind]]


@pytest.fixture(scope="module")
def pages() -> Flask:
    return sample_app()


@pytest.mark.parametrize(("kind", "code"), CODES)
def test_every_code_has_a_pill(pages: Flask, kind: str, code: str) -> None:
    source = (
        f"{{% from 'macros/pills.html' import {kind}_pill %}}"
        "{% from 'macros/icons.html' import icon_symbols %}"
        f"{{{{ icon_symbols() }}}}{{{{ {kind}_pill('{code}') }}}}"
    )
    with pages.test_request_context():
        page = elements(pages.jinja_env.from_string(source).render())
        shown = badge(kind, code)
    pill = page.one("span", class_="pill")
    assert pill.text == shown.word != ""
    assert f"pill-{shown.tint}" in pill["class"].split()
    assert pill.one("svg")["aria-hidden"] == "true"
    assert page.one("symbol", id=pill.one("use")["href"].removeprefix("#"))


def test_words_begin_with_a_capital_on_a_pill(pages: Flask) -> None:
    with pages.test_request_context(headers={"Accept-Language": "nl"}):
        assert badge("step", "submitted").word == "Wij kijken ernaar"
        assert badge("step", "submitted", for_buyer=True).word == "Te beoordelen"


def test_no_two_statuses_look_and_read_alike(pages: Flask) -> None:
    with pages.test_request_context():
        badges = [badge("status", code) for code in TABLES["status"]]
    assert len(set(badges)) == len(badges)


def test_an_unknown_code_is_a_mistake_and_no_empty_pill(pages: Flask) -> None:
    with pages.test_request_context(), pytest.raises(KeyError):
        badge("status", "geschikt")
