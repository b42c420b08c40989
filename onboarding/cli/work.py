"""`flask worker`, `flask sweep` and `flask deliver`: the jobs, for ever or once."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.jobs import runs
from onboarding.jobs.worker import Worker


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
@with_appcontext
def deliver() -> None:
    """Send the mail that is due; what cannot be sent stays for later."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    done = runs.deliver(app)
    if done.trouble:
        raise click.ClickException(f"The mail server cannot be used: {done.trouble}. Mail waits.")
    click.echo(done.in_words() or "There was nothing to send.")
    if done.failed:
        raise click.exceptions.Exit(1)
