"""Working days counted, and the dates that our templates lead to."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.people import Side
from onboarding.domain.templates import (
    STRAIGHT,
    TEMPLATES,
    THROUGH_ASPIRANT,
    Template,
    certificate_day,
    schedule,
    schedule_back,
)
from onboarding.domain.workdays import Span, WorkingCalendar
from tests.build import CALENDAR, days

D = date
QUIET = settings(deadline=None, derandomize=True, database=None)
any_day = st.dates(D(2026, 1, 1), D(2029, 12, 31))
calendars = st.builds(
    WorkingCalendar,
    st.frozensets(any_day, max_size=30),
    st.lists(
        st.builds(lambda first: Span(first, first + timedelta(days=20)), any_day), max_size=2
    ).map(tuple),
)


@QUIET
@given(calendars, any_day, st.integers(1, 40))
def test_adding_and_counting_agree(calendar: WorkingCalendar, day: date, number: int) -> None:
    later = calendar.add(day, number)
    assert calendar.is_working(later)
    assert calendar.count(day, later) == number
    assert calendar.count(later, day) == -number
    earlier = calendar.add(day, -number)
    assert calendar.is_working(earlier)
    assert sum(calendar.is_working(one) for one in days(earlier, day - timedelta(days=1))) == number


@QUIET
@given(calendars, any_day)
def test_the_nearest_working_days_lie_on_both_sides(calendar: WorkingCalendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_working(before) and calendar.is_working(after)
    between = (one for one in days(before, after) if one not in (before, after))
    assert not any(calendar.is_working(one) for one in between)


def test_a_bank_holiday_is_no_working_day() -> None:
    assert CALENDAR.add(D(2027, 4, 26), 1) == D(2027, 4, 28)
    assert CALENDAR.add(D(2027, 5, 4), 2) == D(2027, 5, 10)


@QUIET
@given(st.sampled_from(tuple(TEMPLATES.values())), any_day, calendars)
def test_a_plan_lies_on_working_days_in_the_order_of_the_template(
    template: Template, start: date, calendar: WorkingCalendar
) -> None:
    plan = schedule(template, start, calendar)
    assert all(calendar.is_working(step.due_on) for step in plan.steps)
    assert [step.title for step in plan.steps] == [step.title for step in template.steps]
    assert all(step.due_on > start for step in plan.steps)


def test_straight_to_a_step_takes_32_weeks() -> None:
    plan = schedule(STRAIGHT, D(2027, 2, 1), CALENDAR)
    assert plan.last_day() == D(2027, 2, 1) + timedelta(weeks=32)
    weeks = [(step.due_on - plan.starts_on).days // 7 for step in plan.steps]
    assert weeks == [2, 4, 8, 12, 16, 18, 20, 21, 27, 31, 32]
    assert [step.title for step in plan.steps if step.is_reviewed] == [
        *("agreement", "plan", "audit", "certificate"),
    ]
    assert [step.title for step in plan.steps if step.owner is Side.OUTSIDE] == [
        *("audit", "certificate"),
    ]
    assert [step.title for step in plan.steps if step.owner is Side.BUYER] == ["register-check"]


def test_through_aspirant_takes_31_months_and_its_last_step_moves_back() -> None:
    plan = schedule(THROUGH_ASPIRANT, D(2027, 2, 1), CALENDAR)
    assert plan.last_day() == D(2029, 8, 31)  # 1 September 2029 is a Saturday
    by_title = {step.title: step.due_on for step in plan.steps}
    assert by_title["aspirant"] == D(2027, 9, 1)
    assert by_title["recertification"] == D(2029, 3, 1)  # six months before Aspirant ends
    assert by_title["recertification-audit"] == D(2029, 7, 2)  # the first is a Sunday


@QUIET
@given(any_day, calendars, st.sampled_from((STRAIGHT, THROUGH_ASPIRANT)))
def test_planned_back_the_certificate_comes_in_time_and_not_needlessly_early(
    wished_on: date, calendar: WorkingCalendar, template: Template
) -> None:
    plan = schedule_back(template, wished_on, calendar)
    assert certificate_day(plan) <= wished_on
    later = schedule(template, plan.starts_on + timedelta(days=1), calendar)
    assert certificate_day(later) > wished_on
