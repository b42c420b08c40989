"""What would follow from notices not yet sent, and where two timelines differ."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from onboarding.domain.eligibility import (
    Facts,
    Period,
    Status,
    differences,
    project,
    runs,
    status_of,
    timeline,
)
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Side
from onboarding.domain.policy import Policies
from onboarding.domain.workdays import DAY, Span
from tests.build import (
    TODAY,
    a_milestone,
    a_notice,
    a_pathway,
    a_policy,
    a_request,
    days,
    facts,
    policies,
)
from tests.domain.anything import HORIZON, any_facts, any_policies
from tests.domain.test_timeline_properties import MANY

DUE = date(2027, 3, 1)  # a Monday: prepared on the 8th, on the list two working days
SENT, CURED = date(2027, 3, 10), date(2027, 3, 24)


def owed(**fields: object) -> Facts:
    return facts(pathways=(a_pathway(a_milestone(due_on=DUE, **fields)),))


def statuses(periods: tuple[Period, ...]) -> list[tuple[date, Status]]:
    return [(one.starts_on, one.status) for one in runs(periods, status_of)]


def test_a_missed_step_leads_to_a_notice_a_cure_period_and_a_decision() -> None:
    seen = project(owed(), policies(), TODAY)
    [notice] = seen.notices
    assert (notice.missed_on, notice.handed_over_on, notice.cure_ends_on) == (DUE, SENT, CURED)
    assert [(p.starts_on, p.verdict.reasons[0].code) for p in runs(seen.periods)] == [
        (TODAY, "on-track"),
        (DUE + DAY, "milestone-overdue"),
        (CURED + DAY, "decision-needed"),
    ]
    assert all(period.starts_on <= DUE + DAY for period in timeline(owed(), policies(), TODAY))


def test_where_the_clock_decides_no_new_orders_follow() -> None:
    seen = project(owed(), policies(clock_decides=True), TODAY)
    assert statuses(seen.periods)[-1] == (CURED + DAY, Status.INELIGIBLE)


def test_the_policy_of_the_hand_over_counts() -> None:
    later = a_policy(version=2, starts_on=SENT, cure_working_days=20, clock_decides=True)
    [notice] = project(owed(), policies(a_policy(), later), TODAY).notices
    assert notice.clock_decides
    assert notice.cure_ends_on == date(2027, 4, 8)  # over Easter Monday


def test_a_cure_period_runs_past_a_closure() -> None:
    closed = Span(date(2027, 3, 15), date(2027, 3, 19))
    [notice] = project(owed(), policies(), TODAY, [closed]).notices
    assert notice.cure_ends_on == date(2027, 4, 1)


def test_what_was_prepared_goes_out_on_its_day() -> None:
    [notice] = project(owed(notice_planned_on=date(2027, 3, 12)), policies(), DUE + DAY).notices
    assert notice.handed_over_on == date(2027, 3, 12)


def test_what_was_not_prepared_in_time_waits_on_the_list_first() -> None:
    [notice] = project(owed(), policies(), date(2027, 3, 19)).notices
    assert notice.handed_over_on == date(2027, 3, 23)


def test_a_day_that_passed_is_written_anew_for_a_working_day() -> None:
    saturday = date(2027, 3, 13)
    [notice] = project(owed(notice_planned_on=SENT), policies(), saturday).notices
    assert notice.handed_over_on == date(2027, 3, 15)


def test_nothing_goes_out_during_a_hold() -> None:
    held = replace(owed().pathways[0], hold=Span(date(2027, 3, 8), date(2027, 3, 21)))
    [notice] = project(facts(pathways=(held,)), policies(), TODAY).notices
    assert notice.handed_over_on == date(2027, 3, 22)


def test_nothing_is_expected_of_what_waits_or_stands() -> None:
    for known in (
        owed(notice_is_held=True, notice_planned_on=SENT),
        owed(requests=(a_request(made_on=DUE + DAY),)),
        owed(notice=a_notice(missed_on=DUE)),
        owed(owner=Side.BUYER),
        owed(state=MilestoneState.SUBMITTED, submitted_on=DUE),
    ):
        seen = project(known, policies(), TODAY)
        assert seen.notices == ()
        assert seen.periods == timeline(known, policies(), TODAY)


def test_what_is_told_the_same_does_not_differ() -> None:
    now = timeline(owed(), policies(), TODAY)
    [difference] = differences(now, project(owed(), policies(), TODAY).periods)
    assert difference.starts_on == CURED + DAY
    assert difference.before.reasons[0].code == "milestone-overdue"
    assert differences(now, now) == ()


@MANY
@given(any_facts, any_facts, any_policies())
def test_differences_are_all_days_that_differ_and_no_other(
    one: Facts, other: Facts, known: Policies
) -> None:
    first, last = HORIZON
    before, after = (timeline(each, known, first) for each in (one, other))
    found = differences(before, after, status_of)
    for day in days(first, last):
        was, becomes = (
            next(p.status for p in periods if day <= p.ends_on) for periods in (before, after)
        )
        told = [d for d in found if d.starts_on <= day <= d.ends_on]
        assert [(d.before.status, d.after.status) for d in told] == (
            [(was, becomes)] if was is not becomes else []
        ), day


@MANY
@given(any_facts, any_policies())
def test_a_notice_never_makes_a_day_better(known: Facts, under: Policies) -> None:
    now, then = timeline(known, under, HORIZON[0]), project(known, under, HORIZON[0]).periods
    for difference in differences(now, then, status_of):
        assert difference.after.status.rank() > difference.before.status.rank()
