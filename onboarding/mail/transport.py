"""Hands mail to the SMTP server: Flask-Mail with its connection hardened.

Flask-Mail 0.10 has no timeout, checks no certificate, makes the message anew at each attempt and
is silent where one of several recipients is refused. Here the connection is made by us, and what
goes over it is the stored bytes.
"""

import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import flask_mail

TIMEOUT = 30.0  # seconds, for each answer of the server
MANY = 100  # messages over one connection; servers close it at some number
TAKEN, TEMPORARY = range(200, 300), range(400, 500)
CLOSING, TOO_LARGE = 421, 552
FORBIDDEN = re.compile(r"[\s\0<>,;]")
# The server speaks, but not to us: it wants another log-in, sender or encryption.
ABOUT_US = frozenset({530, 534, 535, 538, 454})


class Outcome(StrEnum):
    """What came of handing over one message."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # try this message again later
    RECIPIENT_REFUSED = "recipient-refused"  # for good: this address takes no mail
    MESSAGE_REFUSED = "message-refused"  # for good: this message is not taken
    UNAVAILABLE = "unavailable"  # no server to speak to; says nothing about the message
    WE_ARE_REFUSED = "we-are-refused"  # log-in, sender or TLS; the operator must act


ABOUT_THE_SERVER = frozenset({Outcome.UNAVAILABLE, Outcome.WE_ARE_REFUSED})


class Refused(Exception):
    """The server did not take the message; `outcome` says whose fault that is."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


class HungUp(Exception):
    """The server closed the connection between two messages: that says nothing about either."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over: the envelope's addresses and the bytes as they were rendered."""

    sender: str
    recipient: str
    content: bytes


class Transport:
    """One SMTP connection for many messages, opened when the first is sent.

    `settings` are Flask-Mail's. Use as a context manager.
    """

    def __init__(self, settings: Mapping[str, Any], *, timeout: float = TIMEOUT) -> None:
        # Flask-Mail sends nothing while TESTING unless told so; tests have a server of their own.
        self._mail = flask_mail.Mail().init_mail({"MAIL_SUPPRESS_SEND": False, **settings})
        self._timeout = timeout
        self._connection: SafeConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def connect(self) -> "SafeConnection":
        """Be connected and logged in, by the connection that is there or a new one.

        Raises Refused.
        """
        if self._connection is not None and self._connection.num_emails >= MANY:
            self.close()
        self._connection = self._connection or _open(self._mail, self._timeout)
        return self._connection

    def send(self, parcel: Parcel) -> None:
        """Hand the parcel over; the server has it when this returns. Raises Refused."""
        connection = self.connect()
        try:
            try:
                connection.begin(parcel)
            except HungUp:
                self.close()
                connection = self._connection = _open(self._mail, self._timeout)
                connection.begin(parcel)
            connection.finish(parcel)
        except Refused as refused:
            if refused.outcome is not Outcome.RECIPIENT_REFUSED:
                self.close()
            raise

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.leave()


class SafeConnection(flask_mail.Connection):
    """Flask-Mail's connection with a timeout, checked certificates and told refusals."""

    def __init__(self, mail: Any, timeout: float) -> None:
        super().__init__(mail)
        self.timeout = timeout

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt where asked and log in. Never goes on in clear where TLS was asked."""
        server, port = self.mail.server, self.mail.port
        host: smtplib.SMTP
        if self.mail.use_ssl:
            checked = ssl.create_default_context()
            host = smtplib.SMTP_SSL(server, port, timeout=self.timeout, context=checked)
        else:
            host = smtplib.SMTP(server, port, timeout=self.timeout)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            host.ehlo_or_helo_if_needed()
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def begin(self, parcel: Parcel) -> None:
        """MAIL. Raises HungUp where the server went away since an earlier message, or Refused."""
        sender = ascii_address(parcel.sender, Outcome.WE_ARE_REFUSED)
        size = [f"size={len(parcel.content)}"] if self._host.has_extn("size") else []
        try:
            code, text = self._host.mail(sender, size)
        except (OSError, smtplib.SMTPException) as error:
            if self.num_emails:
                raise HungUp from error
            raise Refused(Outcome.TEMPORARY, _in_words(error)) from error
        if code == CLOSING and self.num_emails:
            raise HungUp
        too_large = code == TOO_LARGE
        _judge(code, text, Outcome.MESSAGE_REFUSED if too_large else Outcome.WE_ARE_REFUSED)

    def finish(self, parcel: Parcel) -> None:
        """RCPT and DATA, each answer judged on its own. Raises Refused."""
        recipient = ascii_address(parcel.recipient, Outcome.RECIPIENT_REFUSED)
        try:
            code, text = self._host.rcpt(recipient)
            if code not in TAKEN:
                with suppress(OSError, smtplib.SMTPException):
                    self._host.rset()
            _judge(code, text, Outcome.RECIPIENT_REFUSED)
            code, text = self._host.data(parcel.content)
            _judge(code, text, Outcome.MESSAGE_REFUSED)
        except smtplib.SMTPDataError as error:
            text = _bytes(error.smtp_error)
            _judge(error.smtp_code, text, Outcome.MESSAGE_REFUSED)
            raise Refused(Outcome.TEMPORARY, _said(error.smtp_code, text)) from error
        except (OSError, smtplib.SMTPException) as error:
            # Also after the last dot without an answer: it may have been taken. The same bytes
            # go again under the same Message-ID.
            raise Refused(Outcome.TEMPORARY, _in_words(error)) from error
        self.num_emails += 1

    @property
    def _host(self) -> smtplib.SMTP:
        assert self.host is not None  # set when it was entered
        return self.host

    def leave(self) -> None:
        if self.host is None:
            return
        try:
            self.host.quit()
        except (OSError, smtplib.SMTPException):
            self.host.close()


def ascii_address(address: str, if_wrong: Outcome) -> str:
    """The address as it goes over the line, its domain in ASCII.

    Raises Refused for one that would add a command or a header of its own, or that needs
    SMTPUTF8, which too few servers speak.
    """
    name, at, domain = address.rpartition("@")
    try:
        if not (name and at and domain) or FORBIDDEN.search(address):
            raise ValueError(address)
        name.encode("ascii")
        return f"{name}@{domain.encode('idna').decode('ascii')}"
    except ValueError as error:
        raise Refused(if_wrong, f"{address!r} is no address") from error


def _open(mail: Any, timeout: float) -> SafeConnection:
    connection = SafeConnection(mail, timeout)
    try:
        connection.__enter__()
    except ssl.SSLError as error:
        raise Refused(Outcome.WE_ARE_REFUSED, f"TLS: {error}") from error
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        raise Refused(Outcome.WE_ARE_REFUSED, str(error)) from error
    except smtplib.SMTPResponseException as error:
        outcome = Outcome.UNAVAILABLE
        if error.smtp_code not in TEMPORARY or error.smtp_code in ABOUT_US:
            outcome = Outcome.WE_ARE_REFUSED
        raise Refused(outcome, _said(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(Outcome.UNAVAILABLE, _in_words(error)) from error
    return connection


def _judge(code: int, text: bytes, if_permanent: Outcome) -> None:
    """Raises Refused unless the server agreed."""
    if code in TAKEN:
        return
    if code in ABOUT_US:
        outcome = Outcome.WE_ARE_REFUSED
    elif code in TEMPORARY or code < 0:
        outcome = Outcome.TEMPORARY
    else:
        outcome = if_permanent
    raise Refused(outcome, _said(code, text))


def _said(code: int, text: bytes | str) -> str:
    return f"{code} {_bytes(text).decode(errors='replace')}"[:500]


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _in_words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:500]
