"""The buyer's pages about pathways in a real browser: accessible, and nothing overflows."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from onboarding.app import create_app
from onboarding.clock import Clock
from tests import databases
from tests.browser.checks import overflow, served, violations
from tests.browser.pathway_scenes import furnish

WIDTHS = (1280, 375)
NARROWEST = 320
PAGES = (
    "worklist",
    "begin",
    "edit",
    "check",
    "answer",
    "notice",
    "overview",
    "late-overview",
    "step",
    "own-step",
    "request",
    "question",
    "contact",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("pages")
    return create_app(databases.settings(databases.copy_sqlite(folder, "pages")))


@pytest.fixture(scope="module")
def scene(app: Flask) -> tuple[str, dict[str, str]]:
    clock: Clock = app.extensions["clock"]
    return furnish(app, clock.moment())


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def manager(
    browser: Browser,
    app: Flask,
    address: str,
    scene: tuple[str, dict[str, str]],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A manager's page; with `indirect=True` and False as its parameter, without script."""
    context = browser.new_context(
        base_url=address, locale="nl-NL", java_script_enabled=getattr(request, "param", True)
    )
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": scene[0], "locale": "nl"})
    context.add_cookies(
        [{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": address}]
    )
    yield context.new_page()
    context.close()


def test_every_page_is_there(scene: tuple[str, dict[str, str]]) -> None:
    assert set(scene[1]) == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(
    name: str, manager: Page, scene: tuple[str, dict[str, str]]
) -> None:
    wrong = []
    for width in WIDTHS:
        manager.set_viewport_size({"width": width, "height": 900})
        answer = manager.goto(scene[1][name])
        assert answer is not None
        assert answer.status == 200
        if found := violations(manager):
            wrong.append(f"{width}: {found}")
    manager.set_viewport_size({"width": NARROWEST, "height": 900})
    if overflow(manager) > 0:
        wrong.append(f"{overflow(manager)} px too wide")
    assert wrong == []


@pytest.mark.parametrize("manager", [False], indirect=True)
def test_a_step_is_moved_up_without_script(
    manager: Page, scene: tuple[str, dict[str, str]]
) -> None:
    manager.goto(scene[1]["edit"])
    second = manager.input_value("#title-1")
    manager.get_by_role("button", name="Zet stap 2 hoger").click()
    assert manager.input_value("#title-0") == second


def test_an_agreement_is_changed(manager: Page, scene: tuple[str, dict[str, str]]) -> None:
    manager.goto(scene[1]["overview"])
    manager.get_by_role("link", name="Afspraak wijzigen").click()
    manager.fill("#weeks", "2")
    manager.get_by_role("button", name="Verschuif alle data").click()
    manager.get_by_role("button", name="Verwijder stap 3").click()
    manager.get_by_role("button", name="Oud en nieuw vergelijken").last.click()
    wrong = []
    for width in (*WIDTHS, NARROWEST):
        manager.set_viewport_size({"width": width, "height": 900})
        if overflow(manager) > 0:
            wrong.append(f"{width}: {overflow(manager)} px too wide")
        if width > NARROWEST and (found := violations(manager)):
            wrong.append(f"{width}: {found}")
    assert wrong == []
    manager.get_by_role("button", name="Terug naar de stappen").click()
    manager.get_by_role("button", name="Oud en nieuw vergelijken").last.click()
    manager.fill("#reason", "Twee weken later past beter")
    manager.get_by_role("button", name="Stel voor aan de leverancier").click()
    assert "Twee weken later past beter" in manager.inner_text("#pathway")
    manager.get_by_role("link", name="Bekijk de wijziging").click()
    assert "Wacht op de leverancier sinds" in manager.inner_text(".page-head")
