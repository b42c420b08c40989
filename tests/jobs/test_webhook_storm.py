"""Killed twenty times while it announces and delivers, each event arrives, verified and in order.

`bench/kill_storm.py --what webhooks` is the same with a hundred kills.
"""

from pathlib import Path

import pytest

from tests.jobs.storm import Wanted
from tests.jobs.webhook_storm import WebhookStorm

pytestmark = pytest.mark.long


@pytest.mark.parametrize("workers", [1, 2])
def test_every_event_arrives_and_each_copy_has_its_cause(
    fresh_database_url: str, tmp_path: Path, workers: int
) -> None:
    wanted = Wanted(workers=workers, kills=20, messages=40)
    found = WebhookStorm(fresh_database_url, tmp_path, wanted).run()
    assert found.wrong == []
    assert found.kills >= 20
    assert found.in_hand, "some came in the middle of a delivery"
    assert found.refused and found.sent == (30 + 40) * 5
