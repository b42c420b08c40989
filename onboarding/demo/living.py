"""What the worker does at a moment of the demo: the real timetable, once, without waiting."""

from collections.abc import Iterable

from flask import Flask

from onboarding.jobs.timetable import TIMETABLE, Job

SENDS = "deliver"


def live(app: Flask) -> None:
    """Every job once: first what makes mail, then what sends it."""
    _run(app, [job for job in TIMETABLE if job.name != SENDS])
    send(app)


def send(app: Flask) -> None:
    """What goes within the minute after something happened."""
    _run(app, [job for job in TIMETABLE if job.name == SENDS])


def _run(app: Flask, jobs: Iterable[Job]) -> None:
    for job in jobs:
        job.run(app, lambda: False)
