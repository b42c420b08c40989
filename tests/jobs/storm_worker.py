"""Workers to kill, forked by a nursery that has read the program, so that a new one is there soon.

`python -m tests.jobs.storm_worker URL CLOCK` reads commands. `warm PORT` sweeps and delivers once,
to the mail server on that port: what each worker would make for itself at first (templates,
statements) is there then. `start` forks a worker and prints its number; `reap NUMBER` waits until
that one is gone. The nursery ends with its input, and all workers with it. CLOCK is a file that
holds by how many seconds the day is moved.
"""

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

from flask import Flask

from onboarding.app import create_app
from onboarding.clock import Clock
from onboarding.jobs import runs, timetable
from onboarding.jobs.timetable import Job
from onboarding.jobs.worker import Worker
from onboarding.store.database import db
from tests import databases

JOBS = (
    Job(name="sweep", every=timedelta(seconds=3), run=timetable.sweep),
    Job(name="deliver", every=timedelta(seconds=1), run=timetable.deliver),
)


def an_app(url: str, moved: Path) -> Flask:
    """The application with its day moved."""
    # One buyer reads of every address that is refused, and all in a few minutes.
    limits = {"MAIL_PER_PERSON": 0, "MAIL_PER_DOMAIN": 0}
    app = create_app({**databases.settings(url), **limits})
    app.extensions["clock"] = Clock(
        databases.zone(), lambda: timedelta(seconds=float(moved.read_text()))
    )
    return app


def main() -> None:
    app = an_app(sys.argv[1], Path(sys.argv[2]))
    living = set[int]()
    for line in sys.stdin:
        command, _, number = line.strip().partition(" ")
        if command == "warm":
            app.config["MAIL_PORT"] = int(number)
            _warm(app)
            _say(0)
        elif command == "start":
            process = os.fork()
            if process == 0:
                _work(app)
            living.add(process)
            _say(process)
        else:
            os.waitpid(int(number), 0)
            living.discard(int(number))
            _say(int(number))
    for process in living:
        os.kill(process, signal.SIGKILL)


def _warm(app: Flask) -> None:
    runs.sweep(app)
    runs.deliver(app)
    with app.app_context():
        db.engine.dispose()  # no connection is shared with a fork


def _work(app: Flask) -> None:
    sys.stdin.close()
    try:
        assert threading.active_count() == 1, "a fork takes no threads along"
        Worker(app, JOBS).run()
    finally:
        os._exit(0)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
