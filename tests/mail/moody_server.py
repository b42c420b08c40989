"""A real SMTP server that can refuse, hang up or keep silent at any step."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from tests.mail_server import MailServer


class MoodyServer(MailServer):
    """`answers` maps MAIL, RCPT or DATA to an answer; `hang_up_after` counts accepted mails.

    `drop_answers` is how many mails are taken without the answer that says so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        self.connections = 0
        self.drop_answers = 0
        self.hang_up_after: int | None = None
        self.silent_at: str | None = None

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: SmtpSession,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list
    ) -> str:
        await self._wait("MAIL")
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        answer = await super().handle_DATA(server, session, envelope)
        if self.drop_answers:
            self.drop_answers -= 1
            self._hang_up(server)
        if self.hang_up_after is not None and len(self.messages) >= self.hang_up_after:
            self.hang_up_after = None
            asyncio.get_running_loop().call_later(0.05, self._hang_up, server)
        return answer

    async def _wait(self, step: str) -> None:
        if self.silent_at == step:
            await asyncio.sleep(2)

    @staticmethod
    def _hang_up(server: SMTP) -> None:
        if server.transport is not None:
            server.transport.abort()
