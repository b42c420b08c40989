"""A mail that came in, read: who sent it, to which of ours it answers, and what is new in it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses

from onboarding.mail.bounces import BROKEN, IDS, Bounce, bounce_of
from onboarding.mail.plain_text import plain
from onboarding.mail.quotes import new_part

MOST_PARTS = 200
MOST_NAMES = 20
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Auto-Response-Suppress")
AUTOMATIC_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})
AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatisch(e)? (antwoord|reply|bericht)|automatic reply"
    r"|auto(matic)?[- ]?(reply|response)|out of (the )?office|i am out of|afwezig\b|afwezigheid"
    r"|niet aanwezig|ik ben (momenteel |nu )?(afwezig|niet aanwezig|er niet)|buiten kantoor"
    r"|on (holiday|vacation|leave)\b|ooo:|abwesenheit|automatische antwort|réponse automatique)",
    re.IGNORECASE,
)


class Unreadable(Exception):
    """No program of ours can read this mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """`message_id` is unique for the mail, also where it has none of its own.

    `refers_to` are the Message-IDs that it answers, the nearest first; `text` is what is new in
    it; `file_names` what hangs on it. `is_cut`: it was too large to be read whole.
    """

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    refers_to: tuple[str, ...]
    subject: str
    is_automatic: bool
    bounce: Bounce | None
    text: str
    file_names: tuple[str, ...]
    is_cut: bool = False


def read(content: bytes, *, is_cut: bool = False) -> Incoming:
    """Raises Unreadable."""
    try:
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
        if sum(1 for _ in mail.walk()) > MOST_PARTS:
            raise Unreadable("more parts than a mail has")
        return _read(mail, content, is_cut)
    except BROKEN as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error


def identity(content: bytes) -> str:
    """What a mail without a Message-ID, or that cannot be read, is known by."""
    return f"<sha256-{hashlib.sha256(content).hexdigest()}>"


def _read(mail: EmailMessage, content: bytes, is_cut: bool) -> Incoming:
    # A server may sign without a domain.
    senders = _addresses(mail, ("From", "Sender"), may_lack_domain=True)
    if not senders:
        raise Unreadable("it has no sender")
    own = IDS.search(_header(mail, "Message-ID"))
    subject = " ".join(_header(mail, "Subject").split())[:250]
    text, is_new = _text(mail)
    return Incoming(
        message_id=own[0][:250] if own else identity(content),
        sender=senders[0],
        recipients=_addresses(mail, RECIPIENTS)[:50],
        refers_to=_refers_to(mail),
        subject=subject,
        is_automatic=_is_automatic(mail, subject),
        bounce=bounce_of(mail, senders[0], subject),
        text=text if is_new else new_part(text),
        file_names=tuple(_file_names(mail))[:MOST_NAMES],
        is_cut=is_cut,
    )


def _header(mail: EmailMessage, name: str) -> str:
    """A header in words; one that nobody can read says nothing."""
    try:
        return str(mail.get(name) or "").replace("\0", "")
    except BROKEN:
        return ""


def _addresses(
    mail: EmailMessage, names: tuple[str, ...], *, may_lack_domain: bool = False
) -> tuple[str, ...]:
    found = []
    for name in names:
        try:
            headers = [str(value) for value in mail.get_all(name, [])]
        except BROKEN:
            continue
        found += [address.strip().lower() for _, address in getaddresses(headers)]
    kept = (one[:254] for one in found if one and (may_lack_domain or "@" in one))
    return tuple(dict.fromkeys(kept))


def _refers_to(mail: EmailMessage) -> tuple[str, ...]:
    answered = IDS.findall(_header(mail, "In-Reply-To"))
    earlier = reversed(IDS.findall(_header(mail, "References")))
    return tuple(dict.fromkeys([*answered, *earlier]))[:50]


def _is_automatic(mail: EmailMessage, subject: str) -> bool:
    """RFC 3834, and what programs said before it."""
    submitted = _header(mail, "Auto-Submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(mail.get(name) is not None for name in AUTOMATIC_HEADERS):
        return True
    if _header(mail, "Precedence").strip().lower() in AUTOMATIC_PRECEDENCE:
        return True
    is_receipt = any(
        p.get_content_type() == "message/disposition-notification" for p in mail.walk()
    )
    return is_receipt or bool(AUTOMATIC_SUBJECT.match(subject))


def _text(mail: EmailMessage) -> tuple[str, bool]:
    """The text as somebody reads it, and whether it is without quotes by now."""
    part = mail.get_body(("plain",))
    if part is not None and (text := _content(part)).strip():
        return text, False
    part = mail.get_body(("html",))
    if part is None:
        return "", True
    html = _content(part)
    return new_part(plain(html)), True


def _content(part: MIMEPart) -> str:
    """The text of a part; one that names an alphabet which nobody knows is read as it comes."""
    try:
        return str(part.get_content()).replace("\0", "")
    except BROKEN:
        content = part.get_payload(decode=True)
        text = content.decode("latin-1") if isinstance(content, bytes) else ""
        return text.replace("\0", "")


def _file_names(mail: EmailMessage) -> Iterator[str]:
    """What hangs on it; not the pictures of a signature."""
    for part in mail.walk():
        if part.is_multipart() or part.get_content_disposition() != "attachment":
            name = part.get_filename()
            if name is None or part.get("Content-ID") is not None:
                continue
        name = " ".join((part.get_filename() or part.get_content_type()).split())
        yield name.replace("\0", "")[:100]
