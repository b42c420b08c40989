"""Looks into an upload before it is kept: what it is, whether it opens, and numbers in its text.

Takes long for a large file, so it happens outside of any transaction. Pictures are not scanned.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path, PurePath
from typing import Any

import puremagic
from PIL import Image, UnidentifiedImageError
from stdnum.nl import bsn, btw

from onboarding.domain.errors import InputInvalid
from onboarding.domain.evidence import FoundNumber
from onboarding.services.mail_checks import MAIL, documents_of, read_mail, texts_of

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
PDF_READER = Path(__file__).parent / "pdf_reading.py"
LONGEST_READING = 20.0  # seconds for an upload, also where the machine has other things to do
LONGEST_NAME = 120
KINDS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
SUFFIXES = {**KINDS, MAIL: ".eml"}
DO_NOT_OPEN = frozenset({"file-broken", "file-locked"})

# Nine digits in one piece, or in the groups in which people write them.
NINE_DIGITS = re.compile(
    r"(?<![0-9])(?:[0-9]{9}|[0-9]{3}([ .\u00a0-])[0-9]{3}\1[0-9]{3}"
    r"|[0-9]{4}([ .\u00a0-])[0-9]{2}\2[0-9]{3})(?![0-9])"
)
VAT_NUMBER = re.compile(
    r"NL[ .\u00a0]?[0-9]{4}[ .\u00a0]?[0-9]{2}[ .\u00a0]?[0-9]{3}[ .\u00a0]?B[ .\u00a0]?[0-9]{2}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that may be kept; `numbers` could be a BSN, in full, with the page of each."""

    content: bytes
    file_name: str
    media_type: str
    sha256: str
    numbers: tuple[tuple[str, int], ...] = ()

    def found(self, own_numbers: Iterable[str] = ()) -> tuple[FoundNumber, ...]:
        """What the sender must explain: without the numbers of the own organisation."""
        known = set(own_numbers)
        return tuple(
            FoundNumber(masked=masked(number), page=page)
            for number, page in self.numbers
            if number not in known
        )


def check_upload(content: bytes, file_name: str, *, takes_mail: bool = False) -> Upload:
    """Raises InputInvalid for `file`, with the reason why it cannot be taken.

    A mail that was saved as a file is taken only where that is asked.
    """
    if not content:
        raise InputInvalid(field="file", reason="file-empty")
    if len(content) > LARGEST:
        raise InputInvalid(field="file", reason="file-too-large", megabytes=LARGEST // 1024**2)
    mail = read_mail(content) if takes_mail else None
    media_type = _media_type(content, takes_mail=takes_mail) if mail is None else MAIL
    numbers: tuple[tuple[str, int], ...] = ()
    if mail is not None:
        numbers = tuple(_numbers_in(_read_in(mail)))
    elif media_type == "application/pdf":
        numbers = tuple(_numbers_in(_pages(content, LONGEST_READING)))
    else:
        _open_picture(content, media_type)
    return Upload(
        content=content,
        file_name=tidy_name(file_name, SUFFIXES[media_type]),
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        numbers=numbers,
    )


def numbers_in_text(text: str) -> list[str]:
    """Numbers of nine digits that pass the check of a BSN, outside of a VAT number."""
    covered = [m.span() for m in VAT_NUMBER.finditer(text) if btw.is_valid(m.group())]
    found = []
    for match in NINE_DIGITS.finditer(text):
        inside = any(start <= match.start() and match.end() <= end for start, end in covered)
        number = re.sub("[^0-9]", "", match.group())
        if not inside and bsn.is_valid(number):
            found.append(number)
    return found


def masked(number: str) -> str:
    """The last three digits, enough for who wrote it to find it."""
    return "•" * (len(number) - 3) + number[-3:]


def tidy_name(file_name: str, suffix: str) -> str:
    """A name without folders and signs that a file system or a header trips over."""
    stem = PurePath(file_name.replace("\\", "/")).stem
    stem = re.sub(r"[^\w .()-]", "", stem, flags=re.UNICODE).strip(" .")
    return f"{stem[:LONGEST_NAME] or 'file'}{suffix}"


def _media_type(content: bytes, *, takes_mail: bool) -> str:
    try:
        media_type = puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        media_type = ""
    if media_type not in KINDS:
        reason = "file-or-mail-of-other-kind" if takes_mail else "file-of-other-kind"
        raise InputInvalid(field="file", reason=reason)
    return str(media_type)


def _open_picture(content: bytes, media_type: str) -> None:
    """Decode it whole; one that unpacks to too much is refused before it is unpacked."""
    kind = "PNG" if media_type == "image/png" else "JPEG"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise InputInvalid(field="file", reason="picture-too-large")
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InputInvalid(field="file", reason="picture-too-large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise InputInvalid(field="file", reason="file-broken") from None


def _read_in(mail: EmailMessage) -> Iterator[str]:
    """The whole text of a mail as its first page, then the pages of what hangs on it.

    A PDF that does not open holds no text that anybody could read. One that opens and is not
    looked through in the time that all have together keeps the mail out. What travels inside of a
    PDF is as little looked into as what else hangs on a mail.
    """
    yield "\n".join(texts_of(mail))
    until = time.monotonic() + LONGEST_READING
    for document in documents_of(mail):
        try:
            yield from _pages(document, until - time.monotonic(), takes_files=True)
        except InputInvalid as refused:
            if refused.facts["reason"] not in DO_NOT_OPEN:
                raise InputInvalid(field="file", reason="mail-not-looked-through") from None


def _pages(content: bytes, seconds: float, *, takes_files: bool = False) -> list[str]:
    """The text of each page with what is written on it, form fields and properties included."""
    try:
        reading = subprocess.run(
            [sys.executable, "-I", str(PDF_READER)],
            input=content,
            capture_output=True,
            timeout=seconds,
            env={},  # it need not know our secrets
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputInvalid(field="file", reason="file-takes-too-much") from None
    if reading.returncode < 0:  # stopped by the system at its limits
        raise InputInvalid(field="file", reason="file-takes-too-much")
    reading.check_returncode()
    told: dict[str, Any] = json.loads(reading.stdout)
    if "reason" in told:
        raise InputInvalid(field="file", **told)
    if told["holds_files"] and not takes_files:
        raise InputInvalid(field="file", reason="file-holds-files")
    pages: list[str] = told["pages"]
    return pages


def _numbers_in(pages: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each number once, with the first page on which it stands."""
    seen = set()
    for page, text in enumerate(pages, start=1):
        for number in numbers_in_text(text):
            if number not in seen:
                seen.add(number)
                yield number, page
