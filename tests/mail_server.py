"""A real SMTP server that keeps what it is given."""

from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


@dataclass
class Received:
    """One message as the server took it: the envelope's addresses and the bytes."""

    sender: str
    recipients: list[str]
    content: bytes


class MailServer(Controller):
    """A real SMTP server on a free port of this machine that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Received] = []
        self.refused: set[str] = set()
        super().__init__(self, hostname="127.0.0.1", port=0)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list
    ) -> str:
        if address in self.refused:
            return f"550 <{address}> No such mailbox"  # as real servers do
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        self.messages.append(
            Received(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content))
        )
        return "250 Taken"

    @property
    def settings(self) -> dict[str, object]:
        return {"MAIL_SERVER": self.hostname, "MAIL_PORT": self.port}
