"""Workers to kill, forked by a nursery that has read the program, so that a new one is there soon.

`python -m tests.jobs.storm_worker URL CLOCK WORK` reads commands. `warm PORT` does each job of WORK
once, with the mail server on that port: what each worker would make for itself at first (templates,
statements) is there then. `start` forks a worker and prints its number; `reap NUMBER` waits until
that one is gone. The nursery ends with its input, and all workers with it. CLOCK is a file that
holds by how many seconds the day is moved; for webhooks, which live on real instants, all is moved.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from onboarding.app import create_app
from onboarding.clock import Clock
from onboarding.jobs import timetable
from onboarding.jobs.timetable import Job
from onboarding.jobs.worker import Worker
from onboarding.store.database import db
from tests import databases

SECOND = timedelta(seconds=1)
JOBS = {
    "mail": (
        Job(name="sweep", every=3 * SECOND, run=timetable.sweep),
        Job(name="deliver", every=SECOND, run=timetable.deliver),
    ),
    "webhooks": (
        Job(name="announce", every=SECOND, run=timetable.announce),
        Job(name="webhooks", every=SECOND, run=timetable.webhooks),
    ),
}


@dataclass(frozen=True)
class MovedClock(Clock):
    """Its real instants are moved, and the day with them."""

    moved: Path = Path()

    def real_now(self) -> datetime:
        return Clock.real_now() + timedelta(seconds=float(self.moved.read_text()))


def an_app(url: str, moved: Path, work: str) -> Flask:
    """The application with its clock moved."""
    # One buyer reads of every address that is refused, and all in a few minutes.
    limits = {"MAIL_PER_PERSON": 0, "MAIL_PER_DOMAIN": 0}
    app = create_app({**databases.settings(url), **limits, "WEBHOOKS_INSIDE": True})
    day = Clock(databases.zone(), lambda: timedelta(seconds=float(moved.read_text())))
    real = MovedClock(databases.zone(), moved=moved)
    app.extensions["clock"] = real if work == "webhooks" else day
    return app


def main() -> None:
    work = sys.argv[3]
    app = an_app(sys.argv[1], Path(sys.argv[2]), work)
    living = set[int]()
    for line in sys.stdin:
        command, _, number = line.strip().partition(" ")
        if command == "warm":
            app.config["MAIL_PORT"] = int(number)
            _warm(app, JOBS[work])
            _say(0)
        elif command == "start":
            process = os.fork()
            if process == 0:
                _work(app, JOBS[work])
            living.add(process)
            _say(process)
        else:
            os.waitpid(int(number), 0)
            living.discard(int(number))
            _say(int(number))
    for process in living:
        os.kill(process, signal.SIGKILL)


def _warm(app: Flask, jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.run(app, lambda: False)
    with app.app_context():
        db.engine.dispose()  # no connection is shared with a fork


def _work(app: Flask, jobs: Sequence[Job]) -> None:
    sys.stdin.close()
    try:
        assert threading.active_count() == 1, "a fork takes no threads along"
        Worker(app, jobs).run()
    finally:
        os._exit(0)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
