"""Days that go by for a test: the real sweep and the real delivery, each day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import Flask

from onboarding.jobs import runs
from tests.settable_clock import SettableClock


def live(app: Flask, clock: SettableClock, deliver: Callable[[], object], until: date) -> None:
    """Each day: the sweep at one in the night, and the delivery at eight."""
    day = clock.moment().today
    while day <= until:
        for hour in (1, 8):
            at = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=hour)
            if at >= clock.moment().now:
                clock.set(at)
            runs.sweep(app, clock.moment())
        deliver()
        day += timedelta(days=1)
