"""Reminders, tasks and notices: what is owed on a day, once each, and when it goes."""

from dataclasses import replace
from datetime import date, time

import pytest

from onboarding.domain.decisions import DecisionKind
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.reminders import (
    Owed,
    goes_today,
    is_digest_day,
    may_send,
    owed_for_certificate,
    owed_for_decision,
    owed_for_milestone,
    owed_for_proposal,
)
from tests.build import (
    CALENDAR,
    KVK,
    TODAY,
    a_certificate,
    a_decision,
    a_milestone,
    a_notice,
    a_policy,
    a_proposal,
    a_request,
)

D = date
LONG_AGO = D(2026, 6, 1)
POLICY = a_policy()


def owed(step: Milestone, on: date, since: date = LONG_AGO) -> list[str]:
    return [f"{one.kind} {one.stage}" for one in owed_for_milestone(step, POLICY, since, on)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (D(2027, 1, 17), []),
        (D(2027, 1, 18), ["step-reminder -14"]),
        (D(2027, 1, 29), ["step-reminder -3"]),
        (D(2027, 2, 1), ["step-reminder -3"]),
        (D(2027, 2, 2), ["step-reminder +1"]),
        (D(2027, 2, 3), ["step-reminder +1", "call call"]),
        (D(2027, 2, 8), ["step-reminder +1", "call call", "notice notice"]),
        (D(2027, 5, 3), ["step-reminder +1", "call call", "notice notice"]),
    ],
)
def test_the_cadence_of_a_step(on: date, expected: list[str]) -> None:
    assert owed(a_milestone(), on) == expected


def test_stages_before_the_fact_existed_are_not_owed_but_a_notice_always_is() -> None:
    agreed_on = D(2027, 1, 25)
    assert owed(a_milestone(), D(2027, 1, 28), agreed_on) == []
    assert owed(a_milestone(), D(2027, 1, 29), agreed_on) == ["step-reminder -3"]
    assert owed(a_milestone(), D(2027, 2, 20), D(2027, 2, 15)) == ["notice notice"]


@pytest.mark.parametrize(
    "step",
    [
        a_milestone(requests=(a_request(),)),
        a_milestone(requests=(a_request(made_on=D(2027, 2, 5)),)),
        a_milestone(state=MilestoneState.ACCEPTED),
        a_milestone(state=MilestoneState.SUBMITTED, submitted_on=D(2027, 2, 17)),
    ],
)
def test_nothing_is_owed_while_it_lies_with_us_or_is_done(step: Milestone) -> None:
    assert owed(step, D(2027, 2, 20)) == []


def test_a_moved_deadline_is_a_new_key() -> None:
    [one] = owed_for_milestone(a_milestone(), POLICY, LONG_AGO, D(2027, 1, 29))
    moved = a_milestone(due_on=D(2027, 3, 1), day_number=2)
    [other] = owed_for_milestone(moved, POLICY, LONG_AGO, D(2027, 2, 26))
    assert one.key == "step-reminder:milestone-1:2027-02-01:-3"
    assert other.key == "step-reminder:milestone-1:2027-03-01:-3"


def test_after_the_cure_period_a_manager_decides_unless_a_reply_waits() -> None:
    step = a_milestone(notice=a_notice())
    assert owed(step, D(2027, 2, 24)) == ["step-reminder +1"]
    assert owed(step, D(2027, 2, 25))[-1] == "decision cure-2027-02-24"
    replied = replace(step, notice=a_notice(reply_made_on=D(2027, 2, 12)))
    assert owed(replied, D(2027, 2, 25)) == ["step-reminder +1"]


def test_a_review_is_asked_of_the_buyer_and_then_of_the_manager() -> None:
    step = a_milestone(state=MilestoneState.SUBMITTED, submitted_on=TODAY)
    assert owed(step, D(2027, 2, 8)) == []
    assert owed(step, D(2027, 2, 9)) == ["review-waiting 5-working-days"]
    assert owed(step, D(2027, 2, 16))[1:] == ["review-late 10-working-days"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (D(2027, 2, 7), []),
        (D(2027, 2, 8), ["proposal-reminder +7"]),
        (D(2027, 2, 15), ["proposal-reminder +14"]),
        (D(2027, 2, 17), ["proposal-reminder +14", "proposal-call call"]),
        (D(2027, 3, 19), ["proposal-reminder +14", "proposal-call call", "window-ending -14"]),
    ],
)
def test_a_proposal_that_is_not_answered(on: date, expected: list[str]) -> None:
    found = owed_for_proposal(a_proposal(), TODAY, POLICY, on)
    assert [f"{one.kind} {one.stage}" for one in found] == expected


def test_a_certificate_that_ends_is_told_to_both_sides() -> None:
    certificate = a_certificate(ends_on=D(2027, 12, 31))
    found = [*owed_for_certificate(certificate, KVK, POLICY, LONG_AGO, D(2027, 7, 4))]
    assert [(one.to.value, one.stage) for one in found] == [("supplier", "-180"), ("buyer", "-180")]
    assert not [*owed_for_certificate(certificate, "12345678", POLICY, LONG_AGO, D(2027, 7, 4))]


def test_a_decision_that_ends_is_told_to_who_took_it() -> None:
    for kind, to in ((DecisionKind.GRANT, "buyer"), (DecisionKind.BLOCK, "manager")):
        decision = a_decision(kind, ends_on=D(2027, 6, 30), is_urgent=True)
        [one] = owed_for_decision(decision, POLICY, LONG_AGO, D(2027, 6, 23))
        assert (one.to.value, one.stage) == (to, "-7")


def digest(deadline: date) -> list[Owed]:
    step = a_milestone(due_on=deadline)
    return [*owed_for_milestone(step, POLICY, LONG_AGO, D(2027, 1, 27))]


def test_a_digest_goes_on_monday_and_sooner_when_something_presses() -> None:
    wednesday, monday = D(2027, 1, 27), D(2027, 2, 1)
    later = digest(D(2027, 2, 8))
    assert not goes_today(later, wednesday, CALENDAR)
    assert goes_today(later, monday, CALENDAR)
    assert goes_today(digest(D(2027, 1, 30)), wednesday, CALENDAR)
    assert not goes_today([], monday, CALENDAR)
    assert not goes_today(digest(D(2027, 1, 30)), D(2027, 1, 30), CALENDAR)  # a Saturday


def test_a_week_that_begins_with_a_day_off_has_its_digest_the_day_after() -> None:
    assert [day for day in range(27, 32) if is_digest_day(D(2027, 3, day), CALENDAR)] == [30]


def test_mail_goes_on_working_days_from_eight() -> None:
    assert may_send(TODAY, time(8), CALENDAR)
    assert not may_send(TODAY, time(7, 59), CALENDAR)
    assert may_send(TODAY, time(19, 59), CALENDAR)
    assert not may_send(TODAY, time(20), CALENDAR)
    assert not may_send(D(2027, 3, 29), time(12), CALENDAR)
