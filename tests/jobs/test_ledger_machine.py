"""Whatever happens in whatever order, each thing is owed once and said once, in three zones.

`EXAMPLES=200` makes up more days, other ones each time.
"""

import os
from collections import Counter

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from onboarding.app import create_app
from tests import databases
from tests.jobs.ledger_machine import NIGHTS, Ledger
from tests.mail.moody_server import MoodyServer

pytestmark = pytest.mark.long

MANY = settings(
    max_examples=int(os.environ.get("EXAMPLES", "4")),
    stateful_step_count=20,
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("zone", NIGHTS)
def test_each_thing_is_owed_once_and_said_once(
    engine: Engine, database_url: str, shared_apps: dict[str, Flask], zone: str
) -> None:
    url = f"{database_url}#ledger"  # an application of its own: the machine changes its settings
    if url not in shared_apps:
        shared_apps[url] = create_app(databases.settings(database_url))
    server, lived = MoodyServer(), Counter[str]()
    server.start()
    try:
        run_state_machine_as_test(
            lambda: Ledger(shared_apps[url], engine, server, zone, lived), settings=MANY
        )
    finally:
        server.stop()
    assert lived["reminders"] and lived["mails"], "nothing happened"
