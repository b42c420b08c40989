"""`flask demo` as a newcomer runs it: a process, its lines, its pages, and how it says no."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import create_engine, select, update

from onboarding.demo.caught_mail import CaughtMail
from onboarding.demo.folder import DemoFolder
from onboarding.store.tables import DemoClockRow, RelationRow
from tests import databases

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
PATIENCE = 120  # seconds; a machine may be busy


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def environment(**settings: str) -> dict[str, str]:
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def said_no(folder: Path, port: int, **settings: str) -> str:
    done = subprocess.run(
        [*COMMAND, "--port", str(port), "--folder", str(folder)],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


@contextmanager
def running(place: DemoFolder, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The demo in a process, and the lines that it printed until it was ready."""
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--folder", str(place.path)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Stop with"):
                break
        yield process, lines
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def read(url: str, **headers: str) -> tuple[int, str]:
    with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:
        return answer.status, answer.read().decode()


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def test_it_serves_what_it_prints_and_leaves_nothing_behind(demo_folder: DemoFolder) -> None:
    port = a_free_port()
    with running(demo_folder, port) as (process, lines):
        told = dict(line.split(": ", 1) for line in lines if ": " in line)
        assert told["Address"] == f"http://127.0.0.1:{port}/"
        for role in ("admin", "manager", "buyer", "reader"):
            assert re.fullmatch(r"\S+@\S+ \S+", told[f"Log-in ({role})"])
        supplier = told["Supplier"].split(" ")[0]
        for url in (told["Address"], told["Mail"], supplier):
            status, page = read(url)
            assert status == 200 and 'class="demo-bar"' in page
        text = "\n".join(lines)
        assert text.index("Bearer") == text.index("Bearer onb_")
        found = re.fullmatch(r"curl -H 'Authorization: (Bearer \S+)' (\S+)", told["Program"])
        assert found is not None
        status, answer = read(found[2], Authorization=found[1])
        assert status == 200 and '"kvk_number":"99990001"' in answer.replace(" ", "")
        workers = children(process.pid)
        assert workers, "the worker has a process of its own"
        taken = said_no(demo_folder.path.parent / "other", port)
        assert f"Port {port} cannot be used" in taken and "--port" in taken
        twice = said_no(demo_folder.path, a_free_port())
        assert "runs already" in twice
    assert process.returncode == 0
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}/stat").exists() for pid in workers):
        assert time.monotonic() < deadline, "the worker is still there"
        time.sleep(0.2)


def test_a_second_start_keeps_data_and_token(demo_folder: DemoFolder) -> None:
    engine = create_engine(demo_folder.own_database)
    with engine.begin() as connection:
        connection.execute(
            update(RelationRow).where(RelationRow.kvk_number == "99990002").values(city="Urk")
        )
        connection.execute(update(DemoClockRow).values(offset_seconds=86_400))
    mails = len(CaughtMail(demo_folder.mails))
    tokens = []
    for _ in range(2):
        with running(demo_folder, a_free_port()) as (_process, lines):
            tokens += re.findall(r"Bearer (\S+)'", "\n".join(lines))
    assert len(set(tokens)) == 1 and len(tokens) == 2
    with engine.connect() as connection:
        assert connection.scalar(select(DemoClockRow.offset_seconds)) == 86_400
        where = RelationRow.kvk_number == "99990002"
        assert connection.scalar(select(RelationRow.city).where(where)) == "Urk"
    assert len(CaughtMail(demo_folder.mails)) >= mails
    engine.dispose()


def test_somebodys_data_is_left_alone(tmp_path: Path) -> None:
    url = databases.copy_sqlite(tmp_path, "real")
    before = (tmp_path / "real.db").read_bytes()
    told = said_no(tmp_path / "demo", a_free_port(), DATABASE_URL=url)
    assert "is no demo" in told and "DATABASE_URL" in told
    assert (tmp_path / "real.db").read_bytes() == before


def test_a_database_out_of_reach_is_told(tmp_path: Path) -> None:
    url = f"postgresql://nobody:hush@127.0.0.1:{a_free_port()}/nothing"
    told = said_no(tmp_path / "demo", a_free_port(), DATABASE_URL=url)
    assert "cannot be used" in told and "hush" not in told
