"""A mail server in a process of its own that refuses some mails and hangs up before some answers.

`python -m tests.jobs.storm_server LOG SEED` prints its port and serves until its input ends. Each
mail that it took is a line of JSON in LOG, written before the answer: Message-ID, recipient, hash
of the bytes, and whether the answer was withheld.
"""

import asyncio
import hashlib
import json
import random
import sys
from email import message_from_bytes
from pathlib import Path
from typing import TextIO

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from tests.mail_server import MailServer

LATER, LATER_AFTER_DATA, NEVER, DROPPED = 0.03, 0.01, 0.01, 0.01
LONGEST_ANSWER = 0.04  # seconds between taking a mail and saying so
NEVER_REFUSED = "@facilitair.example"  # colleagues: a buyer's tasks always have a reader


class StormServer(MailServer):
    """Refuses one mail in twenty, mostly for now, and drops one answer in a hundred."""

    def __init__(self, log: TextIO, seed: int) -> None:
        super().__init__()
        self.log, self.random = log, random.Random(seed)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list
    ) -> str:
        drawn = self.random.random()
        if drawn < LATER:
            return "450 Try again later"
        if drawn < LATER + NEVER and not address.endswith(NEVER_REFUSED):
            return f"550 <{address}> No such mailbox"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        if self.random.random() < LATER_AFTER_DATA:
            return "451 Try again later"
        content = bytes(envelope.content)
        is_dropped = self.random.random() < DROPPED
        told = {
            "id": message_from_bytes(content)["Message-ID"],
            "to": envelope.rcpt_tos[0],
            "sha256": hashlib.sha256(content).hexdigest(),
            "dropped": is_dropped,
        }
        self.log.write(json.dumps(told) + "\n")
        self.log.flush()
        await asyncio.sleep(self.random.uniform(0, LONGEST_ANSWER))
        if is_dropped and server.transport is not None:
            server.transport.abort()
        return "250 Taken"


def main() -> None:
    with Path(sys.argv[1]).open("a") as log:
        server = StormServer(log, int(sys.argv[2]))
        server.start()
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.stop()


if __name__ == "__main__":
    main()
