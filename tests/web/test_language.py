"""The language: the reader's choice, else the browser's, else Dutch."""

import pytest
from flask.testing import FlaskClient

from onboarding.web.language import remember_with
from tests.web.elements import elements
from tests.web.sample_page import sample_app


@pytest.fixture
def browser() -> FlaskClient:
    return sample_app(WTF_CSRF_ENABLED=False).test_client()


def language(browser: FlaskClient, accepted: str | None = None) -> str:
    headers = {"Accept-Language": accepted} if accepted else {}
    return elements(browser.get("/help", headers=headers).text).one("html")["lang"]


@pytest.mark.parametrize(
    ("accepted", "spoken"), [(None, "nl"), ("en-GB,en;q=0.8", "en"), ("fr", "nl"), ("nl-BE", "nl")]
)
def test_the_browser_is_followed(browser: FlaskClient, accepted: str, spoken: str) -> None:
    assert language(browser, accepted) == spoken


def test_a_choice_is_kept_and_the_same_page_shown_again(browser: FlaskClient) -> None:
    answer = browser.post("/language", data={"locale": "en", "next": "/sample?sort=name"})
    assert (answer.status_code, answer.location) == (303, "/sample?sort=name")
    assert language(browser, "nl") == "en"
    page = elements(browser.get("/help").text)
    pressed = page.one("button", name="locale", aria_pressed="true")
    assert pressed["value"] == "en"


def test_a_choice_can_be_kept_with_the_person() -> None:
    app = sample_app(WTF_CSRF_ENABLED=False)
    kept: list[str] = []
    remember_with(app, kept.append)
    app.test_client().post("/language", data={"locale": "en"})
    assert kept == ["en"]


def test_an_unknown_language_is_refused(browser: FlaskClient) -> None:
    assert browser.post("/language", data={"locale": "xx"}).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/x",
        "////evil.example/",
        "//evil.example/x",
        "/\\evil.example",
        "//[",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(browser: FlaskClient, elsewhere: str) -> None:
    answer = browser.post("/language", data={"locale": "nl", "next": elsewhere})
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "evil.example/x" not in answer.location
