"""An application whose mail goes to the test's own SMTP server, and what it received."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.jobs import runs
from onboarding.jobs.deliver import Delivered
from tests.conftest import SettableClock
from tests.jobs.inbox_stage import Post, a_maildir
from tests.mail_server import MailServer


@pytest.fixture
def deliver(
    app: Flask, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Delivered]:
    """Runs the delivery once, on the session of the test."""
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    return lambda: runs.deliver(app)


@pytest.fixture
def received(mail_server: MailServer) -> Callable[[], list[EmailMessage]]:
    """The mails that the server took, parsed."""

    def parse() -> list[EmailMessage]:
        return [
            message_from_bytes(one.content, policy=policy.default)  # type: ignore[misc]
            for one in mail_server.messages
        ]

    return parse


@pytest.fixture
def post(
    app: Flask,
    session: Session,
    clock: SettableClock,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Post:
    post = Post(app, session, clock, mail_server, a_maildir(tmp_path / "post"))
    post.set_up(monkeypatch)
    return post


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()
