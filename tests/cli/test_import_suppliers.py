"""`flask import-suppliers` takes good rows, tells the others, and counts in its last line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.cli import add_commands
from onboarding.store.tables import RelationRow
from tests import lists, stage


@pytest.fixture
def folder(tmp_path: Path, session: Session) -> Path:
    stage.a_customer(session)
    session.commit()
    return tmp_path


def run(app: Flask, file: Path, *options: str) -> Result:
    if "import-suppliers" not in app.cli.commands:
        add_commands(app, dict)
    return app.test_cli_runner().invoke(args=["import-suppliers", str(file), *options])


def saved(folder: Path, content: bytes) -> Path:
    file = folder / "list"
    file.write_bytes(content)
    return file


def known(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RelationRow)) or 0


def test_it_tells_and_counts(app: Flask, folder: Path, session: Session) -> None:
    file = saved(folder, lists.a_csv("Naam;KvK;Wat", "Zoë;2076358;x", "Kort;12;"))
    done = run(app, file)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[-1] == "1 new, 0 changed, 0 unchanged, 1 wrong"
    assert "Row 2: 02076358 stood as 2076358" in lines
    assert "Row 3, KvK '12': 12 is no KvK number: that has 8 digits, such as 02076358." in lines
    assert "Columns not used: Wat" in lines
    assert run(app, file).output.splitlines()[-1] == "0 new, 0 changed, 1 unchanged, 1 wrong"
    assert known(session) == 1


def test_a_dry_run_changes_nothing(app: Flask, folder: Path, session: Session) -> None:
    done = run(app, saved(folder, lists.a_csv("Naam", "Zoë")), "--dry-run")
    assert done.output.splitlines()[-1] == "1 new, 0 changed, 0 unchanged, 0 wrong"
    assert known(session) == 0


def test_columns_are_chosen(app: Flask, folder: Path, session: Session) -> None:
    file = saved(folder, lists.a_csv("Wie,Nummer", "Zoë,17037842"))
    refused = run(app, file)
    assert refused.exit_code == 1
    assert "These are there: Wie, Nummer." in refused.output
    done = run(app, file, "--column", "name=Wie", "--column", "kvk_number=Nummer")
    assert done.output.splitlines()[-1] == "1 new, 0 changed, 0 unchanged, 0 wrong"


@pytest.mark.parametrize(
    "content",
    [bytes, lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), lists.a_bomb],
    ids=["empty", "PNG", "bomb"],
)
def test_an_unreadable_file_changes_nothing(
    app: Flask, folder: Path, session: Session, content: Callable[[], bytes]
) -> None:
    done = run(app, saved(folder, content()))
    assert done.exit_code == 1
    assert done.output.startswith("Error: This ")
    assert known(session) == 0


def test_a_file_that_is_not_there(app: Flask, folder: Path) -> None:
    done = run(app, folder / "none.csv")
    assert done.exit_code == 1
    assert "No such file" in done.output


def test_of_several_customers_one_is_named(app: Flask, folder: Path, session: Session) -> None:
    stage.a_customer(session, "Ander")
    session.commit()
    file = saved(folder, lists.a_csv("Naam", "Zoë"))
    assert run(app, file).exit_code == 1
    assert known(session) == 0
    assert run(app, file, "--customer", "Ander").exit_code == 0
    assert known(session) == 1
