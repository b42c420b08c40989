"""`flask db …`: Flask-Migrate's commands, with an `upgrade` that tells what it did."""

import copy
from pathlib import Path

import click
import flask_migrate.cli
from alembic.runtime.migration import MigrationContext

from onboarding.store.database import db as database


@click.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database up to date; leaves one customer, named CUSTOMER_NAME."""
    url = database.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    before = _revision()
    flask_migrate.upgrade(revision=revision)
    after = _revision()
    if before == after:
        click.echo(f"The database was already at migration {after}.")
    else:
        click.echo(f"The database went from {before} to {after}.")


def _revision() -> str:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "nothing"


db = copy.copy(flask_migrate.cli.db)
db.commands = {**db.commands, "upgrade": upgrade}
