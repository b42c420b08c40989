"""Looks into a mail that was saved as a file (.eml): whether it is one, and the text in it."""

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

from onboarding.domain.errors import InputInvalid

MAIL = "message/rfc822"
MOST_PARTS = 200
MOST_HEADERS = 1000
# What the parser of the standard library raises for what no mail program writes.
BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError)


def read_mail(content: bytes) -> EmailMessage | None:
    """The mail, after RFC 5322; None where this is none: who sent it and when must stand in it.

    Raises InputInvalid for one that cannot be read, or of more parts than a mail has.
    """
    if b"\0" in content[:1024] or not looks_like_headers(content):
        return None
    try:
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
        has_sender = bool(mail["From"] and mail["From"].addresses)
        is_dated = mail["Date"] is not None and mail["Date"].datetime is not None
        parts = sum(1 for _ in mail.walk())
    except BROKEN:
        raise InputInvalid(field="file", reason="file-broken") from None
    if not has_sender or not is_dated:
        return None
    if parts > MOST_PARTS:
        raise InputInvalid(field="file", reason="file-broken")
    return mail


def looks_like_headers(content: bytes) -> bool:
    """The first line is a header, and there are not more of them than a mail has."""
    first = content.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    name, colon, _ = first.partition(b":")
    is_header = bool(colon) and bool(name) and all(33 <= letter <= 126 for letter in name)
    head = content.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return is_header and head.count(b"\n") <= MOST_HEADERS


def texts_of(mail: EmailMessage) -> Iterator[str]:
    """Its subject and every part of text, as somebody reads them."""
    yield str(mail["Subject"] or "")
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = _decoded(part)
            yield _without_marks(text) if part.get_content_subtype() == "html" else text


def documents_of(mail: EmailMessage) -> Iterator[bytes]:
    """The PDFs that hang on it."""
    for part in mail.walk():
        if part.get_content_type() == "application/pdf":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield content


def _decoded(part: EmailMessage) -> str:
    """The text of a part; one that names an alphabet which nobody knows is read as it comes."""
    try:
        return str(part.get_content())
    except BROKEN:
        content = part.get_payload(decode=True)
        return content.decode("latin-1") if isinstance(content, bytes) else ""


class _Words(HTMLParser):
    """Gathers what stands between the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _without_marks(html: str) -> str:
    words = _Words()
    words.feed(html)
    return "".join(words.words)
