"""Reads mail that came in, over IMAP with TLS or from a Maildir, and marks what was handled."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from onboarding.mail.inbox_place import ImapPlace, MaildirPlace, Place

TIMEOUT = 30.0  # seconds, for each answer of the server
MOST_BYTES = 2_000_000  # of one mail; what is new in it stands at the beginning


class InboxUnavailable(Exception):
    """Mail cannot be read now; the message says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: `handle` is its place in the mailbox; `is_cut` where it was too large."""

    handle: str
    content: bytes
    is_cut: bool


class Mailbox(Protocol):
    """Letters stay where they are: handled ones are marked as read, others as wanting a look."""

    def letters(self, most: int) -> Iterator[Letter]: ...

    def handled(self, letter: Letter) -> None: ...

    def set_aside(self, letter: Letter) -> None: ...


@contextmanager
def opened(place: Place) -> Iterator[Mailbox]:
    """The mailbox, for as long as it is read. Raises InboxUnavailable, also within."""
    try:
        if isinstance(place, MaildirPlace):
            yield MaildirMailbox(place)
            return
        mailbox = ImapMailbox(place)
        try:
            yield mailbox
        finally:
            mailbox.close()
    except ssl.SSLError as error:
        raise InboxUnavailable(f"TLS: {error}") from error
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise InboxUnavailable(f"the server refuses: {error}"[:300]) from error
    except OSError as error:
        raise InboxUnavailable(str(error) or type(error).__name__) from error


class MaildirMailbox:
    """New mail stands in `new`, or in `cur` without the mark S for what was seen."""

    def __init__(self, place: MaildirPlace) -> None:
        self.path = place.path
        for name in ("new", "cur"):
            if not (self.path / name).is_dir():
                raise InboxUnavailable(f"{self.path} is no Maildir: it has no folder {name}")

    def letters(self, most: int) -> Iterator[Letter]:
        for path in self._waiting()[:most]:
            try:
                with path.open("rb") as file:
                    content = file.read(MOST_BYTES + 1)
            except FileNotFoundError:
                continue  # another worker has it by now
            is_cut = len(content) > MOST_BYTES
            yield Letter(str(path), content[:MOST_BYTES], is_cut)

    def handled(self, letter: Letter) -> None:
        self._mark(Path(letter.handle), "S")

    def set_aside(self, letter: Letter) -> None:
        self._mark(Path(letter.handle), "FS")

    def _waiting(self) -> list[Path]:
        found = [path for path in (self.path / "new").iterdir() if path.is_file()]
        found += [
            path
            for path in (self.path / "cur").iterdir()
            if path.is_file() and "S" not in _flags(path)
        ]
        return sorted(found, key=lambda path: path.name)

    def _mark(self, path: Path, flags: str) -> None:
        unique = path.name.partition(":2,")[0]
        marks = "".join(sorted(_flags(path) | set(flags)))
        with suppress(FileNotFoundError):
            path.rename(self.path / "cur" / f"{unique}:2,{marks}")


class ImapMailbox:
    """Messages that nobody read yet; reading them here does not mark them."""

    def __init__(self, place: ImapPlace) -> None:
        self._server = imaplib.IMAP4_SSL(
            place.host, place.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        )
        try:
            self._server.login(place.user, place.password)
            quoted = place.mailbox.replace("\\", "\\\\").replace('"', '\\"')
            status, told = self._server.select(f'"{quoted}"')
            if status != "OK":
                raise InboxUnavailable(f"no mailbox {place.mailbox!r}: {_text(told[0])}")
        except BaseException:
            self.close()
            raise

    def letters(self, most: int) -> Iterator[Letter]:
        _, found = self._server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:most]:
            content = self._fetch(uid.decode("ascii"))
            if content is not None:
                is_cut = len(content) >= MOST_BYTES
                yield Letter(uid.decode("ascii"), content, is_cut)

    def handled(self, letter: Letter) -> None:
        self._server.uid("STORE", letter.handle, "+FLAGS.SILENT", r"(\Seen)")

    def set_aside(self, letter: Letter) -> None:
        self._server.uid("STORE", letter.handle, "+FLAGS.SILENT", r"(\Seen \Flagged)")

    def close(self) -> None:
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()

    def _fetch(self, uid: str) -> bytes | None:
        """None for one that went away meanwhile."""
        _, answers = self._server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        for answer in answers:
            if isinstance(answer, tuple) and isinstance(answer[1], bytes):
                return answer[1]
        return None


def _flags(path: Path) -> set[str]:
    return set(path.name.partition(":2,")[2])


def _text(told: object) -> str:
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
