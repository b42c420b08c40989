"""The mails that the demo caught: one file each, kept between runs, newest first.

The name of a file is the day and time that the mail itself gives, and a number; so the names sort
by the demo's date, also while the time machine lives through a month in seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parseaddr
from itertools import count
from pathlib import Path
from threading import Lock

SUFFIX = ".eml"
NAME = re.compile(r"\d{8}T\d{6}-\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What a list shows of one mail. `key` names it in addresses; `at` is by the demo's date."""

    key: str
    recipient: str
    recipient_name: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One mail with its parts; `html` is what the sender wrote, not to be trusted."""

    caught: Caught
    sender: str
    reply_to: str
    text: str
    html: str
    source: str


class CaughtMail:
    """The folder of caught mails; files never change, so what was read once is remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Caught] = {}
        self._lock = Lock()

    def add(self, content: bytes) -> str:
        """Keep a mail; returns its key."""
        mail = _parsed(content)
        stem = f"{_at(mail):%Y%m%dT%H%M%S}"
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            for number in count(1):
                key = f"{stem}-{number}"
                try:
                    with (self._folder / f"{key}{SUFFIX}").open("xb") as file:
                        file.write(content)
                except FileExistsError:
                    continue
                return key
        raise AssertionError("count does not end")

    def sent_to(self, recipient: str = "") -> list[Caught]:
        """The newest first; with `recipient`, those to addresses or names that contain it."""
        wanted = recipient.strip().casefold()
        return [
            one
            for one in self._all()
            if wanted in one.recipient.casefold() or wanted in one.recipient_name.casefold()
        ]

    def __len__(self) -> int:
        return sum(1 for _ in self._keys())

    def open(self, key: str) -> Opened | None:
        """One mail in full; None where there is no such mail."""
        if not NAME.fullmatch(key):
            return None
        file = self._folder / f"{key}{SUFFIX}"
        if not file.is_file():
            return None
        content = file.read_bytes()
        mail = _parsed(content)
        return Opened(
            caught=_caught(key, mail),
            sender=str(mail.get("From", "")),
            reply_to=str(mail.get("Reply-To", "")),
            text=_part(mail, "plain"),
            html=_part(mail, "html"),
            source=content.decode("utf-8", errors="replace"),
        )

    def _keys(self) -> Iterator[str]:
        if self._folder.is_dir():
            yield from (file.stem for file in self._folder.glob(f"*{SUFFIX}"))

    def _all(self) -> list[Caught]:
        keys = sorted(self._keys(), key=_in_order, reverse=True)
        for key in keys:
            if key not in self._known:
                content = (self._folder / f"{key}{SUFFIX}").read_bytes()
                self._known[key] = _caught(key, _parsed(content, headers_only=True))
        return [self._known[key] for key in keys]


def _in_order(key: str) -> tuple[str, int]:
    when, _, number = key.partition("-")
    return when, int(number or 0)


def _parsed(content: bytes, *, headers_only: bool = False) -> EmailMessage:
    if headers_only:
        content = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0] + b"\r\n\r\n"
    mail = message_from_bytes(content, policy=modern)
    assert isinstance(mail, EmailMessage)
    return mail


def _caught(key: str, mail: EmailMessage) -> Caught:
    name, address = parseaddr(str(mail.get("To", "")))
    return Caught(
        key=key,
        recipient=address,
        recipient_name=name,
        subject=str(mail.get("Subject", "")),
        at=_at(mail),
    )


def _at(mail: EmailMessage) -> datetime:
    """The instant that the mail gives; one without a date was made by no one of ours."""
    told: datetime | None = getattr(mail.get("Date"), "datetime", None)
    if told is None:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
