"""A real Chromium, one per worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from config import Config
from onboarding.api.last_use import USES
from onboarding.api.told_grants import TOLD
from onboarding.app import create_app
from onboarding.cli import add_commands
from onboarding.store.database import db
from tests.browser.checks import served
from tests.browser.living import World
from tests.browsers import chromium
from tests.mail_server import MailServer
from tests.settable_clock import SettableClock

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


@pytest.fixture
def world(
    fresh_database_url: str, clock: SettableClock, mail_server: MailServer, tmp_path: Path
) -> Iterator[World]:
    """An installation as one sets it up: settings from the environment, then the commands."""
    environ = {
        "SECRET_KEY": "a secret of this story and of nothing else",
        "DATABASE_URL": fresh_database_url,
        "CUSTOMER_NAME": "Facilitair Bedrijf",
        "MAIL_SERVER": mail_server.hostname,
        "MAIL_PORT": str(mail_server.port),
        "EVIDENCE_URL": str(tmp_path / "evidence"),
    }
    app = create_app(Config.from_env(environ).flask_settings())
    app.extensions["clock"] = clock
    add_commands(app, lambda given: Config.from_env(given).flask_settings())
    with served(app) as address:
        app.config["PUBLIC_URL"] = address
        yield World(app, clock, mail_server, address)
    for name in (USES, TOLD):
        app.extensions[name].flush()  # or it writes at exit, when the database is gone
    with app.app_context():
        db.engine.dispose()
