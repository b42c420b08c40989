"""The worker as a process: it looks at once, and told to end it finishes the mail in hand."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Clock
from onboarding.domain.messages import MessageKind
from onboarding.jobs import runs
from onboarding.jobs.heartbeat import Heartbeat
from onboarding.jobs.timetable import MINUTE, TIMETABLE, Job
from onboarding.jobs.worker import Worker
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.store.tables import MailRow, WorkerRow
from tests import databases, stage
from tests.conftest import SettableClock
from tests.mail_server import MailServer

ROOT = Path(__file__).parents[2]


class SlowServer(MailServer):
    """Takes half a second for each mail."""

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        time.sleep(0.5)
        return answer


def until(what: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def test_told_to_end_it_finishes_the_mail_in_hand(
    fresh_database_url: str, fresh_sessions: sessionmaker[Session]
) -> None:
    moment = Clock(databases.zone()).moment_at(datetime.now(UTC))
    with fresh_sessions() as session:
        customer = stage.a_customer(session)
        for _ in range(20):
            relation = stage.a_relation(session, customer)
            stage.a_contact(session, relation)
            owed = Owed(kind=MessageKind.ACCEPTED, about="1", relation_id=relation.id)
            owe_to_supplier(session, moment, relation, owed)
        session.commit()
    server = SlowServer()
    server.start()
    environment = {
        **os.environ,
        "SECRET_KEY": "x" * 40,
        "DATABASE_URL": fresh_database_url,
        "MAIL_SERVER": server.hostname,
        "MAIL_PORT": str(server.port),
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    try:
        assert until(lambda: len(server.messages) >= 2), "it looks as soon as it starts"
        with fresh_sessions() as session:
            seen = session.scalars(select(WorkerRow)).one()
        assert f":{worker.pid}:" in seen.name
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=20)
        assert worker.returncode == 0, said.decode()
    finally:
        worker.kill()
        server.stop()
    with fresh_sessions() as session:
        states = Counter(session.scalars(select(MailRow.state)))
        assert session.scalars(select(WorkerRow)).all() == [], "one that ended is not missed"
    assert states == {"sent": len(server.messages)}
    assert len(server.messages) < 20


def test_a_job_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    looked: list[str] = []

    def fail(app: Flask, stop: Callable[[], bool]) -> str:
        raise RuntimeError("boom")

    def note(app: Flask, stop: Callable[[], bool]) -> str:
        looked.append("here")
        worker.stop()
        return ""

    jobs = (Job(name="fails", every=MINUTE, run=fail), Job(name="notes", every=MINUTE, run=note))
    worker = Worker(Flask("test"), jobs)
    worker.start()
    assert looked == ["here"]
    assert "fails went wrong" in caplog.text


def test_a_worker_tells_what_it_is_at(app: Flask, session: Session, clock: SettableClock) -> None:
    heartbeat = Heartbeat(app)
    heartbeat.at("deliver")
    clock.forward(minutes=1)
    heartbeat.beat()
    row = session.scalars(select(WorkerRow)).one()
    assert (row.job, row.seen_at - row.job_since) == ("deliver", timedelta(minutes=1))
    heartbeat.idle()
    clock.forward(minutes=1)
    heartbeat.beat()
    session.expire_all()
    row = session.scalars(select(WorkerRow)).one()
    assert (row.job, row.seen_at - row.started_at) == (None, timedelta(minutes=2))


def test_a_worker_that_vanished_is_forgotten_after_a_day(
    app: Flask, session: Session, clock: SettableClock
) -> None:
    Heartbeat(app).beat()
    clock.forward(hours=23)
    runs.tidy(app)
    assert session.scalars(select(WorkerRow)).one()
    clock.forward(hours=2)
    runs.tidy(app)
    assert session.scalars(select(WorkerRow)).all() == []


def test_the_timetable_sweeps_and_delivers_each_minute() -> None:
    every = {job.name: job.every for job in TIMETABLE}
    assert every["sweep"] == every["deliver"] == MINUTE
