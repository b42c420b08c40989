"""A pathway held and taken up again, and what was agreed changed by both sides."""

from dataclasses import replace
from datetime import date

import pytest

from onboarding.domain.amendments import (
    Amendment,
    AmendmentState,
    accept_amendment,
    counter_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.domain.errors import (
    AlreadyOpen,
    InputInvalid,
    MoveRefused,
    NotAllowed,
    VersionOutdated,
)
from onboarding.domain.holds import ask_hold, end_hold, grant_hold, refuse_hold
from onboarding.domain.milestones import Milestone, MilestoneState, RequestKind
from onboarding.domain.people import Actor, Role, Side, the_tool
from onboarding.domain.plans import Plan
from onboarding.domain.requests import CurePromised
from onboarding.domain.workdays import Span
from tests.build import (
    CALENDAR,
    TODAY,
    a_milestone,
    a_notice,
    a_pathway,
    a_plan,
    a_policy,
    a_request,
    a_signature,
    a_step,
    an_actor,
)

D = date
BUYER, SIGNATORY = an_actor(Role.BUYER), an_actor(Role.SIGNATORY)
FOUR_WEEKS = Span(TODAY, D(2027, 2, 28))
MISSED = a_milestone(due_on=D(2027, 1, 18), notice=a_notice(missed_on=D(2027, 1, 18)))
OPEN = a_milestone(
    id=2,
    due_on=D(2027, 3, 1),
    rework_on=D(2027, 3, 8),
    requests=(a_request(id=5, grace_ends_on=D(2027, 2, 3), answered_on=D(2027, 1, 27)),),
)
DONE = a_milestone(id=3, due_on=D(2027, 3, 15), state=MilestoneState.ACCEPTED)
PATHWAY = a_pathway(MISSED, OPEN, DONE)


def test_a_hold_moves_what_is_open_and_leaves_what_is_missed() -> None:
    held = grant_hold(PATHWAY, 1, FOUR_WEEKS, BUYER, TODAY, CALENDAR)
    moved = [(move.milestone_id, move.field, move.id, move.becomes) for move in held.moved]
    assert moved == [
        (1, "cure_ends_on", 1, D(2027, 3, 24)),
        (2, "due_on", 2, D(2027, 3, 30)),  # 29 March is Easter Monday
        (2, "rework_on", 2, D(2027, 4, 5)),
        (2, "grace_ends_on", 5, D(2027, 3, 3)),
    ]


def test_a_hold_ended_early_moves_back_by_what_was_not_held() -> None:
    held = grant_hold(PATHWAY, 1, FOUR_WEEKS, BUYER, TODAY, CALENDAR)
    changed_since = replace(OPEN, due_on=D(2027, 3, 30), rework_on=D(2027, 5, 3))
    pathway = replace(PATHWAY, hold=FOUR_WEEKS, milestones=(MISSED, changed_since, DONE))
    ended = end_hold(pathway, held.moved, BUYER, D(2027, 2, 15), CALENDAR)
    assert ended.last_day == D(2027, 2, 14)
    back = [(move.milestone_id, move.field, move.becomes) for move in ended.moved]
    assert back == [(2, "due_on", D(2027, 3, 16))]  # the others are not as the hold left them


def test_a_hold_that_never_began_leaves_no_trace() -> None:
    later = Span(D(2027, 3, 1), D(2027, 3, 28))
    pathway = a_pathway(a_milestone(due_on=D(2027, 3, 2)))
    held = grant_hold(pathway, 1, later, BUYER, TODAY, CALENDAR)
    moved = a_milestone(due_on=held.moved[0].becomes)
    ended = end_hold(
        replace(pathway, hold=later, milestones=(moved,)), held.moved, BUYER, TODAY, CALENDAR
    )
    assert ended.last_day is None
    assert [move.becomes for move in ended.moved] == [D(2027, 3, 2)]


def test_a_hold_ends_by_itself_after_its_last_day() -> None:
    pathway = replace(PATHWAY, hold=FOUR_WEEKS)
    ended = end_hold(pathway, (), the_tool(1), D(2027, 3, 1), CALENDAR)
    assert (ended.last_day, ended.moved) == (D(2027, 2, 28), ())
    with pytest.raises(NotAllowed):
        end_hold(pathway, (), the_tool(1), D(2027, 2, 28), CALENDAR)


def test_either_side_asks_and_the_buyer_grants() -> None:
    for who, side in ((BUYER, Side.BUYER), (SIGNATORY, Side.SUPPLIER)):
        assert ask_hold(PATHWAY, FOUR_WEEKS, "brand", who, TODAY, CALENDAR).by is side
    with pytest.raises(NotAllowed):
        grant_hold(PATHWAY, 1, FOUR_WEEKS, SIGNATORY, TODAY, CALENDAR)
    with pytest.raises(AlreadyOpen):
        pathway = replace(PATHWAY, hold=FOUR_WEEKS)
        grant_hold(pathway, 2, FOUR_WEEKS, BUYER, TODAY, CALENDAR)


@pytest.mark.parametrize(
    "span", [Span(D(2027, 1, 31), D(2027, 2, 5)), Span(D(2027, 2, 5), D(2027, 2, 4))]
)
def test_a_hold_is_neither_past_nor_turned_round(span: Span) -> None:
    with pytest.raises(InputInvalid):
        ask_hold(PATHWAY, span, "brand", BUYER, TODAY, CALENDAR)


def test_a_pause_that_the_supplier_asks_for_stops_what_it_would_move() -> None:
    def touches(who: Actor, *milestones: Milestone) -> tuple[int, ...]:
        span = Span(D(2027, 2, 15), D(2027, 2, 28))
        return ask_hold(a_pathway(*milestones), span, "brand", who, TODAY, CALENDAR).touches

    before, after = a_milestone(due_on=D(2027, 2, 8)), a_milestone(id=2, due_on=D(2027, 2, 15))
    assert touches(SIGNATORY, before, after, replace(DONE, due_on=D(2027, 3, 1))) == (2,)
    assert touches(BUYER, before, after) == ()


def test_asked_in_time_and_granted_late_it_counts_from_the_day_that_was_asked() -> None:
    asked = a_request(id=7, kind=RequestKind.HOLD, made_on=D(2027, 1, 25))
    pathway = a_pathway(a_milestone(due_on=D(2027, 1, 27), requests=(asked,)))
    span = Span(D(2027, 1, 26), D(2027, 2, 7))
    held = grant_hold(pathway, 1, span, BUYER, TODAY, CALENDAR)
    assert [(move.field, move.becomes) for move in held.moved] == [
        ("due_on", D(2027, 2, 9)),
        ("grace_ends_on", D(2027, 2, 12)),  # five working days, none of them in the pause
    ]
    over = Span(D(2027, 1, 26), D(2027, 1, 31))
    with pytest.raises(InputInvalid) as refused:
        grant_hold(pathway, 1, over, BUYER, TODAY, CALENDAR)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (
        "ends_on",
        "in-the-past",
    )


def test_a_refused_pause_gives_five_working_days_and_as_much_time_to_repair() -> None:
    waits = a_request(kind=RequestKind.HOLD, made_on=D(2027, 1, 20))
    late = replace(MISSED, requests=(waits,), notice=replace(MISSED.notice, cure_ends_on=TODAY))
    refused = refuse_hold(a_pathway(late, OPEN), 1, "te lang", BUYER, TODAY, CALENDAR)
    assert refused.grace_ends_on == D(2027, 2, 8)
    assert refused.promised == (CurePromised(notice_id=1, cure_ends_on=D(2027, 2, 8)),)


PLAN = a_plan(
    a_step(title="quote", due_on=D(2027, 3, 1), milestone_id=1),
    a_step(title="plan", due_on=D(2027, 4, 1), milestone_id=2),
)
AGREED = a_pathway(
    a_milestone(due_on=D(2027, 3, 1)), a_milestone(id=2, title="plan", due_on=D(2027, 4, 1))
)
LATER = replace(
    PLAN,
    steps=(
        replace(PLAN.steps[0], due_on=D(2027, 3, 15)),
        PLAN.steps[1],
        a_step(title="extra", due_on=D(2027, 5, 1)),
    ),
)
THEIRS = a_signature(Side.SUPPLIER)


def proposed(plan: Plan = LATER) -> Amendment:
    change = propose_amendment(
        AGREED, PLAN, 1, plan, "uitloop", SIGNATORY, THEIRS, TODAY, a_policy()
    )
    return Amendment(
        id=1,
        pathway_id=1,
        state=AmendmentState.OPEN,
        by=change.by,
        version=change.version,
        plan=change.plan,
        signature=change.signature,
        touches=change.touches,
    )


def test_an_amendment_touches_the_steps_that_it_moves() -> None:
    amendment = proposed()
    assert (amendment.version, amendment.touches, amendment.by) == (2, (1,), Side.SUPPLIER)
    assert amendment.plan.steps[2].due_on == D(2027, 5, 3)


def test_the_other_side_accepts_the_version_that_it_saw() -> None:
    amendment = proposed()
    with pytest.raises(NotAllowed):
        accept_amendment(amendment, AGREED, 2, SIGNATORY, THEIRS, TODAY, CALENDAR)
    with pytest.raises(VersionOutdated):
        accept_amendment(amendment, AGREED, 1, BUYER, a_signature(), TODAY, CALENDAR)
    change = accept_amendment(amendment, AGREED, 2, BUYER, a_signature(), TODAY, CALENDAR)
    assert (change.version, change.renumbered, change.dropped) == (2, (1,), ())


def test_what_an_amendment_does_not_touch_keeps_its_day_of_now() -> None:
    held_since = replace(
        AGREED,
        milestones=(AGREED.milestones[0], replace(AGREED.milestones[1], due_on=D(2027, 6, 1))),
    )
    change = accept_amendment(proposed(), held_since, 2, BUYER, a_signature(), TODAY, CALENDAR)
    assert [step.due_on for step in change.plan.steps][:2] == [D(2027, 3, 15), D(2027, 6, 1)]
    assert change.renumbered == (1,)


def test_a_step_that_is_left_out_is_dropped() -> None:
    amendment = proposed(replace(PLAN, steps=PLAN.steps[1:]))
    change = accept_amendment(amendment, AGREED, 2, BUYER, a_signature(), TODAY, CALENDAR)
    assert change.dropped == (1,)


def test_countered_it_is_the_suppliers_turn_with_five_working_days() -> None:
    change = counter_amendment(
        proposed(), AGREED, PLAN, 2, "eerder", BUYER, a_signature(), TODAY, a_policy(), CALENDAR
    )
    assert (change.version, change.by) == (3, Side.BUYER)
    assert change.grace_ends_on == D(2027, 2, 8)


def test_declined_what_was_agreed_stays() -> None:
    change = decline_amendment(proposed(), AGREED, "nee", BUYER, TODAY, CALENDAR)
    assert (change.by, change.grace_ends_on) == (Side.BUYER, D(2027, 2, 8))
    over = replace(proposed(), state=AmendmentState.DECLINED)
    with pytest.raises(MoveRefused):
        decline_amendment(over, AGREED, "nee", BUYER, TODAY, CALENDAR)


def test_an_answer_to_a_late_amendment_promises_a_new_cure_end() -> None:
    asked = a_request(kind=RequestKind.AMENDMENT, made_on=D(2027, 1, 25))
    late = replace(MISSED, requests=(asked,), notice=replace(MISSED.notice, cure_ends_on=TODAY))
    pathway = replace(AGREED, milestones=(late, AGREED.milestones[1]))
    change = decline_amendment(proposed(), pathway, "nee", BUYER, TODAY, CALENDAR)
    assert change.promised == (CurePromised(notice_id=1, cure_ends_on=D(2027, 2, 8)),)


def test_who_does_a_step_is_part_of_the_agreement() -> None:
    ours = replace(PLAN, steps=(PLAN.steps[0], replace(PLAN.steps[1], owner=Side.BUYER)))
    assert proposed(ours).touches == (2,)


def test_a_step_that_is_done_by_now_keeps_its_day() -> None:
    done = replace(AGREED.milestones[0], state=MilestoneState.ACCEPTED)
    pathway = replace(AGREED, milestones=(done, AGREED.milestones[1]))
    change = accept_amendment(proposed(), pathway, 2, BUYER, a_signature(), TODAY, CALENDAR)
    assert change.plan.steps[0].due_on == D(2027, 3, 1)
    assert (change.renumbered, change.dropped) == ((), ())


@pytest.mark.parametrize(
    "plan",
    [PLAN, replace(PLAN, steps=PLAN.steps[::-1]), a_plan(*PLAN.steps, starts_on=D(2027, 1, 4))],
)
def test_what_changes_nothing_is_no_amendment(plan: Plan) -> None:
    with pytest.raises(InputInvalid) as refused:
        proposed(plan)
    assert refused.value.facts["reason"] == "nothing-changed"


def test_no_step_of_the_agreement_stands_in_it_twice() -> None:
    with pytest.raises(InputInvalid) as refused:
        proposed(replace(LATER, steps=(*LATER.steps, LATER.steps[0])))
    assert refused.value.facts == {"field": "milestone", "step": 4, "reason": "closed"}


def test_at_most_one_is_open_and_done_steps_stay_as_they_are() -> None:
    args = (PLAN, 1, LATER, "uitloop", SIGNATORY, THEIRS, TODAY, a_policy())
    with pytest.raises(AlreadyOpen):
        propose_amendment(AGREED, *args, open_amendment=proposed())
    closed = replace(AGREED.milestones[0], state=MilestoneState.ACCEPTED)
    with pytest.raises(InputInvalid) as refused:
        propose_amendment(replace(AGREED, milestones=(closed, AGREED.milestones[1])), *args)
    assert refused.value.facts["reason"] == "closed"
