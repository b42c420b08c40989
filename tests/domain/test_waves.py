"""Waves fall on working days, in order, and not too far ahead; a draft is dropped only unseen."""

from datetime import date, timedelta
from typing import Any

import pytest

from onboarding.domain.batches import LONGEST_AHEAD, Waves, check_waves
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.negotiation import drop_draft
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Role
from tests import build
from tests.build import CALENDAR, TODAY


def waves(**fields: Any) -> Waves:
    return Waves(**{"first_on": TODAY, "size": 2, "working_days": 2, **fields})


def test_each_wave_comes_some_working_days_after_the_last() -> None:
    friday_before_easter = date(2027, 3, 26)
    days = waves(first_on=friday_before_easter).days(5, CALENDAR)
    assert days == (friday_before_easter, date(2027, 3, 31), date(2027, 4, 2))


def test_a_first_day_off_moves_on() -> None:
    assert waves(first_on=date(2027, 4, 27)).days(2, CALENDAR) == (date(2027, 4, 28),)


@pytest.mark.parametrize(("count", "number"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_everybody_is_in_a_wave(count: int, number: int) -> None:
    assert len(waves().days(count, CALENDAR)) == number


@pytest.mark.parametrize(
    ("fields", "count", "field", "reason"),
    [
        ({"first_on": TODAY - timedelta(days=1)}, 0, "first_on", "in-the-past"),
        ({"first_on": TODAY + LONGEST_AHEAD * 2}, 0, "first_on", "too-late"),
        ({"size": 0}, 0, "size", "out-of-range"),
        ({"working_days": 0}, 0, "working_days", "out-of-range"),
        ({"working_days": 61}, 0, "working_days", "out-of-range"),
        ({"size": 1, "working_days": 60}, 300, "size", "waves-too-far"),
    ],
)
def test_what_cannot_be_is_refused(
    fields: dict[str, Any], count: int, field: str, reason: str
) -> None:
    with pytest.raises(InputInvalid) as refused:
        check_waves(waves(**fields), count, TODAY, CALENDAR)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_only_a_draft_that_nobody_saw_is_dropped() -> None:
    buyer = build.an_actor(Role.BUYER)
    draft = build.a_pathway(state=PathwayState.DRAFT, proposed_on=None)
    assert drop_draft(draft, buyer).pathway_id == draft.id
    with pytest.raises(MoveRefused):
        drop_draft(build.a_pathway(state=PathwayState.DRAFT, proposed_on=TODAY), buyer)
    with pytest.raises(MoveRefused):
        drop_draft(build.a_proposal(proposed_on=None), buyer)
    with pytest.raises(NotAllowed):
        drop_draft(draft, build.an_actor(Role.SIGNATORY))
