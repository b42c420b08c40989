"""A wrong setting stops what needs settings, with every mistake told and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
WRONG = {
    "SECRET_KEY": "short",
    "MAIL_PORT": "post",
    "DEFAULT_LOCALE": "fr",
    "EVIDENCE_URL": "box://nobody/knows/this",
    "MAIL_PER_PERSON": "many",
    "API_PER_MINUTE": "often",
    "KEEP_FILES_MONTHS": "two years",
    "MAIL_PER_DOMAIN": "-1",
    "INBOX_URL": "imap://in:hush@mail.example.nl/INBOX",
    "INBOX_ADDRESS": "post",
}


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("flask", "run", "--port", "0"),
        ("flask", "db", "upgrade"),
        ("gunicorn", "--no-control-socket", "wsgi:app"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_wrong_settings_stop_it(command: tuple[str, ...], tmp_path: Path) -> None:
    if command[0] == "gunicorn":
        command = (*command, "--bind", f"unix:{tmp_path / 'socket'}")
    done = run(*command, **WRONG)
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in told
    for setting in WRONG:
        assert f"- {setting}: " in told
    assert "hush" not in told


def test_help_needs_no_settings() -> None:
    done = run("flask", "--help", **WRONG)
    assert done.returncode == 0, done.stderr
    assert "Perform database migrations" in done.stdout
