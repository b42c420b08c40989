"""An installation whose mail is answered and comes back: mails sent, letters put in, inbox read."""

import re
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.jobs.inbox import read_inbox
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import EventRow, IncomingMailRow, MailRow, PersonRow, TaskRow
from tests.conftest import SettableClock
from tests.mail_server import MailServer
from tests.pathway_stage import Scene


def a_maildir(path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (path / name).mkdir(parents=True)
    return path


@dataclass
class Post:
    """`put` a letter in the Maildir, `read` the inbox; the rest asks what came of it."""

    app: Flask
    session: Session
    clock: SettableClock
    server: MailServer
    maildir: Path
    number: int = 0

    def set_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = {
            **self.server.settings,
            "INBOX_URL": f"maildir:{self.maildir}",
            "INBOX_ADDRESS": "post+{}@facilitair.example",
        }
        for name, value in settings.items():
            monkeypatch.setitem(self.app.config, name, value)

    def owe(
        self,
        scene: Scene,
        kind: MessageKind = MessageKind.ACCEPTED,
        about: str = "1",
        **more: object,
    ) -> None:
        owed = Owed(kind=kind, about=about, relation_id=scene.relation.id, **more)
        owe_to_supplier(self.session, self.clock.moment(), scene.relation, owed)
        self.session.commit()

    def deliver(self) -> None:
        runs.deliver(self.app)

    def sent(self) -> EmailMessage:
        """The last mail that the server took."""
        content = self.server.messages[-1].content
        return message_from_bytes(content, policy=policy.default)  # type: ignore[return-value]

    @property
    def returns_to(self) -> str:
        return self.server.messages[-1].sender

    @property
    def answers_to(self) -> str:
        found = re.search(r"post\+r\w+@facilitair\.example", str(self.sent()["Reply-To"]))
        assert found
        return found[0]

    @property
    def original(self) -> str:
        return str(self.sent()["Message-ID"])

    def put(self, *letters: bytes) -> None:
        for letter in letters:
            self.number += 1
            (self.maildir / "new" / f"{self.number:06}.test").write_bytes(letter)

    def read(self) -> Counter[str]:
        found = read_inbox(self.app)
        self.session.expire_all()
        return found

    def mail(self) -> MailRow:
        return self.session.scalars(select(MailRow).order_by(MailRow.id)).all()[-1]

    def person(self, scene: Scene) -> PersonRow:
        return self.session.get_one(PersonRow, scene.signatory.person_id)

    def email(self, scene: Scene) -> str:
        return self.person(scene).email or ""

    def events(self, code: str) -> list[EventRow]:
        rows = select(EventRow).where(EventRow.code == code).order_by(EventRow.id)
        return list(self.session.scalars(rows))

    def tasks(self, kind: str) -> list[TaskRow]:
        rows = select(TaskRow).where(TaskRow.kind == kind, TaskRow.done_at.is_(None))
        return list(self.session.scalars(rows))

    def kinds(self) -> list[str]:
        rows = select(IncomingMailRow.kind).order_by(IncomingMailRow.id)
        return list(self.session.scalars(rows))

    def flags(self) -> list[str]:
        """The marks of each letter that was looked at, in the order in which they came."""
        return [path.name.partition(":2,")[2] for path in sorted((self.maildir / "cur").iterdir())]
