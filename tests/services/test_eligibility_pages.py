"""A page of suppliers with one status: how many are looked through to fill it."""

from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest

from onboarding.domain.eligibility import Status
from onboarding.services.feed import eligibility_answers
from onboarding.services.feed.eligibility_answers import Listed, list_statuses

SUPPLIERS = 5_000


@pytest.mark.parametrize(
    ("every", "lacking_at_first", "scans"),
    [
        (1, 0, [200]),
        (2, 0, [200]),
        (20, 0, [200, 800]),  # and not a thousand, however many suppliers there are
        (8, 0, [200, 200]),
        (5_000, 0, [200, *[1000] * 5]),
        (20, 1_000, [200, *[1000] * 2]),  # the first ones tell nothing of it
    ],
)
def test_no_more_are_looked_through_than_are_likely_needed(
    every: int, lacking_at_first: int, scans: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    holders = range(lacking_at_first + every, SUPPLIERS + 1, every)
    looked: list[int] = []

    def page_of_rows(_: object, _listed: Listed, *, after_id: int, limit: int) -> object:
        looked.append(limit)
        last = after_id + limit
        found = [(one,) for one in holders if after_id < one <= last]
        return found, last if last < SUPPLIERS else None

    monkeypatch.setattr(eligibility_answers, "one_read", nullcontext)
    monkeypatch.setattr(eligibility_answers, "page_of_rows", page_of_rows)
    listed = Listed(
        customer_id=1,
        on=date(2026, 11, 24),
        known_at=datetime(2026, 11, 24, tzinfo=UTC),
        status=Status.INELIGIBLE,
    )
    rows = list_statuses(listed, after_id=0, limit=40)
    assert looked == scans
    assert [one for (one,) in rows] == list(holders[:40])
