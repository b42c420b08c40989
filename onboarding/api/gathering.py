"""What answering programs leaves to be written: gathered in memory, written down once a minute.

Nothing is written while a program is answered.
"""

import atexit
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from onboarding.store.database import db, unit_of_work

FLUSHED_EACH_SECONDS = 60.0

Value = TypeVar("Value")
log = logging.getLogger(__name__)


class Gathering(ABC, Generic[Value]):
    """What this process saw of things with a number, and has not written yet."""

    name: str

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.gathered: dict[int, Value] = {}
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._stopping = threading.Event()

    @abstractmethod
    def joined(self, earlier: Value, later: Value) -> Value:
        """What two values of one thing make together."""

    @abstractmethod
    def write(self, session: Session, due: Mapping[int, Value]) -> None:
        """Write down what was gathered."""

    def note(self, seen: Mapping[int, Value]) -> None:
        with self._lock:
            self._add(seen)
            if self._writer is None and not self.app.testing:
                # Started at the first use: in each worker process, not in the one that forks.
                self._writer = threading.Thread(target=self._write_on, daemon=True, name=self.name)
                self._writer.start()
                atexit.register(self._stop)

    def flush(self) -> None:
        """Write down what was gathered; what cannot be written now is kept."""
        with self._lock:
            due, self.gathered = self.gathered, {}
        if not due:
            return
        try:
            with self.app.app_context():
                try:
                    with unit_of_work() as session:
                        self.write(session, due)
                finally:
                    db.session.remove()
        except SQLAlchemyError:
            log.warning("%s: %s could not be written", self.name, len(due), exc_info=True)
            with self._lock:
                newer, self.gathered = self.gathered, due
                self._add(newer)

    def _add(self, seen: Mapping[int, Value]) -> None:
        for number, value in seen.items():
            known = self.gathered.get(number)
            self.gathered[number] = value if known is None else self.joined(known, value)

    def _write_on(self) -> None:
        while not self._stopping.wait(FLUSHED_EACH_SECONDS):
            self.flush()

    def _stop(self) -> None:
        self._stopping.set()
        self.flush()
