"""A real Chromium, one per worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A Dutch reader's page at `address`, a fixture of the test module.

    Fails its test on anything the browser complains about: a refused style, a script error.
    With `indirect=True` and False as its parameter, JavaScript is off.
    """
    with_script = getattr(request, "param", True)
    context = browser.new_context(base_url=address, locale="nl-NL", java_script_enabled=with_script)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not [text for text in complaints if "404 (NOT FOUND)" not in text]
