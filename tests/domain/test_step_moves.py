"""Moving steps: handing in, reviewing, waiving, and completing the pathway by itself."""

from dataclasses import replace
from datetime import date

import pytest

from onboarding.domain.errors import InputInvalid, LimitReached, MoveRefused, NotAllowed, NotFound
from onboarding.domain.milestone_moves import (
    MilestoneAccepted,
    MilestoneSubmitted,
    MilestoneWaived,
    PathwayCompleted,
    accept,
    return_for_rework,
    start,
    submit,
    waive,
)
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Role, Side
from tests.build import CALENDAR, TODAY, a_milestone, a_pathway, a_policy, an_actor, said

BUYER, MANAGER = an_actor(Role.BUYER), an_actor(Role.MANAGER)
CONTACT, ADVISER = an_actor(Role.CONTACT), an_actor(Role.ADVISER)
OTHER = a_milestone(id=2, title="plan")
REVIEWED = a_milestone(is_reviewed=True)
SUBMITTED = replace(REVIEWED, state=MilestoneState.SUBMITTED, submitted_on=TODAY)


def kinds(changes: tuple) -> list[type]:
    return [type(change) for change in changes]


def test_what_is_reviewed_waits_and_what_is_not_is_accepted_at_once() -> None:
    assert kinds(submit(a_pathway(REVIEWED, OTHER), 1, CONTACT, TODAY)) == [MilestoneSubmitted]
    changes = submit(a_pathway(a_milestone(), OTHER), 1, CONTACT, TODAY)
    assert kinds(changes) == [MilestoneSubmitted, MilestoneAccepted]
    assert changes[1].was_reviewed is False


def test_the_last_step_completes_the_pathway() -> None:
    assert kinds(accept(a_pathway(SUBMITTED), 1, BUYER, TODAY))[-1] is PathwayCompleted
    assert kinds(submit(a_pathway(), 1, CONTACT, TODAY))[-1] is PathwayCompleted
    assert kinds(waive(a_pathway(), 1, "niet nodig", BUYER, TODAY)) == [
        MilestoneWaived,
        PathwayCompleted,
    ]
    assert kinds(accept(a_pathway(SUBMITTED, OTHER), 1, BUYER, TODAY)) == [MilestoneAccepted]


def test_the_buyers_own_step_goes_straight_to_accepted() -> None:
    pathway = a_pathway(a_milestone(owner=Side.BUYER), OTHER)
    assert kinds(submit(pathway, 1, BUYER, TODAY)) == [MilestoneAccepted]
    with pytest.raises(NotAllowed):
        submit(pathway, 1, CONTACT, TODAY)


@pytest.mark.parametrize("role", [Role.BUYER, Role.CONTACT])
def test_an_outside_step_is_reported_by_either_side(role: Role) -> None:
    pathway = a_pathway(a_milestone(owner=Side.OUTSIDE, is_reviewed=True), OTHER)
    assert kinds(submit(pathway, 1, an_actor(role), TODAY)) == [MilestoneSubmitted]


def test_an_adviser_does_not_submit_and_a_buyer_only_on_behalf() -> None:
    for actor in (ADVISER, BUYER):
        with pytest.raises(NotAllowed):
            submit(a_pathway(), 1, actor, TODAY)
    changes = submit(a_pathway(REVIEWED), 1, BUYER, date(2027, 2, 4), said=said())
    assert changes[0].said == said()


def test_rework_has_a_day_and_a_limit_that_a_manager_may_pass() -> None:
    policy = a_policy()
    pathway = a_pathway(SUBMITTED)
    change = return_for_rework(pathway, 1, "graag een datum", BUYER, TODAY, policy, CALENDAR)
    assert (change.rework_on, change.times_returned) == (date(2027, 2, 15), 1)
    twice = a_pathway(replace(SUBMITTED, times_returned=2))
    with pytest.raises(LimitReached):
        return_for_rework(twice, 1, "nog eens", BUYER, TODAY, policy, CALENDAR)
    again = return_for_rework(twice, 1, "nog eens", MANAGER, TODAY, policy, CALENDAR)
    assert again.times_returned == 3
    with pytest.raises(InputInvalid):
        return_for_rework(pathway, 1, " ", BUYER, TODAY, policy, CALENDAR)


def test_the_rework_day_is_a_working_day() -> None:
    change = return_for_rework(
        a_pathway(SUBMITTED), 1, "ja", BUYER, date(2027, 4, 13), a_policy(), CALENDAR
    )
    assert change.rework_on == date(2027, 4, 28)  # 27 April is King's Day


@pytest.mark.parametrize(
    "state", [PathwayState.PROPOSED, PathwayState.COMPLETED, PathwayState.STOPPED]
)
def test_steps_move_on_a_running_pathway_only(state: PathwayState) -> None:
    with pytest.raises(MoveRefused):
        start(a_pathway(state=state), 1, CONTACT, TODAY)


def test_a_step_of_another_pathway_is_not_found() -> None:
    with pytest.raises(NotFound):
        start(a_pathway(), 7, CONTACT, TODAY)


def test_on_hold_a_step_can_still_be_done() -> None:
    changes = submit(a_pathway(state=PathwayState.ON_HOLD), 1, CONTACT, TODAY)
    assert kinds(changes)[-1] is PathwayCompleted
