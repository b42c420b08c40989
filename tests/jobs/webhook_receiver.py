"""A receiver of webhooks on this machine, which verifies as Standard Webhooks says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

Mood = Callable[[BaseHTTPRequestHandler], None]


def answers(status: int, **headers: str) -> Mood:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


FINE = answers(204)


@dataclass
class Receiver:
    """`moods` are taken one by one, then `mood`; `told` has what could be verified."""

    port: int = 0
    secret: str = ""
    mood: Mood = FINE
    moods: list[Mood] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    forged: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=onboarding"

    @property
    def ids(self) -> list[str]:
        return [one["webhook-id"] for one in self.requests]

    def hang(self, request: BaseHTTPRequestHandler) -> None:
        """Never answers, as long as the test runs."""
        self.let_go.wait(20)

    def drip(self, request: BaseHTTPRequestHandler) -> None:
        """A byte now and then, and never the end of a line."""
        request.wfile.write(b"HTTP/1.1 200 ")
        while not self.let_go.wait(0.05):
            try:
                request.wfile.write(b"O")
            except OSError:
                return

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(headers)
        self.bodies.append(body)
        try:
            self.told.append(Webhook(self.secret).verify(body, headers))
        except WebhookVerificationError:
            self.forged += 1
        (self.moods.pop(0) if self.moods else self.mood)(request)


@contextmanager
def receiving(receiver: Receiver | None = None) -> Iterator[Receiver]:
    receiver = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            receiver.take(self)

        def do_GET(self) -> None:
            raise AssertionError("a redirect was followed")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
