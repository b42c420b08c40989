"""A real installation that lives: pages, mail, the worker's rounds, programs, and who visits."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import select

from onboarding.jobs import runs
from onboarding.store.database import db
from onboarding.store.tables import MailRow, MessageRow
from tests.mail_server import MailServer
from tests.settable_clock import SettableClock

LINK = re.compile(r"https?://\S+")


@dataclass
class World:
    """The installation at `address`; `told` is what programs last read of each day."""

    app: Flask
    clock: SettableClock
    mail_server: MailServer
    address: str
    token: str = ""
    told: dict[date, dict[str, Any]] = field(default_factory=dict)

    # --- time passes ---

    def live_until(self, last: date, hour: int = 9) -> None:
        """Every day up to and including `last`, with what the worker does each of them."""
        day = self.clock.moment().today
        while day < last:
            day += timedelta(days=1)
            self.clock.set(datetime.combine(day, time(hour), self.clock.zone))
            runs.sweep(self.app)
            self.post()
        runs.tidy(self.app)

    def post(self) -> None:
        """What the worker does within a minute."""
        assert runs.deliver(self.app).trouble == ""

    # --- mail, as the SMTP server took it ---

    def mailed(self, kind: str, to: str, since: date | None = None) -> list[EmailMessage]:
        """The mails to this address that say `kind`, also among other things."""
        with self.app.app_context():
            asked = (
                select(MailRow.message_id, MailRow.sent_at)
                .join(MessageRow, MessageRow.mail_id == MailRow.id)
                .where(MessageRow.kind == kind, MailRow.recipient == to)
                .distinct()
            )
            found = db.session.execute(asked).all()
            db.session.rollback()
        known = {
            message_id
            for message_id, sent_at in found
            if sent_at and (since is None or self.clock.moment_at(sent_at).today >= since)
        }
        received = [
            message_from_bytes(one.content, policy=policy.default)
            for one in self.mail_server.messages
            if one.recipients == [to]
        ]
        return [mail for mail in received if mail["Message-ID"] in known]  # type: ignore[misc]

    def link(self, kind: str, to: str) -> str:
        """Where the button of the last such mail leads."""
        body = self.mailed(kind, to)[-1].get_body(("plain",))
        assert body is not None
        return next(url for url in LINK.findall(body.get_content()) if url.startswith(self.address))

    # --- what programs read ---

    def read(self, kvk_number: str, on: date | None = None) -> dict[str, Any]:
        return self._get(f"eligibility/{kvk_number}" + (f"?on={on}" if on else ""))

    def events(self) -> list[dict[str, Any]]:
        """All that the feed tells, in its order."""
        told: list[dict[str, Any]] = self._get("events?limit=1000")["items"]
        return told

    def _get(self, path: str) -> dict[str, Any]:
        url = f"{self.address}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


@dataclass
class Visitor:
    """Somebody with a browser, who logs in where the page asks for it."""

    world: World
    page: Page
    email: str
    password: str = ""

    def open(self, path: str) -> None:
        self.page.goto(path)
        if "/log-in" not in self.page.url:
            return
        if self.password:
            self.send(email=self.email, password=self.password)
            return
        self.send(email=self.email)
        self.world.post()
        self.enter(self.world.link("login-link", self.email))

    def enter(self, link: str) -> None:
        """A mailed link: opening it shows a button, pressing that spends it."""
        self.page.goto(link)
        self.send()

    def send(self, action: str = "", button: str = "", **fields: Any) -> None:
        """Fill in the form that goes to `action`, send it, and meet no mistake."""
        form = self.page.locator(f'main form[action="{action}"]')
        assert form.count() == 1, (self.page.url, self.page.inner_text("main"))
        self.open_around(form)
        for name, value in fields.items():
            self.open_around(form.locator(f'[name="{name}"]').first)
            self.fill(form, name, value)
        # Without a name it is the one that Enter presses.
        answer = self.press(form.locator(button or "button[type=submit]").first)
        assert answer.ok, (self.page.url, self.page.inner_text("main"))
        mistakes = self.page.locator(".error-summary")
        assert mistakes.count() == 0, mistakes.inner_text()

    def press(self, target: Locator) -> Any:
        """Press what leads to another page; returns the answer."""
        with self.page.expect_navigation() as navigation:
            target.click()
        return navigation.value

    def open_around(self, part: Locator) -> None:
        for summary in part.locator("xpath=ancestor::details[not(@open)]/summary").all():
            self.unfold(summary)

    def unfold(self, summary: Locator) -> None:
        summary.click()

    def fill(self, form: Locator, name: str, value: Any) -> None:
        inputs = form.locator(f'[name="{name}"]')
        match inputs.first.evaluate("one => one.type"):
            case "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            case "checkbox":
                inputs.set_checked(bool(value))
            case "file":
                inputs.set_input_files(value)
            case "select-one":
                inputs.select_option(value)
            case _:
                inputs.fill(str(value))

    def follow(self, path: str) -> None:
        """Press what leads to `path`: a link that is not there is a mistake."""
        assert self.press(self.page.locator(f'main a[href^="{path}"]').first).ok

    def downloads(self, name: str) -> bytes:
        """What the browser keeps of the file that the page names."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name, exact=True).first.click()
        return Path(download.value.path()).read_bytes()

    def section(self, id: str) -> str:
        """The text of a part of the page; empty where it is not there."""
        part = self.page.locator(f"#{id}")
        return part.inner_text() if part.count() else ""


def a_file(name: str, content: bytes, kind: str = "application/pdf") -> Mapping[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def command(app: Flask, *arguments: str) -> str:
    """The last word that a command prints."""
    told = app.test_cli_runner().invoke(args=arguments)
    assert told.exit_code == 0, told.output
    return told.output.split()[-1]


@contextmanager
def visitors(
    browser: Browser, world: World, *, with_script: bool = True, kind: type[Visitor] = Visitor
) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors, each in a browser of their own; none of them may meet an error."""
    complaints: list[str] = []
    contexts = []

    def visitor(email: str, password: str = "", width: int = 1280) -> Visitor:
        context = browser.new_context(
            base_url=world.address,
            locale="nl-NL",
            java_script_enabled=with_script,
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return kind(world, page, email, password)

    yield visitor
    for context in contexts:
        context.close()
    wrong = [text for text in complaints if "410 (GONE)" not in text]  # a spent link
    assert not wrong, wrong
