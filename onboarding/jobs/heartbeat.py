"""A worker tells each minute that it is there, and what it is at, in a thread of its own.

So one long delivery does not look like a dead worker, and a worker that hangs tells in what.
"""

import logging
import os
import secrets
import socket
import threading
from datetime import datetime

from flask import Flask

from onboarding.clock import Clock
from onboarding.store import workers
from onboarding.store.database import db, unit_of_work

log = logging.getLogger(__name__)
EVERY = 60.0  # seconds


class Heartbeat:
    """`at` and `idle` are called around each job; `beat` writes the row."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._clock: Clock | None = app.extensions.get("clock")
        self._started_at = self._now()
        self._job: tuple[str, datetime] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The worker ends as asked: it is not missed."""
        self._over.set()
        self._thread.join(5)
        self._write(is_over=True)

    def at(self, job: str) -> None:
        self._job = job, self._now()

    def idle(self) -> None:
        self._job = None

    def beat(self) -> None:
        self._write(is_over=False)

    def _beat_on(self) -> None:
        self.beat()
        while not self._over.wait(EVERY):
            self.beat()

    def _write(self, *, is_over: bool) -> None:
        """What goes wrong is logged; the next minute tries again."""
        job, since = self._job or (None, None)
        try:
            with self.app.app_context():
                try:
                    with unit_of_work() as session:
                        if is_over:
                            workers.forget(session, self.name)
                        else:
                            workers.tell_of(
                                session,
                                self.name,
                                started_at=self._started_at,
                                now=self._now(),
                                job=job,
                                job_since=since,
                            )
                finally:
                    db.session.remove()
        except Exception:
            log.warning("The worker could not tell that it is there", exc_info=True)

    def _now(self) -> datetime:
        return self._clock.real_now() if self._clock else Clock.real_now()
