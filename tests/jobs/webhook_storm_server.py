"""A receiver in a process of its own that verifies, refuses some and hangs up before some answers.

`python -m tests.jobs.webhook_storm_server LOG SEED FOLDER` prints its port and serves until its
input ends. Each request is a line of JSON in LOG, written before the answer. FOLDER holds
`secrets.json`, a secret for each path, and `moved`: by how many seconds the day is moved.
"""

import hashlib
import json
import random
import socket
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from tests.jobs.webhook_receiver import FINE, Mood, Receiver, answers, receiving

LATER, TOO_MANY, BROKEN, DROPPED = 0.02, 0.01, 0.01, 0.01
LONGEST_ANSWER = 0.04  # seconds between taking a message and saying so


class StormReceiver(Receiver):
    """Refuses four messages in a hundred for now, and withholds the answer to one."""

    def __init__(self, log: Path, seed: int, folder: Path) -> None:
        super().__init__()
        self.log, self.random, self.folder = log.open("a"), random.Random(seed), folder
        self.one_at_a_time = threading.Lock()

    def take(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        body = request.rfile.read(length)
        if len(body) < length:  # its sender was killed in the middle of it: nothing arrived
            request.close_connection = True
            return
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self.one_at_a_time:  # the moved time is that of the whole process
            told = self._verified(request.path, body, headers)
            name, mood = self._drawn()
            line = {
                "to": request.path,
                "id": headers.get("webhook-id"),
                "sha256": hashlib.sha256(body).hexdigest(),
                "told": told,
                "answer": name,
            }
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()
            wait = self.random.uniform(0, LONGEST_ANSWER)
        time.sleep(wait)
        mood(request)

    def _verified(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """What it tells; None where it cannot be verified."""
        secret = json.loads((self.folder / "secrets.json").read_text())[path]
        moved = timedelta(seconds=float((self.folder / "moved").read_text()))
        try:
            with time_machine.travel(datetime.now(UTC) + moved):
                return Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            return None

    def _drawn(self) -> tuple[str, Mood]:
        drawn = self.random.random()
        for chance, name, mood in (
            (LATER, "503", answers(503)),
            (TOO_MANY, "429", answers(429, Retry_After="30")),
            (BROKEN, "500", answers(500)),
            (DROPPED, "dropped", hang_up),
        ):
            if drawn < chance:
                return name, mood
            drawn -= chance
        return "204", FINE


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)


def main() -> None:
    log, seed, folder = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with receiving(StormReceiver(log, seed, folder)) as receiver:
        sys.stdout.write(f"{receiver.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
