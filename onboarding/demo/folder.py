"""Where a demo keeps what is its own: database, mails, evidence, its secret and its token."""

import fcntl
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onboarding.demo.refusals import DemoRefused

CUSTOMER = "Rijnland Facilitair"
SENDER = "onboarding@rijnland-facilitair.example"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """One demo on this machine. With a database of its own the folder holds that too."""

    path: Path

    @classmethod
    def for_database(cls, root: Path, database_url: str | None) -> "DemoFolder":
        """A database elsewhere gets a folder of its own, so that no two demos mix their mails."""
        if not database_url:
            return cls(root)
        return cls(root / f"for-{hashlib.sha256(database_url.encode()).hexdigest()[:8]}")

    @property
    def mails(self) -> Path:
        return self.path / "mail"

    @property
    def own_database(self) -> str:
        return f"sqlite:///{self.path / 'onboarding.db'}"

    def environment(self, database_url: str | None, port: int, mail_port: int) -> dict[str, str]:
        """What an operator would set, for this demo: nothing of the real environment is used."""
        return {
            "SECRET_KEY": self.secret(),
            "DATABASE_URL": database_url or self.own_database,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "CUSTOMER_NAME": CUSTOMER,
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(mail_port),
            "MAIL_DEFAULT_SENDER": SENDER,
            "MAIL_PER_PERSON": "0",  # days are lived in seconds
            "MAIL_PER_DOMAIN": "0",
            "WEBHOOKS_INSIDE": "1",  # a receiver on this machine, to try it
            "EVIDENCE_URL": str(self.path / "evidence"),
        }

    def secret(self) -> str:
        """Made once and kept, so that a log-in survives a new start."""
        return self.kept("secret") or self.keep("secret", secrets.token_hex(32))

    def kept(self, name: str) -> str | None:
        """One line that an earlier run wrote down."""
        file = self.path / name
        return file.read_text().strip() or None if file.exists() else None

    def keep(self, name: str, line: str) -> str:
        """Write a line down, for nobody else to read."""
        file = self.path / name
        file.touch(mode=0o600)
        file.write_text(line + "\n")
        return line

    def clear(self) -> None:
        """Throw away what a demo made beside its database, and nothing else that stands here."""
        (self.path / "token").unlink(missing_ok=True)
        for folder in (self.mails, self.path / "evidence"):
            for file in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
                file.rmdir() if file.is_dir() else file.unlink()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep other demos out of this folder. Raises DemoRefused where one runs already."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "running.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoRefused(
                    f"A demo runs already from {self.path}: use that one, or stop it first."
                ) from None
            yield

    @contextmanager
    def clock_in_hand(self, *, waits: bool = True) -> Iterator[bool]:
        """The time machine and the worker never act at once; yields whether it is our turn.

        A lock of the operating system: it goes when a process dies, and nothing is left behind.
        """
        with (self.path / "clock.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
