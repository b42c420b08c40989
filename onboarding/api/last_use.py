"""When each token was last used: gathered in memory, written down once a minute.

Nothing is written while a program is answered.
"""

import atexit
import logging
import threading
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from onboarding.store.database import db, unit_of_work
from onboarding.store.tokens import note_use

FLUSHED_EACH_SECONDS = 60.0
USES = "token_uses"

log = logging.getLogger(__name__)


class Uses:
    """The last uses that this process saw and has not written yet."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.last: dict[int, datetime] = {}
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._stopping = threading.Event()

    def note(self, token_id: int, now: datetime) -> None:
        with self._lock:
            self.last[token_id] = now
            if self._writer is None and not self.app.testing:
                # Started at the first use: in each worker process, not in the one that forks.
                self._writer = threading.Thread(target=self._write, daemon=True, name=USES)
                self._writer.start()
                atexit.register(self._stop)

    def flush(self) -> None:
        """Write down what was gathered; what cannot be written now is kept."""
        with self._lock:
            due, self.last = self.last, {}
        if not due:
            return
        try:
            with self.app.app_context():
                try:
                    with unit_of_work() as session:
                        note_use(session, due)
                finally:
                    db.session.remove()
        except SQLAlchemyError:
            log.warning("the last use of %s tokens could not be written", len(due), exc_info=True)
            with self._lock:
                self.last = {**due, **self.last}

    def _write(self) -> None:
        while not self._stopping.wait(FLUSHED_EACH_SECONDS):
            self.flush()

    def _stop(self) -> None:
        self._stopping.set()
        self.flush()


def note_last_use(token_id: int, now: datetime) -> None:
    uses: Uses = current_app.extensions[USES]
    uses.note(token_id, now)


def init_app(app: Flask) -> None:
    app.extensions[USES] = Uses(app)
