"""Asking for another day: limits, the days promised with an answer, and what never counts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from onboarding.domain.errors import InputInvalid, LimitReached, MoveRefused, NotAllowed, NotFound
from onboarding.domain.milestones import Milestone, MilestoneState, RequestKind
from onboarding.domain.people import Role, Side
from onboarding.domain.requests import (
    RequestAnswered,
    answer_request,
    ask_date,
    report_outside_delay,
)
from onboarding.domain.workdays import Span
from tests.build import (
    CALENDAR,
    TODAY,
    a_milestone,
    a_notice,
    a_pathway,
    a_policy,
    a_request,
    an_actor,
    said,
)

D = date
BUYER, MANAGER = an_actor(Role.BUYER), an_actor(Role.MANAGER)
CONTACT = an_actor(Role.CONTACT)
GRANTED = {"answered_on": D(2027, 1, 5), "granted_on": D(2027, 2, 1)}
USED_UP = (a_request(id=8, **GRANTED), a_request(id=9, **GRANTED))


def answered(
    milestone: Milestone, granted_on: date | None, who: Any = BUYER, **fields: Any
) -> RequestAnswered:
    """Answer request 1 on Monday 8 February; the plan started in January."""
    return answer_request(
        a_pathway(milestone, **fields),
        1,
        1,
        granted_on,
        who,
        D(2027, 2, 8),
        a_policy(),
        CALENDAR,
        D(2027, 1, 4),
        note="zie telefoongesprek",
    )


def test_a_request_keeps_the_day_it_was_about() -> None:
    change = ask_date(a_pathway(), 1, D(2027, 3, 1), "offerte laat", CONTACT, D(2027, 1, 29))
    assert (change.was_due_on, change.wished_on, change.day_number) == (TODAY, D(2027, 3, 1), 1)
    assert (change.by, change.made_on) == (Side.SUPPLIER, D(2027, 1, 29))


def test_asked_by_phone_it_is_the_suppliers_from_the_day_it_was_said() -> None:
    change = ask_date(
        a_pathway(), 1, D(2027, 3, 1), "gebeld", BUYER, D(2027, 2, 3), said(D(2027, 2, 1))
    )
    assert (change.by, change.made_on) == (Side.SUPPLIER, D(2027, 2, 1))
    own = ask_date(a_pathway(), 1, D(2027, 3, 1), "liever later", BUYER, D(2027, 2, 1))
    assert own.by is Side.BUYER


def test_a_sooner_day_or_a_second_request_is_refused() -> None:
    with pytest.raises(InputInvalid):
        ask_date(a_pathway(), 1, TODAY, "eerder", CONTACT, D(2027, 1, 29))
    waiting = a_pathway(a_milestone(requests=(a_request(),)))
    with pytest.raises(InputInvalid):
        ask_date(waiting, 1, D(2027, 3, 1), "nog eens", CONTACT, D(2027, 1, 29))
    with pytest.raises(MoveRefused):
        done = a_pathway(a_milestone(state=MilestoneState.SUBMITTED))
        ask_date(done, 1, D(2027, 3, 1), "toch", CONTACT, D(2027, 1, 29))
    with pytest.raises(NotAllowed):
        ask_date(a_pathway(), 1, D(2027, 3, 1), "toch", an_actor(Role.ADVISER), TODAY)


def test_a_granted_day_is_a_working_day_with_the_next_number() -> None:
    change = answered(a_milestone(requests=(a_request(),)), D(2027, 3, 27))
    assert change.granted_on == D(2027, 3, 30)  # after Easter
    assert (change.day_number, change.was_due_on) == (2, TODAY)


def test_refused_five_working_days_are_promised() -> None:
    change = answered(a_milestone(requests=(a_request(),)), None)
    assert (change.granted_on, change.day_number) == (None, 1)
    assert change.grace_ends_on == D(2027, 2, 15)
    assert change.cure_ends_on is None


def test_on_hold_the_five_days_come_after_the_hold() -> None:
    hold = Span(D(2027, 2, 1), D(2027, 2, 28))
    change = answered(a_milestone(requests=(a_request(),)), None, hold=hold)
    assert change.grace_ends_on == D(2027, 3, 5)


@pytest.mark.parametrize(
    ("cure_ends_on", "promised"),
    [(D(2027, 2, 10), D(2027, 2, 15)), (D(2027, 2, 24), D(2027, 2, 24))],
)
def test_a_late_request_moves_the_cure_end_to_the_later_day(
    cure_ends_on: date, promised: date
) -> None:
    late = a_request(made_on=D(2027, 2, 4))
    notice = a_notice(cure_ends_on=cure_ends_on)
    change = answered(a_milestone(requests=(late,), notice=notice), None)
    assert (change.notice_id, change.cure_ends_on) == (1, promised)


def test_the_suppliers_third_extension_is_a_managers() -> None:
    step = a_milestone(day_number=3, requests=(*USED_UP, a_request(day_number=3)))
    with pytest.raises(LimitReached) as refused:
        answered(step, D(2027, 3, 1))
    assert refused.value.facts == {"what": "extensions", "limit": 2}
    assert answered(step, D(2027, 3, 1), MANAGER).granted_on == D(2027, 3, 1)
    assert answered(step, None).granted_on is None


@pytest.mark.parametrize(
    "not_its_own_sake", [{"kind": RequestKind.OUTSIDE_DELAY}, {"by": Side.BUYER}]
)
def test_a_bodys_delay_and_our_own_wish_do_not_count(not_its_own_sake: dict[str, Any]) -> None:
    asked = a_request(day_number=3, **not_its_own_sake)
    step = a_milestone(day_number=3, requests=(*USED_UP, asked))
    assert answered(step, D(2027, 3, 1)).granted_on == D(2027, 3, 1)
    others = tuple(replace(request, **not_its_own_sake) for request in USED_UP)
    step = a_milestone(day_number=3, requests=(*others, a_request(day_number=3)))
    assert answered(step, D(2027, 3, 1)).granted_on == D(2027, 3, 1)


def test_only_a_manager_goes_beyond_the_longest_pathway_but_a_body_may() -> None:
    far = D(2029, 9, 3)
    with pytest.raises(LimitReached):
        answered(a_milestone(requests=(a_request(),)), far)
    assert answered(a_milestone(requests=(a_request(),)), far, MANAGER).granted_on == far
    delay = a_request(kind=RequestKind.OUTSIDE_DELAY)
    assert answered(a_milestone(requests=(delay,)), far).granted_on == far


def test_an_answered_request_is_not_answered_again() -> None:
    with pytest.raises(MoveRefused):
        answered(a_milestone(requests=(a_request(answered_on=D(2027, 2, 3)),)), None)
    with pytest.raises(NotFound):
        answered(a_milestone(), None)


def test_a_bodys_delay_is_reported_by_either_side() -> None:
    for who, side in ((BUYER, Side.BUYER), (CONTACT, Side.SUPPLIER)):
        change = report_outside_delay(a_pathway(), 1, D(2027, 4, 1), "audit vol", who, TODAY)
        assert (change.kind, change.by) == (RequestKind.OUTSIDE_DELAY, side)
