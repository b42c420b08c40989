"""The worker: a clock that says "look now", in a process of its own.

APScheduler is only that clock: interval triggers in UTC, nothing in a job store, one run of a job
at a time, and a run that was missed is made up for once. Several workers do no harm.
"""

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from onboarding.clock import Clock
from onboarding.jobs.heartbeat import Heartbeat
from onboarding.jobs.timetable import TIMETABLE, Job

log = logging.getLogger(__name__)


class Worker:
    """Runs the timetable until it is stopped."""

    def __init__(self, app: Flask, jobs: Sequence[Job] = TIMETABLE) -> None:
        self.app, self.jobs = app, jobs
        self._stopping = threading.Event()
        self._heartbeat = Heartbeat(app)
        # One thread: the sweep and the delivery take turns, and SQLite has one writer anyway.
        self._scheduler = BlockingScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(1)}
        )

    def run(self) -> None:
        """Blocks until `stop`, or until the process is asked to end."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        self.start()

    def start(self) -> None:
        for job in self.jobs:
            self._scheduler.add_job(
                self.look,
                IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
                args=(job,),
                id=job.name,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
                next_run_time=_now(),
            )
        self._heartbeat.start()
        self._scheduler.start()
        self._heartbeat.stop()

    def look(self, job: Job) -> None:
        """One run of a job; what goes wrong is told, and the next run comes as planned."""
        if self._stopping.is_set():
            return
        self._heartbeat.at(job.name)
        try:
            told = job.run(self.app, self._stopping.is_set)
        except Exception:
            log.exception("%s went wrong", job.name)
        else:
            if told:
                log.info("%s: %s", job.name, told)
        finally:
            self._heartbeat.idle()

    def stop(self) -> None:
        """Finish the mail in hand and end."""
        self._stopping.set()
        threading.Thread(target=self._scheduler.shutdown, daemon=True).start()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        log.info("Ending after the mail in hand")
        self.stop()


def _now() -> datetime:
    return Clock.real_now()
