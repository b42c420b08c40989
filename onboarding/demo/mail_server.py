"""A real SMTP server on this machine that keeps every mail and sends none on."""

import asyncio
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from onboarding.demo.caught_mail import CaughtMail

LOOPBACK = "127.0.0.1"


class CatchingServer(Controller):
    """Listens on a free port of this machine from `start()` to `stop()`."""

    def __init__(self, caught: CaughtMail) -> None:
        self._caught = caught
        super().__init__(self, hostname=LOOPBACK, port=0)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        content: Any = envelope.content
        await asyncio.to_thread(self._caught.add, bytes(content))
        return "250 Caught"
