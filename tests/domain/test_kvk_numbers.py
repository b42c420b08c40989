"""Another KvK number: from a day that has come, or in the place of a wrong one."""

from datetime import timedelta

import pytest

from onboarding.domain.errors import InputInvalid, NotAllowed
from onboarding.domain.kvk_numbers import change_kvk_number, correct_kvk_number
from onboarding.domain.people import Role
from tests.build import KVK, TODAY, an_actor

BUYER = an_actor(Role.BUYER)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def test_another_number_is_another_number() -> None:
    change = change_kvk_number(1, KVK, "17 037 842", YESTERDAY, " overname ", BUYER, TODAY)
    assert (change.was, change.becomes, change.from_on) == (KVK, "17037842", YESTERDAY)
    assert change.reason == "overname"
    correction = correct_kvk_number(1, None, "17037842", "vergeten", BUYER)
    assert (correction.was, correction.becomes) == (None, "17037842")


@pytest.mark.parametrize(
    ("text", "from_on", "reason", "field"),
    [
        ("2076358", TODAY, "overname", "kvk_number"),
        ("", TODAY, "overname", "kvk_number"),
        ("17037842", TOMORROW, "overname", "from_on"),
        ("17037842", TODAY, " ", "reason"),
    ],
)
def test_what_cannot_be(text: str, from_on, reason: str, field: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        change_kvk_number(1, KVK, text, from_on, reason, BUYER, TODAY)
    assert refused.value.facts["field"] == field


def test_a_reader_changes_no_number() -> None:
    with pytest.raises(NotAllowed):
        change_kvk_number(1, KVK, "17037842", TODAY, "x", an_actor(Role.READER), TODAY)
    with pytest.raises(NotAllowed):
        correct_kvk_number(1, KVK, "17037842", "x", an_actor(Role.READER))
