"""A drawn band has no piece that ends before it begins, however far its last day lies."""

from datetime import date, timedelta

import pytest
from flask import Flask

from onboarding.domain.eligibility import Difference, Period, Status, Verdict
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.web.presentation.bands import bands

TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)


def a_verdict(status: Status) -> Verdict:
    return Verdict(status=status, reasons=(), warnings=(), policy_version=1)


@pytest.mark.parametrize("days", [1, 89, 90, 331, 333, 334, 2000])
def test_pieces_lie_within_the_band(app: Flask, days: int) -> None:
    turn = TODAY + days * DAY
    late = turn + days * DAY  # beyond the end of the drawing, for the longer ones
    good, bad = a_verdict(Status.CONDITIONAL), a_verdict(Status.AT_RISK)
    periods = (
        Period(starts_on=TODAY, ends_on=turn - DAY, verdict=good),
        Period(starts_on=turn, ends_on=END_OF_TIME, verdict=bad),
    )
    differing = [Difference(starts_on=late, ends_on=END_OF_TIME, before=good, after=bad)]
    with app.test_request_context():
        drawn = bands([periods], TODAY, differing)
    for piece in (*drawn.rows[0], *drawn.differing):
        assert 0 <= piece.at <= 100 and piece.size >= 0
        assert piece.at + piece.size <= 100.01
    assert sum(piece.size for piece in drawn.rows[0]) == pytest.approx(100, abs=0.02)
