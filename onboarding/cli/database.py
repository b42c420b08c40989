"""`flask db …`: Flask-Migrate's commands, with an `upgrade` that tells what it did."""

import copy
from pathlib import Path

import click
import flask_migrate.cli
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from onboarding.services.installation import ensure_customer
from onboarding.store.database import db as database
from onboarding.store.database import unit_of_work


@click.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database up to date; leaves one customer, named CUSTOMER_NAME."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    before = current_revision()
    flask_migrate.upgrade(revision=revision)
    after = current_revision()
    if before == after:
        click.echo(f"The database was already at migration {after}.")
    else:
        click.echo(f"The database went from {before} to {after}.")
    if after == _newest():
        with unit_of_work() as session:
            moment = current_app.extensions["clock"].moment()
            customer = ensure_customer(session, moment, current_app.config["CUSTOMER_NAME"])
            click.echo(f"The customer is {customer.name}.")


def current_revision() -> str:
    """The migration that the database is at, or `nothing`."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "nothing"


def _newest() -> str | None:
    migrate = current_app.extensions["migrate"].migrate
    return ScriptDirectory.from_config(migrate.get_config()).get_current_head()


db = copy.copy(flask_migrate.cli.db)
db.commands = {**db.commands, "upgrade": upgrade}
