"""Sends one request to an address that was checked, within a time, and follows no redirect."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from onboarding.domain.webhooks import Trouble
from onboarding.webhooks.addresses import AddressRefused, Resolve, checked, resolve

TIMEOUT = 10.0  # seconds for all of it, from the connection to the answer
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request: `trouble` is None where the receiver took it."""

    status: int | None = None
    trouble: Trouble | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How requests go out; tests put in another resolver, time or trust."""

    may_be_inside: bool = False
    timeout: float = TIMEOUT
    ask: Resolve = resolve
    tls: ssl.SSLContext | None = None


def send(url: str, headers: Mapping[str, str], body: bytes, way: Way, now: datetime) -> Answer:
    """Send it, and tell what came of it; what the receiver says beyond its headers is not read."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        host = host.encode("idna").decode()
        addresses = checked(host, port, may_be_inside=way.may_be_inside, ask=way.ask)
    except AddressRefused:
        return Answer(trouble=Trouble.INSIDE)
    except (OSError, UnicodeError):
        return Answer(trouble=Trouble.NO_NAME)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    told = {"Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close"}
    ends_at = time.monotonic() + way.timeout
    try:
        plain = _connected(addresses, port, ends_at)
    except TimeoutError:
        return Answer(trouble=Trouble.TIMEOUT)
    except OSError:
        return Answer(trouble=Trouble.NO_CONNECTION)
    late = threading.Event()
    try:
        with contextlib.closing(plain), _ends_at(plain, ends_at, late):
            connection = http.client.HTTPConnection(host, port)
            connection.sock = plain
            if parts.scheme == "https":
                tls = way.tls or ssl.create_default_context()
                connection.sock = tls.wrap_socket(plain, server_hostname=host)
            with contextlib.closing(connection.sock):
                connection.request("POST", path, body, {**told, **headers})
                answer = connection.getresponse()
                if late.is_set():  # the end that we made is no end of a status line
                    return Answer(trouble=Trouble.TIMEOUT)
                return _told_by(answer, now)
    except ssl.SSLCertVerificationError:
        return Answer(trouble=Trouble.CERTIFICATE)
    except (OSError, http.client.HTTPException):
        return Answer(trouble=Trouble.TIMEOUT if late.is_set() else Trouble.NO_ANSWER)


def _connected(addresses: Sequence[str], port: int, ends_at: float) -> socket.socket:
    """A line to the first of the addresses that takes it: to an address, not to a name."""
    *others, last = addresses
    for one in others:
        with contextlib.suppress(OSError):
            return socket.create_connection((one, port), _left(ends_at) / 2)
    return socket.create_connection((last, port), _left(ends_at))


def _left(ends_at: float) -> float:
    return max(ends_at - time.monotonic(), 0.01)


@contextlib.contextmanager
def _ends_at(plain: socket.socket, ends_at: float, late: threading.Event) -> Iterator[None]:
    """Close the line when the time is over: one byte now and then is no answer either."""
    twin = plain.dup()  # wrapping in TLS takes the first one over

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    plain.settimeout(None)
    timer = threading.Timer(_left(ends_at), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        twin.close()


def _told_by(answer: http.client.HTTPResponse, now: datetime) -> Answer:
    status = answer.status
    if 200 <= status < 300:
        return Answer(status=status)
    trouble = Trouble.STATUS
    if status == 410:
        trouble = Trouble.GONE
    elif 300 <= status < 400:
        trouble = Trouble.REDIRECT
    waits = retry_after(answer.getheader("Retry-After") or "", now)
    return Answer(status=status, trouble=trouble, retry_after=waits)


def retry_after(said: str, now: datetime) -> timedelta | None:
    """How long the receiver asks to wait, told in seconds or as an instant."""
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())
