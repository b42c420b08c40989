"""`flask backup FILE` and `flask restore FILE`: everything in one file, and back."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.database import current_revision
from onboarding.clock import Clock
from onboarding.services import backup as backups
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import EvidenceFiles

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write database and evidence to FILE, while the tool runs on."""
    clock: Clock = current_app.extensions["clock"]
    try:
        done = backups.back_up(
            db.engine, _files(), file, migration=current_revision(), made_at=clock.real_now()
        )
    except (backups.BackupRefused, OSError) as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{file} holds {done.rows} rows and {done.files} files.")
    if done.missing:
        raise click.ClickException(
            f"{len(done.missing)} files that the database names are not in EVIDENCE_URL: "
            + ", ".join(sha256[:12] for sha256 in done.missing)
        )


@click.command("restore")
@click.argument("file", type=FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database, and the place of evidence, from FILE."""
    try:
        migration = current_revision()
        with unit_of_work() as session:
            done = backups.restore(session, _files(), file, migration=migration)
    except backups.BackupRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"Restored {done.rows} rows and {done.files} files.")


def _files() -> EvidenceFiles:
    return EvidenceFiles(current_app.config["EVIDENCE_URL"])
