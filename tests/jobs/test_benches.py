"""The benches do the same work on both sides. How long it takes is for them to tell, not for us."""

import pytest

from bench import delivery, feed, reassess, served, sweep
from tests import cluster

pytestmark = pytest.mark.long
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


@pytest.mark.parametrize("database", DATABASES)
def test_the_feed_and_the_loop_write_the_same(database: str) -> None:
    arguments = ["--suppliers", "240", "--rounds", "1", "--lookups", "2", "--database", database]
    (found,) = feed.main(arguments)
    assert (found.statements, found.writes) == (1, 0)
    assert found.lines == {"CSV": 240, "NDJSON": 240, "by hand": 240}
    assert found.is_same
    assert all(one.contender and one.baseline for one in found.compared)


@pytest.mark.parametrize("database", DATABASES)
def test_recomputing_writes_as_much_as_with_a_constant_verdict(database: str) -> None:
    (found,) = reassess.main(["--relations", "30", "--database", database])
    rules, constant = found.written
    assert rules == constant
    assert rules[0] == 30
    assert found.changed == {"all is written": (30, 30), "nothing differs": (0, 0)}
    assert set(found.megabytes) == {15, 30}


@pytest.mark.parametrize("database", DATABASES)
def test_both_gunicorns_answer(database: str) -> None:
    arguments = ["--suppliers", "40", "--rounds", "1", "--seconds", "0.2", "--threads", "2"]
    (found,) = served.main([*arguments, "--database", database])
    assert found.lookups[0] > 0 < found.bare[0]
