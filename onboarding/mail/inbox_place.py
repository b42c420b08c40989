"""Where mail that comes in is read: a mailbox on an IMAP server, or a Maildir of this machine."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from onboarding.mail.verp import PLACE

TOKEN = 40  # characters of what takes the place of `{}`
LONGEST_NAME = 64  # characters before the @, by RFC 5321


class PlaceInvalid(Exception):
    """The setting cannot work; the message says why, without the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapPlace:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaildirPlace:
    path: Path


Place = ImapPlace | MaildirPlace


def place_of(url: str) -> Place:
    """`imaps://user:password@host:993/INBOX` or `maildir:/var/mail/…`. Raises PlaceInvalid."""
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        if not parts.path.startswith("/") or parts.netloc:
            raise PlaceInvalid("a Maildir is a whole path, such as maildir:/var/mail/onboarding.")
        return MaildirPlace(path=Path(parts.path))
    if parts.scheme != "imaps":
        raise PlaceInvalid("it begins with imaps:// or maildir:; IMAP without TLS is not used.")
    try:
        port = parts.port or 993
    except ValueError:
        raise PlaceInvalid("its port is not a number from 1 to 65535.") from None
    if not parts.hostname:
        raise PlaceInvalid("it names no server: imaps://user:password@host:993/INBOX.")
    if not parts.username or not parts.password:
        raise PlaceInvalid(
            "it needs a user and a password: imaps://user:password@host:993/INBOX, with %40 for an "
            "@ in either."
        )
    mailbox = unquote(parts.path.lstrip("/")) or "INBOX"
    user, password = unquote(parts.username), unquote(parts.password)
    if not (mailbox + user + password).isprintable():
        raise PlaceInvalid("a user, password or mailbox has no line breaks.")
    return ImapPlace(host=parts.hostname, port=port, user=user, password=password, mailbox=mailbox)


def check_address(address: str) -> None:
    """`post+{}@example.nl`, or without `{}`. Raises PlaceInvalid."""
    name, _, domain = address.replace(PLACE, "").partition("@")
    is_plain = (name + domain).isascii() and not any(sign in address for sign in ' <>,;"\\\t')
    if not (is_plain and (name or PLACE in address) and "." in domain and "@" not in domain):
        raise PlaceInvalid("it is not an e-mail address, such as post+{}@example.nl.")
    if address.count(PLACE) > 1 or PLACE in address.partition("@")[2]:
        raise PlaceInvalid("{} stands once, before the @.")
    if "{" in name + domain or "}" in name + domain:
        raise PlaceInvalid("{} stands for the number of a mail, and nothing stands in it.")
    if PLACE in address and len(name) + TOKEN > LONGEST_NAME:
        raise PlaceInvalid(
            f"before the @ at most {LONGEST_NAME - TOKEN} characters can stand beside {{}}."
        )
