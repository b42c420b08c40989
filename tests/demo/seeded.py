"""A seeded demo, made once per test run and copied for whoever asks."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask

from config import Config
from onboarding.app import create_app
from onboarding.demo import building
from onboarding.demo.caught_mail import CaughtMail
from onboarding.demo.folder import DemoFolder
from onboarding.demo.mail_server import CatchingServer
from onboarding.demo.mode import SETTING
from onboarding.demo.seed.cast import TALES, Tale
from onboarding.demo.seed.days import HISTORY
from onboarding.store.database import db
from tests import databases


@contextmanager
def demo_app(place: DemoFolder, database_url: str | None = None) -> Iterator[Flask]:
    """The application of the demo in a folder, with its mail server running."""
    server = CatchingServer(CaughtMail(place.mails))
    server.start()
    place.path.mkdir(parents=True, exist_ok=True)
    environment = place.environment(database_url, 8123, server.port)
    settings: dict[str, Any] = {
        **Config.from_env(environment).flask_settings(),
        SETTING: str(place.path),
    }
    app = create_app(settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        server.stop()


def build(
    place: DemoFolder,
    database_url: str | None = None,
    tales: Mapping[str, Tale] = TALES,
    history: timedelta = HISTORY,
) -> None:
    with demo_app(place, database_url) as app:
        building.make_ready(
            app,
            place,
            reset=False,
            stop=Event(),
            tell=lambda line: None,
            tales=tales,
            history=history,
        )


A_FEW = {key: TALES[key] for key in ("delinde", "zoetebroodjes", "liftonderhoud")}
SOME_MONTHS = timedelta(days=150)


def copy_of_the_demo(folder: Path) -> DemoFolder:
    """A copy of the whole demo, on SQLite. Takes most of a minute to make: ask for it once."""
    return _copy(folder, "demo", TALES, HISTORY)


def copy_of_a_small_demo(folder: Path) -> DemoFolder:
    """A copy of a demo in which only a few suppliers have a story."""
    return _copy(folder, "small", A_FEW, SOME_MONTHS)


def _copy(folder: Path, name: str, tales: Mapping[str, Tale], history: timedelta) -> DemoFolder:
    made = databases.run_folder() / name
    with databases.one_at_a_time(name):
        if not made.exists():
            making = DemoFolder(databases.run_folder() / f"{name}.making")
            shutil.rmtree(making.path, ignore_errors=True)
            build(making, tales=tales, history=history)
            making.path.rename(made)
    shutil.copytree(made, folder / "demo")
    return DemoFolder(folder / "demo")
