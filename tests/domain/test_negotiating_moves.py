"""Proposing, countering, agreeing and stopping: what each decision holds."""

from dataclasses import replace
from datetime import date

import pytest

from onboarding.domain.errors import (
    AlreadyOpen,
    InputInvalid,
    LimitReached,
    MoveRefused,
    NotAllowed,
    VersionOutdated,
)
from onboarding.domain.negotiation import (
    agree,
    begin_window,
    counter,
    decline,
    draft,
    propose,
    stop,
    withdraw,
)
from onboarding.domain.pathways import PathwayState, Window
from onboarding.domain.people import Role, Side
from onboarding.domain.plans import add_months, as_agreed_on, remarks
from onboarding.domain.workdays import Span
from tests.build import (
    CALENDAR,
    TODAY,
    a_negotiation,
    a_pathway,
    a_plan,
    a_policy,
    a_proposal,
    a_signature,
    a_step,
    an_actor,
    said,
)

D = date
BUYER, MANAGER = an_actor(Role.BUYER), an_actor(Role.MANAGER)
SIGNATORY = an_actor(Role.SIGNATORY)
OURS, THEIRS = a_signature(), a_signature(Side.SUPPLIER)
DRAFT = a_negotiation(state=PathwayState.DRAFT, version=0, signature=None, window=Window())
POLICY = a_policy()


def test_a_proposal_lies_on_working_days_with_the_policys_cure_period() -> None:
    plan = a_plan(a_step(due_on=D(2027, 5, 5)), cure_working_days=0)  # Liberation Day
    change = propose(DRAFT, plan, BUYER, OURS, TODAY, POLICY)
    assert [step.due_on for step in change.plan.steps] == [D(2027, 5, 7)]
    assert (change.version, change.plan.cure_working_days) == (1, 10)
    assert change.window == Window()


def test_only_one_pathway_is_not_over() -> None:
    with pytest.raises(AlreadyOpen):
        draft(a_plan(), BUYER, others=(a_proposal(),))
    over = a_pathway(state=PathwayState.DECLINED, over_on=TODAY)
    assert draft(a_plan(), BUYER, others=(over,)).pathway_id is None


def test_the_window_begins_when_the_first_proposal_is_handed_over() -> None:
    proposed = replace(DRAFT, state=PathwayState.PROPOSED, version=1)
    change = begin_window(proposed, D(2027, 2, 3), POLICY)
    assert change is not None
    assert change.window == Window(remaining_days=60, ends_on=D(2027, 4, 4))
    assert begin_window(replace(proposed, window=change.window), D(2027, 2, 9), POLICY) is None
    assert begin_window(DRAFT, D(2027, 2, 3), POLICY) is None


def test_only_the_suppliers_days_count() -> None:
    on_table = a_negotiation()
    countered = counter(on_table, a_plan(), 1, "te snel", SIGNATORY, THEIRS, D(2027, 2, 11), POLICY)
    assert countered.window == Window(remaining_days=50)
    on_table = a_negotiation(state=PathwayState.COUNTERED, version=2, window=countered.window)
    again = propose(on_table, a_plan(), BUYER, OURS, D(2027, 3, 1), POLICY)
    assert again.window == Window(remaining_days=50, ends_on=D(2027, 4, 20))
    assert again.version == 3
    late = again.window.to_buyer(D(2027, 6, 1))
    assert late == Window(remaining_days=0)


def test_a_counter_proposal_by_phone_counts_from_the_day_it_was_said() -> None:
    change = counter(
        a_negotiation(),
        a_plan(),
        1,
        "vakantie",
        BUYER,
        THEIRS,
        D(2027, 2, 15),
        POLICY,
        said(D(2027, 2, 11)),
    )
    assert change.window.remaining_days == 50


def test_withdrawing_stops_the_window() -> None:
    assert withdraw(a_negotiation(), BUYER, D(2027, 2, 11)).window == Window(remaining_days=50)


@pytest.mark.parametrize("seen", [0, 2])
def test_agreeing_names_the_version_seen(seen: int) -> None:
    with pytest.raises(VersionOutdated) as refused:
        agree(a_negotiation(), seen, SIGNATORY, THEIRS, TODAY, POLICY)
    assert refused.value.facts == {"seen": seen, "current": 1}


def test_agreed_later_every_day_moves_along() -> None:
    on_table = a_negotiation(
        plan=a_plan(
            a_step(title="agreement", due_on=D(2027, 2, 15)),
            a_step(title="plan", due_on=D(2027, 4, 26)),
        )
    )
    change = agree(on_table, 1, SIGNATORY, THEIRS, D(2027, 2, 2), POLICY)
    # A Monday becomes a Tuesday; King's Day becomes the day after.
    assert [step.due_on for step in change.plan.steps] == [D(2027, 2, 16), D(2027, 4, 28)]
    assert (change.days_moved, change.plan.starts_on) == (1, D(2027, 2, 2))
    assert change.plan == as_agreed_on(on_table.plan, D(2027, 2, 2), CALENDAR)
    assert change.signatures == (OURS, THEIRS)


def test_agreed_in_time_no_day_moves() -> None:
    change = agree(a_negotiation(), 1, SIGNATORY, THEIRS, D(2027, 1, 20), POLICY)
    assert (change.plan, change.days_moved) == (a_plan(), 0)


def test_a_contact_or_an_adviser_cannot_agree() -> None:
    for role in (Role.CONTACT, Role.ADVISER, Role.BUYER):
        with pytest.raises(NotAllowed):
            agree(a_negotiation(), 1, an_actor(role), THEIRS, TODAY, POLICY)


def test_declining_needs_a_reason() -> None:
    with pytest.raises(InputInvalid) as refused:
        decline(a_negotiation(), "  ", SIGNATORY, TODAY)
    assert refused.value.facts == {"field": "reason", "reason": "required"}
    assert decline(a_negotiation(), "geen tijd", SIGNATORY, TODAY).over_by is Side.SUPPLIER


def test_stopping_tells_who_stopped() -> None:
    pathway = a_pathway()
    assert stop(pathway, "te weinig mensen", SIGNATORY, TODAY).over_by is Side.SUPPLIER
    assert stop(pathway, "geen voortgang", MANAGER, TODAY).over_by is Side.BUYER
    assert stop(pathway, "gebeld", BUYER, TODAY, said()).over_by is Side.SUPPLIER
    with pytest.raises(NotAllowed):
        stop(pathway, "geen voortgang", BUYER, TODAY)
    with pytest.raises(MoveRefused):
        stop(a_proposal(), "geen voortgang", MANAGER, TODAY)


def test_what_was_said_cannot_be_said_tomorrow() -> None:
    with pytest.raises(InputInvalid):
        stop(a_pathway(), "gebeld", BUYER, TODAY, said(D(2027, 2, 2)))


@pytest.mark.parametrize(
    ("step", "field", "reason"),
    [
        ({"title": " "}, "title", "required"),
        ({"title": "x" * 201}, "title", "too-long"),
        ({"due_on": D(2027, 1, 31)}, "due_on", "before-start"),
    ],
)
def test_a_plan_names_the_step_that_is_wrong(step: dict, field: str, reason: str) -> None:
    plan = a_plan(a_step(), a_step(**step))
    with pytest.raises(InputInvalid) as refused:
        propose(DRAFT, plan, BUYER, OURS, TODAY, POLICY)
    facts = refused.value.facts
    assert (facts["field"], facts["step"], facts["reason"]) == (field, 2, reason)


def test_only_a_manager_goes_beyond_the_longest_pathway() -> None:
    plan = a_plan(a_step(due_on=D(2029, 9, 3)))  # 31 months from the start is 2029-09-01
    with pytest.raises(LimitReached):
        propose(DRAFT, plan, BUYER, OURS, TODAY, POLICY)
    assert propose(DRAFT, plan, MANAGER, OURS, TODAY, POLICY).version == 1


def test_a_plan_is_remarked_upon() -> None:
    calendar = CALENDAR.with_closures([Span(D(2027, 7, 26), D(2027, 8, 13))])
    plan = a_plan(
        a_step(due_on=D(2027, 5, 5)), a_step(due_on=D(2027, 8, 2)), a_step(due_on=D(2027, 8, 2))
    )
    found = [(remark.step, remark.code) for remark in remarks(plan, calendar)]
    assert found == [(1, "day-off"), (2, "closure"), (3, "same-day"), (3, "closure")]


def test_a_step_before_the_one_above_it_is_remarked_upon() -> None:
    """Most likely a day that was typed wrong; the one after it is right again."""
    days = (D(2027, 6, 1), D(2026, 6, 15), D(2027, 6, 15), D(2027, 6, 14))
    plan = a_plan(*(a_step(due_on=day) for day in days))
    found = [(remark.step, remark.code) for remark in remarks(plan, CALENDAR)]
    assert found == [(2, "too-early"), (4, "too-early")]


def test_months_end_where_the_month_ends() -> None:
    assert add_months(D(2027, 8, 31), 6) == D(2028, 2, 29)
    assert add_months(D(2027, 11, 30), 1) == D(2027, 12, 30)
    assert add_months(D(2027, 2, 1), 31) == D(2029, 9, 1)
