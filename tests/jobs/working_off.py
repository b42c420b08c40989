"""A process that works batches off until nothing is left: for a test that kills it halfway."""

import sys

from onboarding.app import create_app
from onboarding.jobs import runs
from tests import databases
from tests.settable_clock import SettableClock

if __name__ == "__main__":
    app = create_app(databases.settings(sys.argv[1]))
    app.extensions["clock"] = SettableClock(databases.zone())
    while runs.batches(app):
        pass
