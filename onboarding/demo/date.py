"""How far the demo's date runs ahead: kept in the database, read once per request or job."""

import logging
from datetime import timedelta

from flask import Flask, current_app, g, has_app_context, has_request_context
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from onboarding.clock import Clock
from onboarding.store.database import db
from onboarding.store.tables import DemoClockRow

log = logging.getLogger(__name__)


class DemoOffset:
    """Told to the clock of the demo; `last` answers when the database cannot."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.last = timedelta()

    def __call__(self) -> timedelta:
        if has_request_context():
            if "demo_offset" not in g:
                g.demo_offset = self._read()
            offset: timedelta = g.demo_offset
            return offset
        return self._read()

    def _read(self) -> timedelta:
        """By a connection of its own: the session may be in the middle of something."""
        if not has_app_context() or current_app.extensions.get("clock") is None:
            with self._app.app_context():
                return self._read()
        try:
            with db.engine.connect() as connection:
                seconds = connection.scalar(select(DemoClockRow.offset_seconds))
            self.last = timedelta(seconds=max(seconds or 0, 0))
        except SQLAlchemyError:
            log.exception("The demo's date could not be read; the last one known is used.")
        return self.last


def set_offset(offset: timedelta) -> None:
    """Move the demo's date, for every process at once."""
    seconds = int(offset.total_seconds())
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(update(DemoClockRow).values(offset_seconds=seconds))
    if has_request_context():
        g.pop("demo_offset", None)
        g.pop("moment", None)


def demo_clock(app: Flask) -> Clock:
    """The application's clock, running ahead by what the time machine jumped."""
    clock: Clock = app.extensions["clock"]
    return Clock(clock.zone, DemoOffset(app))
