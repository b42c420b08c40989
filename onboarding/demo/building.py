"""Brings a demo into being: migrated, and seeded where it is new, reset or half built."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Event

from flask import Flask
from sqlalchemy import Engine, event, exists, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from onboarding.demo import database
from onboarding.demo.date import set_offset
from onboarding.demo.folder import DemoFolder
from onboarding.demo.living import live, send
from onboarding.demo.refusals import DemoRefused
from onboarding.demo.seed.cast import TALES, Tale
from onboarding.demo.seed.days import HISTORY
from onboarding.demo.seed.seeding import seed
from onboarding.store.database import db
from onboarding.store.tables import MessageRow

Tell = Callable[[str], object]


def make_ready(
    app: Flask,
    place: DemoFolder,
    *,
    reset: bool,
    stop: Event,
    tell: Tell,
    tales: Mapping[str, Tale] = TALES,
    history: timedelta = HISTORY,
) -> None:
    """Have the demo's database there, with its history. Raises DemoRefused.

    Asked to stop, it leaves half a demo, which the next start builds anew.
    """
    if not database.make_ready(app, reset=reset):
        return
    tell("Building the demo: sixty-odd suppliers and fourteen months. This takes about a minute.")
    began = time.monotonic()
    place.clear()
    with app.app_context():
        _hurry(db.engine)

    def check() -> None:
        if stop.is_set():
            raise DemoRefused("Stopped before the demo was built; the next start builds it anew.")

    def morning() -> None:
        check()
        live(app)

    def after_event() -> None:
        check()
        if _something_waits(app):
            send(app)

    seed(app, morning, after_event, tales, history)
    with app.app_context():
        set_offset(timedelta())
        db.engine.dispose()
    tell(f"The demo was built in {time.monotonic() - began:.0f} seconds.")


def _something_waits(app: Flask) -> bool:
    now = app.extensions["clock"].moment().now
    waits = exists().where(MessageRow.state.in_(("queued", "planned")), MessageRow.due_at <= now)
    with db.engine.connect() as connection:
        return bool(connection.scalar(select(waits)))


def _hurry(engine: Engine) -> None:
    """While a SQLite file is filled nothing is kept safe: half a demo is built anew anyway."""
    if engine.dialect.name != "sqlite":
        return
    engine.dispose()

    def without_waiting(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()

    event.listen(engine, "connect", without_waiting)

    def as_usual(_engine: Engine) -> None:
        event.remove(engine, "connect", without_waiting)

    event.listen(engine, "engine_disposed", as_usual, once=True)
