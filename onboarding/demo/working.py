"""The worker of a demo: the real timetable, every few seconds, but never during a jump."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask

from onboarding.demo.folder import DemoFolder
from onboarding.jobs.timetable import TIMETABLE, Job

EVERY = timedelta(seconds=5)  # whoever tries the tool looks at the caught mail at once


def demo_jobs(app: Flask) -> tuple[Job, ...]:
    """The jobs of the timetable, each only when the time machine stands still."""
    folder: DemoFolder = app.extensions["demo_folder"]

    def guarded(job: Job) -> Job:
        def run(app: Flask, stop: Callable[[], bool]) -> str:
            with folder.clock_in_hand(waits=False) as is_ours:
                return job.run(app, stop) if is_ours else ""

        return replace(job, every=EVERY, run=run)

    return tuple(guarded(job) for job in TIMETABLE)
