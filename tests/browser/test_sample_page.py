"""Every macro in a real browser: axe finds nothing, nothing overflows, errors take focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.checks import overflow, served, violations
from tests.web.sample_page import sample_app

ADDRESSES = ["/sample?sort=name", "/help", "/accessibility", "/privacy", "/nowhere"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(sample_app()) as address:
        yield address


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("path", ADDRESSES)
def test_axe_finds_nothing_and_nothing_overflows(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert violations(page) == ""
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_with_errors_is_as_clean(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/sample")
    page.get_by_role("button", name="Opslaan").click()
    assert page.title().startswith("Fout: ")
    assert violations(page) == ""
    assert overflow(page) <= 0


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["script", "no-script"])
def test_the_summary_has_focus_and_its_links_lead_to_the_inputs(page: Page) -> None:
    page.goto("/sample")
    page.get_by_role("button", name="Opslaan").click()
    assert page.locator(".error-summary:focus").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#title:focus").count() == 1


def test_what_can_be_touched_is_large_enough(page: Page) -> None:
    """44 pixels for buttons, menu and inputs; links in running text are free."""
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/sample")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            '.btn, header a, header button, .form-control, .form-select, .form-check-label,' +
            '.chips a, footer a, thead a')]
          .filter(e => e.offsetParent && !e.closest('.cards thead'))
          .filter(e => !e.closest('details:not([open]) > div'))
          .filter(e => e.getBoundingClientRect().height < 43.5)
          .map(e => e.outerHTML)"""
    )
    assert small == []


def test_the_keyboard_reaches_the_content_past_the_menu(page: Page) -> None:
    page.goto("/sample")
    page.keyboard.press("Tab")
    assert page.locator(".skip-link:focus").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_second_tap_does_not_send_twice(page: Page) -> None:
    page.goto("/sample")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.evaluate(
        """() => { const b = [...document.querySelectorAll('button')]
                    .find(b => b.textContent === 'Opslaan'); b.click(); b.click(); }"""
    )
    page.wait_for_load_state("networkidle")
    assert sent.count("POST") == 1
