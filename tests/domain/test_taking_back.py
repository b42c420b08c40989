"""Taking back what was asked: no clock is worse than without it, nor than after a refusal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.amendments import Amendment, AmendmentState, decline_amendment
from onboarding.domain.errors import MoveRefused, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.milestones import DateRequest, RequestKind
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.requests import CurePromised
from onboarding.domain.taking_back import withdraw_amendment, withdraw_request
from tests.build import (
    CALENDAR,
    TODAY,
    a_milestone,
    a_notice,
    a_pathway,
    a_plan,
    a_request,
    a_signature,
    a_step,
    an_actor,
)

BUYER = an_actor(Role.BUYER)
SIGNATORY = an_actor(Role.SIGNATORY, side=Side.SUPPLIER)
CONTACT = an_actor(Role.CONTACT, side=Side.SUPPLIER)
DUE = TODAY + timedelta(7)
PATHWAY = a_pathway(a_milestone(due_on=DUE))


def lies_open(by: Side) -> Amendment:
    return Amendment(
        id=1,
        pathway_id=1,
        state=AmendmentState.OPEN,
        by=by,
        version=2,
        plan=a_plan(a_step(milestone_id=1)),
        signature=a_signature(),
        touches=(1,),
    )


@pytest.mark.parametrize(
    ("by", "maker", "others"),
    [(Side.BUYER, BUYER, [SIGNATORY, CONTACT]), (Side.SUPPLIER, SIGNATORY, [BUYER, CONTACT])],
)
def test_who_made_the_version_takes_it_back(by: Side, maker: Actor, others: list[Actor]) -> None:
    for other in others:
        with pytest.raises(NotAllowed):
            withdraw_amendment(lies_open(by), PATHWAY, 2, None, other, TODAY, CALENDAR)
    change = withdraw_amendment(lies_open(by), PATHWAY, 2, None, maker, TODAY, CALENDAR)
    assert (change.by, change.note) == (by, None)


def test_what_was_answered_is_not_taken_back() -> None:
    with pytest.raises(VersionOutdated):
        withdraw_amendment(lies_open(Side.BUYER), PATHWAY, 1, None, BUYER, TODAY, CALENDAR)
    for state in set(AmendmentState) - {AmendmentState.OPEN}:
        over = replace(lies_open(Side.BUYER), state=state)
        with pytest.raises(MoveRefused):
            withdraw_amendment(over, PATHWAY, 2, None, BUYER, TODAY, CALENDAR)


def test_it_promises_what_declining_would() -> None:
    missed = TODAY - timedelta(14)
    waits = a_request(kind=RequestKind.AMENDMENT, made_on=missed + timedelta(1))
    notice = a_notice(missed_on=missed, cure_ends_on=TODAY)
    late = a_milestone(due_on=missed, requests=(waits,), notice=notice)
    pathway, amendment = a_pathway(late), lies_open(Side.SUPPLIER)
    declined = decline_amendment(amendment, pathway, "nee", BUYER, TODAY, CALENDAR)
    back = withdraw_amendment(amendment, pathway, 2, None, SIGNATORY, TODAY, CALENDAR)
    assert (back.grace_ends_on, back.promised) == (declined.grace_ends_on, declined.promised)
    assert [type(one) for one in back.promised] == [CurePromised]


def test_the_supplier_takes_its_own_request_back_before_the_answer() -> None:
    asked, ours = a_request(id=1), a_request(id=2, by=Side.BUYER)
    done = replace(a_request(id=3), answered_on=TODAY)
    pathway = a_pathway(a_milestone(due_on=DUE, requests=(asked, ours, done)))
    change = withdraw_request(pathway, 1, 1, DUE, CONTACT, TODAY, CALENDAR)
    assert (change.was_due_on, change.grace_ends_on) == (DUE, CALENDAR.add(TODAY, 5))
    refusals: list[tuple[int, Actor, type[Exception]]] = [
        (1, BUYER, NotAllowed),
        (1, an_actor(Role.ADVISER, side=Side.SUPPLIER), NotAllowed),
        (2, CONTACT, NotFound),
        (9, CONTACT, NotFound),
        (3, CONTACT, MoveRefused),
    ]
    for request_id, who, refused in refusals:
        with pytest.raises(refused):
            withdraw_request(pathway, 1, request_id, DUE, who, TODAY, CALENDAR)


DAYS = st.integers(0, 30)


@st.composite
def answered(draw: st.DrawFn, number: int) -> DateRequest:
    """Asked some day, and answered some days later with five days from then."""
    made_on = DUE - timedelta(20) + timedelta(draw(DAYS))
    answered_on = made_on + timedelta(draw(DAYS))
    return replace(
        a_request(id=number, made_on=made_on),
        answered_on=answered_on,
        grace_ends_on=answered_on + timedelta(7),
        is_withdrawn=draw(st.booleans()),
    )


def falls_due(*requests: DateRequest) -> date:
    found = a_milestone(due_on=DUE, requests=requests).falls_due_on()
    assert found is not None
    return found


@given(st.tuples(*(answered(number) for number in range(1, 5))))
def test_no_clock_is_worse_than_refused_or_without(requests: tuple[DateRequest, ...]) -> None:
    refused = [replace(one, is_withdrawn=False) for one in requests]
    without = [one for one in requests if not one.is_withdrawn]
    assert falls_due(*requests) >= max(falls_due(*refused), falls_due(*without))
