"""Killed twenty times while it sweeps and delivers, nothing is lost, changed, or sent for nothing.

`bench/kill_storm.py` is the same with hundreds of kills.
"""

from pathlib import Path

import pytest

from tests.jobs.mail_storm import MailStorm
from tests.jobs.storm import Wanted

pytestmark = pytest.mark.long


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_is_lost_and_each_copy_has_its_cause(
    fresh_database_url: str, tmp_path: Path, workers: int
) -> None:
    storm = MailStorm(fresh_database_url, tmp_path, Wanted(workers=workers, kills=20, messages=50))
    found = storm.run()
    assert found.wrong == []
    assert found.kills >= 20
    assert found.in_hand, "some came in the middle of a hand-over"
