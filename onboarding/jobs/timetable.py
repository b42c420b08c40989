"""What runs when, as data; what is due stands in the database."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from onboarding.jobs import runs
from onboarding.jobs.inbox import InboxUnavailable, read_inbox

log = logging.getLogger(__name__)
Stop = Callable[[], bool]
SOON = timedelta(seconds=10)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to look at again and again; `run` tells in words what it did, or nothing."""

    name: str
    every: timedelta
    run: Callable[[Flask, Stop], str]


def deliver(app: Flask, stop: Stop) -> str:
    return runs.deliver(app, stop=stop).in_words()


def sweep(app: Flask, stop: Stop) -> str:
    return in_words(runs.sweep(app))


def batches(app: Flask, stop: Stop) -> str:
    done = runs.batches(app, stop=stop)
    return in_words({"suppliers of batches": done} if done else {})


def policies(app: Flask, stop: Stop) -> str:
    done = runs.drafts(app, stop=stop)
    return in_words({"batches of policies": done} if done else {})


def inbox(app: Flask, stop: Stop) -> str:
    try:
        return in_words(read_inbox(app, stop=stop))
    except InboxUnavailable as unavailable:
        log.warning("Mail that came in cannot be read: %s", unavailable)
        return ""


def announce(app: Flask, stop: Stop) -> str:
    return in_words(runs.announce(app))


def webhooks(app: Flask, stop: Stop) -> str:
    return in_words(runs.webhooks(app, stop=stop))


def in_words(found: Mapping[str, int]) -> str:
    """`reminders: 2, calls: 1`; empty where nothing was new."""
    return ", ".join(f"{name}: {count}" for name, count in found.items())


def tidy(app: Flask, stop: Stop) -> str:
    return in_words(runs.tidy(app))


TIMETABLE: tuple[Job, ...] = (
    Job(name="sweep", every=MINUTE, run=sweep),
    Job(name="batches", every=SOON, run=batches),  # somebody may be watching the progress bar
    Job(name="announce", every=SOON, run=announce),  # programs follow the feed
    Job(name="policies", every=SOON, run=policies),
    Job(name="webhooks", every=SOON, run=webhooks),  # right after they are announced
    Job(name="deliver", every=MINUTE, run=deliver),
    Job(name="inbox", every=MINUTE, run=inbox),
    Job(name="tidy", every=HOUR, run=tidy),
)
