"""The benches do the same work on both sides. How long it takes is for them to tell, not for us."""

import pytest

from bench import delivery, sweep
from tests import cluster

DATABASES = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(cluster.binaries() is None, reason=cluster.HOW_TO_GET_IT),
    ),
]


@pytest.mark.parametrize("database", DATABASES)
def test_a_sweep_and_the_statement_by_hand_owe_the_same(database: str) -> None:
    found = sweep.main(["--milestones", "400", "--rounds", "1", "--database", database])
    assert [(one.milestones, one.due) for one in found] == [
        (40, 0),
        (400, 0),
        (40, 20),
        (400, 20),
        (400, 200),
    ]
    for one in found:
        assert one.found == one.found_by_hand == {one.due}


@pytest.mark.parametrize("database", DATABASES)
def test_the_delivery_and_the_loop_send_the_same(database: str) -> None:
    found = delivery.main(["--messages", "20", "--rounds", "1", "--database", database])
    assert len(found) == (2 if database == "postgresql" else 1)
    for compared in found:
        one, other = compared.sides.values()
        assert one.mails == one.taken == other.mails == other.taken == 20
        assert one.messages == other.messages == 20
        # But for numbers in links: the same mails.
        assert abs(one.bytes - other.bytes) < 40 * one.mails
