"""Notices: when one is written, when it must not go, and the cure period that it fixes."""

from dataclasses import replace
from datetime import date

import pytest

from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.milestones import Milestone, MilestoneState
from onboarding.domain.notice_replies import answer_reply, reply
from onboarding.domain.notices import (
    NoticeHandedOver,
    NoticeState,
    give_otherwise,
    hand_over,
    hold_notice,
    prepare_notice,
    release_notice,
    superseded_because,
    void,
)
from onboarding.domain.people import Actor, Channel, Role, the_tool
from onboarding.domain.workdays import Span
from tests.build import (
    CALENDAR,
    TODAY,
    a_milestone,
    a_notice,
    a_pathway,
    a_policy,
    a_prepared_notice,
    a_request,
    an_actor,
    said,
)

D = date
TOOL, BUYER, CONTACT = the_tool(1), an_actor(Role.BUYER), an_actor(Role.CONTACT)
POLICY = a_policy()


def test_a_notice_is_written_a_week_after_the_deadline_and_waits_two_working_days() -> None:
    assert prepare_notice(a_milestone(), D(2027, 2, 7), POLICY) is None
    change = prepare_notice(a_milestone(), D(2027, 2, 8), POLICY)
    assert change is not None
    assert (change.missed_on, change.planned_on) == (TODAY, D(2027, 2, 10))


def test_a_day_off_moves_the_notice_on() -> None:
    step = a_milestone(due_on=D(2027, 4, 20))  # a week later is King's Day
    assert prepare_notice(step, D(2027, 4, 27), POLICY) is None
    change = prepare_notice(step, D(2027, 4, 28), POLICY)
    assert change is not None
    assert change.planned_on == D(2027, 4, 30)


def test_after_an_outage_it_still_has_its_days_on_the_work_list() -> None:
    change = prepare_notice(a_milestone(), D(2027, 2, 22), POLICY)
    assert change is not None
    assert change.planned_on == D(2027, 2, 24)


@pytest.mark.parametrize(
    "step",
    [
        a_milestone(state=MilestoneState.SUBMITTED, submitted_on=D(2027, 2, 5)),
        a_milestone(requests=(a_request(),)),
        a_milestone(requests=(a_request(made_on=D(2027, 2, 5)),)),
        a_milestone(notice=a_notice()),
    ],
)
def test_none_is_written_while_something_waits_or_one_stands(step: Milestone) -> None:
    assert prepare_notice(step, D(2027, 2, 12), POLICY) is None


def test_a_notice_for_an_earlier_day_does_not_keep_the_next_away() -> None:
    step = a_milestone(due_on=D(2027, 3, 1), notice=a_notice())
    assert prepare_notice(step, D(2027, 3, 8), POLICY) is not None


def test_its_text_holds_for_its_day() -> None:
    notice, pathway = a_prepared_notice(), a_pathway()
    assert superseded_because(notice, pathway, D(2027, 2, 10)) is None
    assert superseded_because(notice, pathway, D(2027, 2, 11)) == "day-passed"
    held = replace(notice, state=NoticeState.HELD)
    assert superseded_because(held, pathway, D(2027, 2, 11)) is None
    done = a_pathway(a_milestone(state=MilestoneState.SUBMITTED))
    assert superseded_because(notice, done, D(2027, 2, 10)) == "moot"
    moved = a_pathway(a_milestone(due_on=D(2027, 2, 5)))
    assert superseded_because(notice, moved, D(2027, 2, 10)) == "moot"


def test_the_hand_over_fixes_the_cure_end_and_who_decides() -> None:
    change = hand_over(
        a_prepared_notice(), TOOL, D(2027, 2, 10), a_policy(clock_decides=True), CALENDAR, 10
    )
    assert (change.cure_ends_on, change.clock_decides) == (D(2027, 2, 24), True)
    longer = hand_over(a_prepared_notice(), TOOL, D(2027, 2, 10), POLICY, CALENDAR, 15)
    assert (longer.cure_ends_on, longer.clock_decides) == (D(2027, 3, 3), False)


def test_the_cure_period_runs_past_the_suppliers_closure() -> None:
    calendar = CALENDAR.with_closures([Span(D(2027, 2, 15), D(2027, 2, 26))])
    change = hand_over(a_prepared_notice(), TOOL, D(2027, 2, 10), POLICY, calendar, 10)
    assert change.cure_ends_on == D(2027, 3, 10)


def test_given_by_letter_it_counts_from_that_day() -> None:
    def given(on: date, who: Actor = BUYER) -> NoticeHandedOver:
        return give_otherwise(
            a_prepared_notice(), on, Channel.LETTER, who, D(2027, 2, 12), POLICY, CALENDAR, 10
        )

    change = given(D(2027, 2, 9))
    assert (change.handed_over_on, change.channel) == (D(2027, 2, 9), Channel.LETTER)
    assert change.cure_ends_on == D(2027, 2, 23)
    for day in (D(2027, 2, 13), TODAY):
        with pytest.raises(InputInvalid):
            given(day)
    with pytest.raises(NotAllowed):
        given(D(2027, 2, 9), TOOL)


def test_a_held_notice_is_not_sent_by_the_tool_until_released() -> None:
    held = replace(a_prepared_notice(), state=NoticeState.HELD)
    with pytest.raises(NotAllowed):
        hand_over(held, TOOL, D(2027, 2, 10), POLICY, CALENDAR, 10)
    assert release_notice(held, BUYER, D(2027, 2, 13), POLICY).planned_on == D(2027, 2, 15)
    assert hold_notice(a_prepared_notice(), "ik bel eerst", BUYER).reason == "ik bel eerst"


def test_a_bounce_voids_what_was_handed_over_only() -> None:
    sent = replace(a_prepared_notice(), state=NoticeState.HANDED_OVER)
    assert void(sent, "bounced", TOOL).because == "bounced"
    with pytest.raises(MoveRefused):
        void(a_prepared_notice(), "bounced", TOOL)


def test_the_answer_to_a_reply_promises_the_later_day() -> None:
    step = a_milestone(notice=a_notice())
    change = reply(step, "wij zijn het niet eens", CONTACT, D(2027, 2, 12))
    assert change.reply_made_on == D(2027, 2, 12)
    assert reply(step, "gebeld", BUYER, D(2027, 2, 15), said(D(2027, 2, 12))).reply_made_on == (
        D(2027, 2, 12)
    )
    replied = replace(step, notice=a_notice(reply_made_on=D(2027, 2, 12)))
    for today, promised in ((D(2027, 2, 15), D(2027, 2, 24)), (D(2027, 3, 1), D(2027, 3, 8))):
        answer = answer_reply(a_pathway(replied), replied, "wij denken", BUYER, today, CALENDAR)
        assert answer.cure_ends_on == promised
    with pytest.raises(MoveRefused):
        reply(replied, "nog eens", CONTACT, D(2027, 2, 13))
    with pytest.raises(MoveRefused):
        answer_reply(a_pathway(step), step, "wij denken", BUYER, D(2027, 2, 15), CALENDAR)
