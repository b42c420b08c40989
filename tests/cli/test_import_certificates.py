"""`flask import-certificates` reports good rows, tells the others, and counts in its last line."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.cli import add_commands
from onboarding.store.tables import CertificateRow
from tests import lists, stage

HEAD = "Organisatie;KvK;Trede;Geldig vanaf;Geldig t/m"
GOOD = "De Linde;2076358;Trede 2;1-11-2026;31-10-2028"


@pytest.fixture
def folder(tmp_path: Path, session: Session) -> Path:
    stage.a_relation(session, stage.a_customer(session), kvk_number="02076358")
    session.commit()
    return tmp_path


def run(app: Flask, folder: Path, content: bytes, *options: str) -> Result:
    if "import-certificates" not in app.cli.commands:
        add_commands(app, dict)
    file = folder / "list"
    file.write_bytes(content)
    return app.test_cli_runner().invoke(args=["import-certificates", str(file), *options])


def reported(session: Session) -> list[str]:
    return list(session.scalars(select(CertificateRow.level)))


def test_it_tells_and_counts(app: Flask, folder: Path, session: Session) -> None:
    content = lists.a_csv(HEAD, GOOD, "Vreemd;12345678;1;1-1-2026;31-12-2027", "X;02076358;goud;;")
    done = run(app, folder, content)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[-1] == "1 new, 0 changed, 0 unchanged, 2 wrong"
    assert "Row 2: 02076358 stood as 2076358" in lines
    assert "Row 3, KvK '12345678': None of your suppliers has this KvK number." in lines
    assert any(line.startswith("Row 4, Trede 'goud': This is no level.") for line in lines)
    assert reported(session) == ["trede-2"]
    again = run(app, folder, content)
    assert again.output.splitlines()[-1] == "0 new, 0 changed, 1 unchanged, 2 wrong"


def test_a_dry_run_changes_nothing(app: Flask, folder: Path, session: Session) -> None:
    done = run(app, folder, lists.a_csv(HEAD, GOOD), "--dry-run")
    assert done.output.splitlines()[-1] == "1 new, 0 changed, 0 unchanged, 0 wrong"
    assert reported(session) == []


def test_columns_are_chosen(app: Flask, folder: Path, session: Session) -> None:
    content = lists.a_csv("Nr,Soort,Van,Tot", "02076358,Basis,2026-11-01,2028-10-31")
    refused = run(app, folder, content)
    assert refused.exit_code == 1
    assert "These columns are there: Nr, Soort, Van, Tot." in refused.output
    chosen = ("kvk_number=Nr", "level=Soort", "starts_on=Van", "ends_on=Tot")
    options = [part for one in chosen for part in ("--column", one)]
    done = run(app, folder, content, *options)
    assert done.output.splitlines()[-1] == "1 new, 0 changed, 0 unchanged, 0 wrong"
    assert reported(session) == ["basis"]


def test_an_unreadable_file_changes_nothing(app: Flask, folder: Path, session: Session) -> None:
    done = run(app, folder, b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert (done.exit_code, done.output.startswith("Error: This ")) == (1, True)
    assert reported(session) == []
