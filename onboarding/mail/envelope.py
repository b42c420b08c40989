"""A rendered message with its headers, as the bytes that travel and are kept."""

import hashlib
import hmac
import re
from base64 import encodebytes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import urlsplit

from onboarding.mail.rendering import render
from onboarding.mail.values import Colleague, Message

WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]{1,900}", re.ASCII)  # no space, no angle bracket


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Between whom: `sender` is the installation's address, shown under the customer's name."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    reply_to: Colleague | None
    message_id: str
    at: datetime
    answers_to: str | None = None  # an address of the tool itself, beside the colleague's
    unsubscribe_url: str | None = None  # a POST to it, by a mail program, ends the reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels along; `media_type` such as `application/pdf`, `parameters` its own."""

    file_name: str
    media_type: str
    content: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


def message_id(key: str, public_url: str, secret_key: str) -> str:
    """The same for the same ledger key, so that a copy is known as one; tells nothing of it.

    Who did not get the mail cannot work it out, and so cannot claim that it came back.
    """
    host = urlsplit(public_url).hostname or "localhost"
    made = hmac.new(secret_key.encode(), b"onboarding message-id " + key.encode(), hashlib.sha256)
    return f"<{made.hexdigest()[:32]}@{host}>"


def to_bytes(message: Message, envelope: Envelope, attachments: Sequence[Attachment] = ()) -> bytes:
    """The whole mail: text and HTML as alternatives. Raises ValueError for a header in a value."""
    rendered = render(message)
    # Encoded words are short by rule; a header that needs none is better not folded at all.
    is_ascii = (message.subject + envelope.sender_name + envelope.recipient_name).isascii()
    mail = EmailMessage(policy=SMTP.clone(max_line_length=250 if is_ascii else 78))
    mail["From"] = _address(envelope.sender_name, envelope.sender)
    mail["To"] = _address(envelope.recipient_name, envelope.recipient)
    answers = []
    if envelope.reply_to is not None and envelope.reply_to.email:
        answers.append(_address(envelope.reply_to.name, envelope.reply_to.email))
    if envelope.answers_to is not None:
        answers.append(_address(envelope.sender_name, envelope.answers_to))
    if answers:
        mail["Reply-To"] = answers
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe_url is not None:
        # RFC 2369 and RFC 8058.
        mail["List-Unsubscribe"] = _Unfolded("List-Unsubscribe", envelope.unsubscribe_url)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.locale
    for one in attachments:
        kind, _, subtype = one.media_type.partition("/")
        more = dict(one.parameters)
        mail.add_attachment(one.content, kind, subtype, filename=one.file_name, params=more)
    for part, one in zip(mail.iter_attachments(), attachments, strict=True):
        # At most 76 characters a line (RFC 2045, 6.8), however long a header may be.
        part.set_payload(encodebytes(one.content).decode("ascii"))
    # Boundaries made by chance would make other bytes of the same mail.
    for number, part in enumerate(one for one in mail.walk() if one.is_multipart()):
        seed = f"{envelope.message_id}{number or ''}"
        part.set_boundary("=_" + hashlib.sha256(seed.encode()).hexdigest()[:32])
    return mail.as_bytes()


class _Unfolded(str):
    """A web address as a header, on one line: `email` would break a long one into encoded words.

    Raises ValueError for what is no web address alone; so nothing can add a header of its own.
    """

    name: str

    def __new__(cls, name: str, address: str) -> Self:
        if not WEB_ADDRESS.fullmatch(address):
            raise ValueError("no web address for a header")
        header = super().__new__(cls, f"<{address}>")
        header.name = name
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def plain_address(address: str) -> str:
    """The address alone, of what may be written as `Name <address>`."""
    return parseaddr(address)[1]


def _address(name: str, address: str) -> Address:
    if any(sign in name + address for sign in "\r\n"):
        raise ValueError("a line break in a name or an address")
    return Address(display_name=name, addr_spec=plain_address(address))
