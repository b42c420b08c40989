"""A process that works on drafts of policies, two suppliers at a time: for a test that kills it."""

import sys
from unittest.mock import patch

from onboarding.app import create_app
from onboarding.jobs import runs
from onboarding.services.policy import draft_work
from onboarding.services.policy import drafts as policy_drafts
from onboarding.services.policy import publishing as policy_publishing
from tests import databases
from tests.settable_clock import SettableClock

if __name__ == "__main__":
    app = create_app(databases.settings(sys.argv[1]))
    app.extensions["clock"] = SettableClock(databases.zone())
    with (
        patch.object(draft_work, "BATCH", 2),
        patch.object(policy_drafts, "BATCH", 2),
        patch.object(policy_publishing, "BATCH", 2),
        patch.object(runs, "REST", 0),
    ):
        while runs.drafts(app):
            pass
