"""What runs when, as data; what is due stands in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from onboarding.jobs import runs

Stop = Callable[[], bool]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to look at again and again; `run` tells in words what it did, or nothing."""

    name: str
    every: timedelta
    run: Callable[[Flask, Stop], str]


def deliver(app: Flask, stop: Stop) -> str:
    return runs.deliver(app, stop=stop).in_words()


TIMETABLE: tuple[Job, ...] = (Job(name="deliver", every=MINUTE, run=deliver),)
