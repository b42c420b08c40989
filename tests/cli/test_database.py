"""`flask db upgrade` makes a database, says what it did, and leaves one customer."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from onboarding.app import create_app
from onboarding.cli import add_commands
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import OrganisationRow, PolicyRow
from tests import databases

ROOT = Path(__file__).parents[2]


def count(row: type) -> int:
    return db.session.scalar(select(func.count()).select_from(row)) or 0


def test_it_leaves_one_customer_with_one_policy_however_often(fresh_app: Flask) -> None:
    add_commands(fresh_app, dict)
    runner = fresh_app.test_cli_runner()
    for _ in range(2):
        done = runner.invoke(args=["db", "upgrade"])
        assert done.exit_code == 0, done.output
        assert done.output.endswith("The customer is Facilitair Bedrijf.\n")
    with fresh_app.app_context():
        customer = db.session.scalars(select(OrganisationRow)).one()
        assert (customer.name, customer.is_customer) == ("Facilitair Bedrijf", True)
        assert count(PolicyRow) == 1


def in_a_sentence(app: Flask, *command: str) -> str:
    add_commands(app, dict)
    done = app.test_cli_runner().invoke(args=command)
    assert isinstance(done.exception, SystemExit) and done.exit_code == 1
    assert "did `flask db upgrade` run?" in done.output
    return done.output


def test_missing_tables_are_told_in_a_sentence(fresh_app: Flask) -> None:
    with fresh_app.app_context(), unit_of_work() as session:
        session.execute(text("ALTER TABLE organisations RENAME TO elsewhere"))
    assert "organisations" in in_a_sentence(fresh_app, "reassess")


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    app = create_app(databases.settings("postgresql+psycopg://me@/here?host=/nowhere"))
    assert "/nowhere" in in_a_sentence(app, "db", "upgrade")


def test_it_makes_the_folder_of_a_sqlite_file(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there" / "yet.db"
    done = subprocess.run(
        [Path(sys.executable).parent / "flask", "db", "upgrade"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "x" * 32,
            "DATABASE_URL": f"sqlite:///{file}",
            "CUSTOMER_NAME": "Café De Hoek",
        },
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "The database went from nothing to 0" in done.stdout.decode()
    assert "The customer is Café De Hoek." in done.stdout.decode()
    assert file.exists()
