"""Error pages: plain words, what to do, and an id that the log knows too."""

import logging
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from onboarding.domain.access import link_token
from onboarding.web.errors import TEXTS
from onboarding.web.layout import tell_visitor_with
from tests.web.elements import elements
from tests.web.sample_page import sample_app


@pytest.fixture
def pages() -> Flask:
    return sample_app(TESTING=False)


@pytest.fixture
def browser(pages: Flask) -> FlaskClient:
    return pages.test_client()


@pytest.mark.parametrize("code", sorted(set(TEXTS) - {500}))
def test_each_error_says_what_to_do_under_an_id(
    browser: FlaskClient, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    answer = browser.get(f"/refused/{code}")
    main = elements(answer.text).one("main")
    assert answer.status_code == code
    assert main.one("h1").text == str(TEXTS[code][0]) or main.one("h1").text
    error_id = re.search(r"\b[0-9a-f]{8}\b", main.text)
    assert error_id and error_id.group() in caplog.text


def test_our_own_mistake_is_logged_whole_and_shown_without_detail(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = browser.get("/broken")
    error_id = re.search(r"\b[0-9a-f]{8}\b", elements(answer.text).one("main").text)
    assert answer.status_code == 500
    assert "a mistake of ours" not in answer.text
    assert "Er ging iets mis bij ons" in answer.text
    record = next(r for r in caplog.records if error_id and error_id.group() in r.getMessage())
    assert record.exc_info and "a mistake of ours" in str(record.exc_info[1])


@pytest.mark.parametrize("address", ["/portal/enter/", "/password/", "/portal/enter/no/such/"])
def test_the_token_of_a_mailed_link_is_not_logged(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    """A form without our token is refused, and then the link still lets in."""
    caplog.set_level(logging.INFO)
    token = link_token("x" * 32, 17, datetime(2026, 11, 24, tzinfo=UTC))
    assert browser.post(address + token).status_code in (400, 404)
    assert address in caplog.text
    assert token not in caplog.text


def test_the_page_comes_out_when_nobody_can_say_who_looks(
    pages: Flask, browser: FlaskClient
) -> None:
    def no_database() -> None:
        raise RuntimeError("the database is away")

    tell_visitor_with(pages, no_database)
    answer = browser.get("/sample")
    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text
    lost = browser.get("/nowhere")
    assert lost.status_code == 404
    assert "the database" not in lost.text


def test_what_the_rules_refuse_says_why(browser: FlaskClient) -> None:
    answer = browser.get("/outdated")
    assert answer.status_code == 409
    assert "u zag versie 2, het is nu versie 3" in answer.text


def test_who_comes_second_is_led_back_to_what_was_looked_at(browser: FlaskClient) -> None:
    page = {"Referer": "http://localhost/milestones/3?x=1"}
    assert 'href="/milestones/3?x=1"' in browser.get("/outdated", headers=page).text
    elsewhere = browser.get("/outdated", headers={"Referer": "http://elsewhere.example/lure"})
    assert "lure" not in elsewhere.text


def test_what_does_not_exist_tells_nothing_about_itself(browser: FlaskClient) -> None:
    answer = browser.get("/hidden")
    assert answer.status_code == 404
    assert "secret" not in answer.text
    mains = [elements(browser.get(a).text).one("main").text for a in ("/hidden", "/nowhere")]
    assert len({re.sub(r"[0-9a-f]{8}", "", text) for text in mains}) == 1


def test_a_wrong_method_says_which_are_right(browser: FlaskClient) -> None:
    answer = browser.get("/language")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
