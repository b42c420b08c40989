"""`flask worker`, `flask sweep` and `flask deliver`: the jobs, for ever or once."""

import logging
from collections import Counter
from datetime import datetime, time

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.clock import Clock
from onboarding.jobs import runs
from onboarding.jobs.timetable import in_words
from onboarding.jobs.worker import Worker

NOON = time(12)


@click.command()
@with_appcontext
def worker() -> None:
    """Look every minute what is due, until told to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo("The worker looks every minute what is due. Stop it with Ctrl-C.")
    Worker(app).run()
    click.echo("The worker has ended.")


@click.command()
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As if it were noon on this day; what is due then becomes owed.",
)
@with_appcontext
def sweep(on: datetime | None) -> None:
    """Owe what the day brings: reminders, calls, warnings, decisions, and changes of a status.

    A status that changes because a day came is announced on that day by the system's clock, so
    with --on never before it.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    clock: Clock = app.extensions["clock"]
    moment = None
    if on is not None:
        moment = clock.moment_at(datetime.combine(on.date(), NOON, clock.zone))
    click.echo(in_words(runs.sweep_and_announce(app, moment)) or "Nothing new was due.")


@click.command()
@click.option("--requeue", is_flag=True, help="Try mail again that was tried in vain before.")
@with_appcontext
def deliver(requeue: bool) -> None:
    """Send the mail and the webhooks that are due; what cannot be sent stays for later."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if requeue:
        click.echo(f"{runs.requeue(app)} dead put back.")
    posted: Counter[str] = Counter()
    while some := runs.webhooks(app):  # each run ends after some seconds, for the worker's sake
        posted += some
    if posted:
        click.echo(f"{in_words(posted)}.")
    done = runs.deliver(app, by_hand=True)
    if done.trouble:
        raise click.ClickException(f"The mail server cannot be used: {done.trouble}. Mail waits.")
    if mailed := done.in_words():
        click.echo(mailed)
    elif not posted:
        click.echo("There was nothing to send.")
    if done.failed:
        raise click.exceptions.Exit(1)
