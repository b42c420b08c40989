"""The request itself: over TLS with the right name, and what a receiver's answer means."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from onboarding.domain.webhooks import Trouble
from onboarding.webhooks.sending import Answer, Way, retry_after, send

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CERTIFICATES = Path(__file__).parents[1] / "mail"
OWN = Path(__file__).parent / "named.pem"
NAMES: list[str | None] = []


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def tls_port() -> Iterator[int]:
    """A receiver with a certificate for hooks.example."""
    NAMES.clear()
    server = HTTPServer(("127.0.0.1", 0), Taking)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(OWN)
    context.sni_callback = lambda line, name, context: NAMES.append(name)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda request, client: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def way(trusted: Path = OWN) -> Way:
    return Way(
        may_be_inside=True,
        timeout=5,
        ask=lambda host, port: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=trusted),
    )


def test_the_name_is_asked_for_and_checked(tls_port: int) -> None:
    assert send(f"https://hooks.example:{tls_port}/", {}, b"{}", way(), NOW) == Answer(status=200)
    assert NAMES == ["hooks.example"]


def test_a_certificate_of_another_name(tls_port: int) -> None:
    answer = send(f"https://other.example:{tls_port}/", {}, b"{}", way(), NOW)
    assert answer == Answer(trouble=Trouble.CERTIFICATE)


def test_a_certificate_that_nobody_vouches_for(tls_port: int) -> None:
    trusting = way(CERTIFICATES / "untrusted.pem")
    answer = send(f"https://hooks.example:{tls_port}/", {}, b"{}", trusting, NOW)
    assert answer == Answer(trouble=Trouble.CERTIFICATE)


def test_nobody_there() -> None:
    assert send("http://localhost:1/", {}, b"{}", way(), NOW).trouble is Trouble.NO_CONNECTION


def test_a_name_that_nobody_knows() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    answer = send("https://x.example/", {}, b"{}", Way(ask=unknown), NOW)
    assert answer.trouble is Trouble.NO_NAME


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("90", timedelta(seconds=90)),
        ("Tue, 24 Nov 2026 09:02:00 GMT", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 08:00:00 GMT", timedelta()),
        ("", None),
        ("-5", None),
        ("soon", None),
    ],
)
def test_when_to_come_back(said: str, wait: timedelta | None) -> None:
    assert retry_after(said, NOW) == wait
