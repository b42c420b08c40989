"""What a supplier can say now, from how things stand."""

from dataclasses import replace
from datetime import date
from typing import Any

from onboarding.domain.decisions import DecisionKind
from onboarding.domain.milestones import MilestoneState, RequestKind
from onboarding.domain.on_behalf import Act, Option, Standing, possible_now
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Side
from onboarding.domain.workdays import Span
from tests.build import (
    TODAY,
    a_certificate,
    a_decision,
    a_milestone,
    a_notice,
    a_pathway,
    a_proposal,
    a_request,
    facts,
)

D = date
LATE = D(2027, 2, 12)
ALWAYS = {Act.QUESTION, Act.CERTIFICATE, Act.CLOSURE, Act.AWAY}
STEP = {Act.STEP_DONE, Act.STEP_STARTED, Act.ANOTHER_DATE, Act.OUTSIDE_DELAY}
RUNNING = ALWAYS | STEP | {Act.HOLD, Act.STOP}


def acts(today: date = TODAY, **fields: Any) -> set[Act]:
    about = {name: fields.pop(name) for name in ("hold_is_asked",) if name in fields}
    standing = Standing(facts=facts(**fields), today=today, **about)
    return {one.act for one in possible_now(standing)}


def options(act: Act, today: date = TODAY, **fields: Any) -> tuple[Option, ...]:
    found = possible_now(Standing(facts=facts(**fields), today=today))
    return next((one.options for one in found if one.act is act), ())


def test_what_can_be_said_follows_how_far_the_pathway_is() -> None:
    assert acts() == ALWAYS
    assert acts(pathways=(a_proposal(),)) == ALWAYS | {Act.AGREE, Act.COUNTER, Act.DECLINE}
    countered = a_proposal(state=PathwayState.COUNTERED)
    assert acts(pathways=(countered,)) == ALWAYS | {Act.DECLINE}
    assert acts(pathways=(a_pathway(),)) == RUNNING
    over = a_pathway(state=PathwayState.STOPPED, over_on=TODAY, milestones=())
    assert acts(pathways=(over,)) == ALWAYS
    assert acts(ended_on=TODAY, pathways=(a_pathway(),)) == {Act.QUESTION}


def test_no_pause_is_asked_twice_or_while_there_is_one() -> None:
    assert acts(pathways=(a_pathway(),), hold_is_asked=True) == RUNNING - {Act.HOLD}
    held = a_pathway(hold=Span(TODAY, LATE))
    assert acts(pathways=(held,)) == RUNNING - {Act.HOLD}
    assert acts(D(2027, 2, 13), pathways=(held,)) == RUNNING


def test_a_step_is_offered_by_its_day_unless_it_lies_with_us() -> None:
    steps = (
        a_milestone(id=1, due_on=D(2027, 3, 1), state=MilestoneState.STARTED),
        a_milestone(id=2, due_on=D(2027, 2, 15)),
        a_milestone(id=3, state=MilestoneState.SUBMITTED),
        a_milestone(id=4, owner=Side.BUYER),
        a_milestone(id=5, due_on=D(2027, 4, 1), owner=Side.OUTSIDE),
    )
    known = {"pathways": (a_pathway(*steps),)}
    assert [one.id for one in options(Act.STEP_DONE, **known)] == [2, 1, 5]
    assert [one.id for one in options(Act.STEP_STARTED, **known)] == [2, 5]
    assert [one.by for one in options(Act.STEP_DONE, **known)][-1] is None  # not theirs to make


def test_what_was_asked_already_is_not_asked_again() -> None:
    asked = a_milestone(requests=(a_request(kind=RequestKind.ANOTHER_DATE),))
    assert options(Act.ANOTHER_DATE, pathways=(a_pathway(asked),)) == ()
    assert len(options(Act.OUTSIDE_DELAY, pathways=(a_pathway(asked),))) == 1


def test_a_reply_is_to_a_notice_that_stands_and_waits_for_one() -> None:
    late = a_milestone(notice=a_notice())
    [option] = options(Act.REPLY_TO_NOTICE, LATE, pathways=(a_pathway(late),))
    assert (option.by, option.since) == (D(2027, 2, 24), D(2027, 2, 10))
    assert option.is_in_time(D(2027, 2, 24))
    assert option.is_in_time(D(2027, 2, 25)) is False
    replied = replace(late, notice=a_notice(reply_made_on=LATE))
    assert options(Act.REPLY_TO_NOTICE, LATE, pathways=(a_pathway(replied),)) == ()


def test_a_block_is_replied_to_once_it_is_known() -> None:
    block = a_decision(DecisionKind.BLOCK, starts_on=D(2027, 3, 1))
    assert options(Act.REPLY_TO_BLOCK, decisions=(block,)) == ()
    announced = replace(block, announced_on=TODAY)
    assert [one.by for one in options(Act.REPLY_TO_BLOCK, decisions=(announced,))] == [
        D(2027, 3, 1)
    ]
    replied = replace(announced, reply_made_on=TODAY)
    assert options(Act.REPLY_TO_BLOCK, decisions=(replied,)) == ()


def test_a_renewal_is_told_of_a_certificate_that_is_held_or_just_ended() -> None:
    ended = a_certificate(ends_on=D(2027, 1, 15))
    assert [one.by for one in options(Act.RENEWAL, certificates=(ended,))] == [D(2027, 1, 15)]
    assert options(Act.RENEWAL, D(2027, 3, 1), certificates=(ended,)) == ()
