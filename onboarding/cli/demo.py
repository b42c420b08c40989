"""`flask demo`: sets up what is missing, serves pages, worker and caught mail, and tells where."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from onboarding.app import ROOT, create_app
from onboarding.demo import building, greeting, serving, working
from onboarding.demo.caught_mail import CaughtMail
from onboarding.demo.folder import DemoFolder
from onboarding.demo.mail_server import CatchingServer
from onboarding.demo.mode import SETTING
from onboarding.demo.refusals import DemoRefused
from onboarding.jobs.worker import Worker


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and build it anew.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help="Of the pages; 8000.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "instance" / "demo",
    help="Where the demo keeps its data; instance/demo.",
)
@with_appcontext
def demo(reset: bool, port: int, folder: Path) -> None:
    """Show the tool with some sixty made-up suppliers; needs no settings."""
    database_url = os.environ.get("DATABASE_URL", "").strip() or None
    place = DemoFolder.for_database(folder.resolve(), database_url)
    try:
        with (
            serving.stopping_on_signals() as stop,
            serving.take_port(port) as listener,
            place.in_use(),
        ):
            _run(place, database_url, listener, stop, reset=reset)
    except DemoRefused as refused:
        raise click.ClickException(str(refused)) from None


def _run(
    place: DemoFolder, database_url: str | None, listener: Any, stop: Any, *, reset: bool
) -> None:
    port = listener.getsockname()[1]
    mail_server = CatchingServer(CaughtMail(place.mails))
    mail_server.start()
    try:
        settings = _settings(place, database_url, port, mail_server.port)
        app = create_app(settings)
        building.make_ready(app, place, reset=reset, stop=stop, tell=_tell)
        if stop.is_set():
            return
        with serving.pages(app, listener), serving.worker(run_worker, settings) as worker:
            for line in greeting.lines(app, place):
                _tell(line)
            while not stop.wait(1.0):
                if not worker.is_alive():
                    raise DemoRefused(
                        "The demo's worker ended unexpectedly; what it said stands above. "
                        "Start the demo again."
                    )
        _tell("The demo has stopped.")
    finally:
        mail_server.stop()


def _tell(line: str) -> None:
    """At once, also where the output is no terminal."""
    click.echo(line)
    sys.stdout.flush()


def _settings(
    place: DemoFolder, database_url: str | None, port: int, mail_port: int
) -> dict[str, Any]:
    """As an operator's environment would give them, and the one that makes it a demo."""
    read_settings = current_app.extensions["read_settings"]
    environment = place.environment(database_url, port, mail_port)
    return {**read_settings(environment), SETTING: str(place.path)}


def run_worker(settings: dict[str, Any]) -> None:
    """What the worker's process does: the real timetable, more often than once a minute."""
    app: Flask = create_app(settings)
    worker = Worker(app, working.demo_jobs(app))
    serving.when_parent_is_gone(worker.stop)
    worker.run()
