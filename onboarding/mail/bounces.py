"""Recognises a mail that says that one of ours could not be delivered.

Reports after RFC 3464, as Postfix, Exchange and Gmail send them, and the plain letters of older
servers, as far as they repeat our headers.
"""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage, Message

BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError)
IDS = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,150}>")
ID_LINE = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]{1,350}>)", re.IGNORECASE | re.MULTILINE)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
CODE = re.compile(r"(?<![\d.])([45])\d\d[ -](?=\S)")
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mmdf")
FAILED = re.compile(
    r"undeliver|failure notice|delivery (status|failure|has failed|incomplete)|returned mail"
    r"|returning message|could not be (sent|delivered)|onbestelbaar|niet (worden )?bezorgd"
    r"|not delivered|delivery problem|nondeliver",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"\bdelayed\b|will be retried|still trying|not (yet )?been delivered yet|vertraagd"
    r"|keep trying|do not need to resend",
    re.IGNORECASE,
)
MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """`status` is that of RFC 3463, as `5.1.1`, or empty; `is_final`: the server tries no more.

    `said` is what the server told; `refers_to` the Message-IDs that it repeats.
    """

    status: str
    is_final: bool
    said: str
    refers_to: tuple[str, ...]

    @property
    def is_hard(self) -> bool:
        """For good: this address takes no mail."""
        return self.is_final and not self.status.startswith("4")


def bounce_of(mail: EmailMessage, sender: str, subject: str) -> Bounce | None:
    """What it says of the delivery of another mail; None where it is no such letter."""
    reports = [p for p in mail.walk() if p.get_content_type() == "message/delivery-status"]
    if reports:
        return _of_report(mail, reports)
    name = sender.partition("@")[0]
    is_from_server = name in DAEMONS or str(mail.get("Return-Path", "")).strip() == "<>"
    failed = mail.get("X-Failed-Recipients") is not None or FAILED.search(subject)
    if not (is_from_server and failed):
        return None
    text = _texts(mail)
    found = STATUS.search(text) or CODE.search(text)
    status = found[1] if found else ""
    is_final = not DELAYED.search(f"{subject}\n{text[:2000]}")
    return Bounce(
        status=status, is_final=is_final, said=_line_with(text, found), refers_to=_ids(mail, text)
    )


def _of_report(mail: EmailMessage, reports: list[EmailMessage]) -> Bounce | None:
    groups = [group for report in reports for group in _groups(report)]
    told = [group for group in groups if group.get("Action") or group.get("Status")]
    actions = [str(group.get("Action", "")).strip().lower() for group in told]
    if told and not {"failed", "delayed", ""} & set(actions):
        return None  # it was delivered, or passed on
    worst = next((g for g, action in zip(told, actions, strict=True) if action == "failed"), None)
    group = worst or (told[0] if told else Message())
    found = STATUS.search(str(group.get("Status", "")))
    said = str(group.get("Diagnostic-Code", "")) or str(group.get("Status", ""))
    return Bounce(
        status=found[1] if found else "",
        is_final=worst is not None or (not told and not DELAYED.search(_texts(mail)[:2000])),
        said=" ".join(said.split())[:300],
        refers_to=_ids(mail, _texts(mail)),
    )


def _groups(report: EmailMessage) -> list[Message]:
    """The groups of fields; one that was sent as text is read as such."""
    payload = report.get_payload()
    if isinstance(payload, list):
        return [group for group in payload if isinstance(group, Message)]
    return []


def _ids(mail: EmailMessage, text: str) -> tuple[str, ...]:
    """The Message-IDs of what is reported on: of the original, in its headers or in the text."""
    found: list[str] = []
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts() if part.is_multipart() else ():
                found += IDS.findall(str(inner.get("Message-ID", "")))
    found += ID_LINE.findall(text)
    for name in ("In-Reply-To", "References", "X-MS-Exchange-Parent-Message-Id"):
        found += IDS.findall(str(mail.get(name, "")))
    return tuple(dict.fromkeys(found))[:50]


def _texts(mail: EmailMessage) -> str:
    """All that is text in it, also the headers that it repeats."""
    texts = []
    for part in mail.walk():
        if part.get_content_maintype() == "text" or part.get_content_type() in (
            "message/rfc822-headers",
            "text/rfc822-headers",
        ):
            try:
                texts.append(str(part.get_content()))
            except BROKEN:
                content = part.get_payload(decode=True)
                texts.append(content.decode("latin-1") if isinstance(content, bytes) else "")
    return "\n".join(texts)[:MOST_TEXT]


def _line_with(text: str, found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    return " ".join(text[start : end if end >= 0 else None].split())[:300]
