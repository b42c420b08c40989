"""Workers that wait for a word and then deliver together what is due.

`python -m bench.crew URL PORT` delivers at each line of its input, and prints how many mails it
sent and the seconds of processor time that took.
"""

import gc
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from time import process_time
from types import TracebackType
from typing import Self

from flask import Flask

from onboarding.app import create_app
from onboarding.clock import Clock
from onboarding.jobs import runs
from tests import databases
from tests.jobs.storm_stage import NOW


class StandsStill(Clock):
    """A Tuesday morning that does not pass."""

    @staticmethod
    def real_now() -> datetime:
        return NOW


def an_app(url: str, port: int) -> Flask:
    app = create_app({**databases.settings(url), "MAIL_PORT": port})
    app.extensions["clock"] = StandsStill(databases.zone())
    return app


class Crew:
    """So many workers in processes of their own."""

    def __init__(self, url: str, port: int, workers: int) -> None:
        self.command = [sys.executable, "-m", "bench.crew", url, str(port)]
        self.workers = workers

    def __enter__(self) -> Self:
        self._processes = [
            subprocess.Popen(
                self.command,
                cwd=Path(__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(self.workers)
        ]
        for process in self._processes:
            assert process.stdout is not None
            process.stdout.readline()  # it is there
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.communicate()

    def deliver(self) -> tuple[int, float]:
        """Returns when the last one is done: mails sent, and seconds of processor time."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        mails, seconds = 0, 0.0
        for process in self._processes:
            assert process.stdout is not None
            sent, used = process.stdout.readline().split()
            mails, seconds = mails + int(sent), seconds + float(used)
        return mails, seconds


def main() -> None:
    app = an_app(sys.argv[1], int(sys.argv[2]))
    gc.freeze()  # as wsgi.py does for the worker
    print(flush=True)
    for _ in sys.stdin:
        before = process_time()
        sent = runs.deliver(app).sent
        print(sent, process_time() - before, flush=True)


if __name__ == "__main__":
    main()
