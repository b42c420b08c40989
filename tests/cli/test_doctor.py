"""`flask doctor` says what is wrong, a line each with the way out, and fails when anything is."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from onboarding.cli.doctor import doctor
from onboarding.clock import Moment
from onboarding.services.mail.breaker import Gate, server_trouble
from onboarding.services.mail.incoming import note_poisonous
from onboarding.store.tables import RelationRow
from onboarding.store.workers import tell_of
from tests import stage
from tests.cli.test_settings import WRONG, run
from tests.conftest import SettableClock
from tests.jobs.inbox_stage import a_maildir
from tests.mail_server import MailServer


@pytest.fixture
def well(
    app: Flask,
    session: Session,
    clock: SettableClock,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Flask:
    """An installation with nothing wrong."""
    for name, value in mail_server.settings.items():
        monkeypatch.setitem(app.config, name, value)
    monkeypatch.setitem(app.config, "EVIDENCE_URL", str(tmp_path / "evidence"))
    now = clock.real_now()
    tell_of(session, "host:1:ab", started_at=now, now=now, job=None, job_since=None)
    session.commit()
    return app


def told(app: Flask) -> tuple[int, dict[str, str]]:
    """The exit status, and what was told by what it is about."""
    done = app.test_cli_runner().invoke(doctor)
    found = {}
    for line in done.output.splitlines():
        level, _, rest = line.partition(" ")
        about, colon, words = rest.strip().partition(":")
        if colon:
            found[about] = f"{level} {words.strip()}"
    return done.exit_code, found


def test_all_is_well(well: Flask, mail_server: MailServer, tmp_path: Path) -> None:
    status, found = told(well)
    assert status == 0, found
    assert {line.split()[0] for line in found.values()} == {"ok"}
    assert set(found) == {
        "settings",
        "database",
        "evidence",
        "worker",
        "queue",
        "breaker",
        "undelivered",
        "clock",
        "mail server",
    }
    assert mail_server.messages == []
    assert list((tmp_path / "evidence").iterdir()) == []


def test_a_database_of_another_version(well: Flask, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    status, found = told(well)
    assert status == 1
    assert found["database"].startswith("WRONG") and "flask db upgrade" in found["database"]
    assert "worker" not in found, "there may be no such table"
    assert found["mail server"].startswith("ok")


def test_a_folder_that_cannot_be_written(
    well: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setitem(well.config, "EVIDENCE_URL", str(tmp_path / "file" / "evidence"))
    status, found = told(well)
    assert status == 1
    assert found["evidence"].startswith("WRONG") and "EVIDENCE_URL" in found["evidence"]


def test_a_worker_that_is_gone_and_a_clock_that_was_set_back(
    well: Flask, clock: SettableClock
) -> None:
    clock.forward(minutes=5)
    status, found = told(well)
    assert status == 1
    assert found["worker"].startswith("WRONG not seen for 5 minutes (host:1:ab)")
    clock.forward(minutes=-125)
    status, found = told(well)
    assert status == 1
    assert found["clock"].startswith("WRONG") and "2 hours later" in found["clock"]


def test_no_worker_at_all(well: Flask, session: Session) -> None:
    session.execute(text("DELETE FROM workers"))
    session.commit()
    assert told(well)[1]["worker"].startswith("WRONG none runs")


def test_a_worker_that_is_long_at_one_thing(
    well: Flask, session: Session, clock: SettableClock
) -> None:
    since = clock.real_now()
    clock.forward(hours=3)
    now = clock.real_now()
    tell_of(session, "host:1:ab", started_at=since, now=now, job="deliver", job_since=since)
    session.commit()
    status, found = told(well)
    assert status == 0
    assert found["worker"].startswith("note seen 0 seconds ago, at deliver for 3 hours.")


def test_mail_that_waits_and_mail_that_was_given_up(
    well: Flask, session: Session, clock: SettableClock, relation: RelationRow
) -> None:
    waiting = stage.a_dead_letter(session, relation)
    waiting.state, waiting.due_at = "queued", clock.moment().now - timedelta(hours=2)
    stage.a_dead_letter(session, relation, state="dead")
    server_trouble(session, clock.moment(), "535 Wrong password", Gate.FREE)
    session.commit()
    status, found = told(well)
    assert status == 1
    assert found["queue"].startswith("WRONG 1 should have gone; the oldest waits for 2 hours")
    assert found["undelivered"].startswith("note 1 tried in vain, 0 refused")
    assert found["breaker"].startswith("WRONG open since 2026-11-24 09:00 UTC: 535 Wrong password")


@pytest.mark.parametrize(
    ("settings", "way_out"),
    [
        ({"MAIL_PORT": 9}, "See MAIL_SERVER and MAIL_PORT"),
        ({"MAIL_USE_TLS": True}, "See MAIL_USERNAME"),
        ({"MAIL_USERNAME": "a", "MAIL_PASSWORD": "b"}, "See MAIL_USERNAME"),
    ],
    ids=["no server", "no TLS", "no log-in"],
)
def test_a_mail_server_that_cannot_be_used(
    well: Flask, monkeypatch: pytest.MonkeyPatch, settings: dict[str, object], way_out: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setitem(well.config, name, value)
    status, found = told(well)
    assert status == 1
    assert found["mail server"].startswith("WRONG") and way_out in found["mail server"]


def test_an_inbox_is_opened_and_what_was_set_aside_is_told(
    well: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moment: Moment
) -> None:
    maildir = a_maildir(tmp_path / "post")
    (maildir / "new" / "1.letter").write_text("hoi")
    monkeypatch.setitem(well.config, "INBOX_URL", f"maildir:{maildir}")
    status, found = told(well)
    assert (status, found["inbox"]) == (0, "ok it can be read; nothing was marked.")
    assert (maildir / "new" / "1.letter").exists()
    note_poisonous(session, moment, "<1@x>", "boom")
    session.commit()
    monkeypatch.setitem(well.config, "INBOX_URL", "maildir:/nowhere/at/all")
    done = well.test_cli_runner().invoke(doctor)
    assert done.exit_code == 1
    assert "note  inbox:       1 letters were set aside in a month." in done.output
    assert "WRONG inbox:       /nowhere/at/all is no Maildir" in done.output


def test_without_settings_it_tells_the_mistakes() -> None:
    done = run("flask", "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("WRONG settings:    SECRET_KEY: at least 32 characters")
    wrong = run("flask", "doctor", **WRONG)
    assert wrong.returncode == 1
    for setting in WRONG:
        assert f"settings:    {setting}: " in wrong.stdout


def test_a_new_installation_has_no_tables_yet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    done = run("flask", "doctor", SECRET_KEY="x" * 40, DATABASE_URL=url, MAIL_PORT="9")
    assert done.returncode == 1
    assert "database:    it has no tables yet. Run flask db upgrade." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
