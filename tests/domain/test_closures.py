"""Closures of a supplier: which are taken, and why the others are not."""

from datetime import date
from typing import Any

import pytest

from onboarding.domain.closures import Closure, add_closure, call_off_closure
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.workdays import Span
from tests.build import an_actor

D = date
TODAY = D(2027, 6, 1)
BUYER, CONTACT, ADVISER = (an_actor(role) for role in (Role.BUYER, Role.CONTACT, Role.ADVISER))
SUMMER = Span(D(2027, 7, 26), D(2027, 8, 13))
KNOWN = (Closure(id=1, span=SUMMER),)


def test_a_contact_tells_it_and_a_buyer_for_it() -> None:
    assert add_closure(SUMMER, (), CONTACT, TODAY).ends_on == SUMMER.ends_on
    said = Said(said_on=TODAY, channel=Channel.PHONE, person_id=3)
    assert add_closure(SUMMER, (), BUYER, TODAY, said).said == said
    for actor in (BUYER, ADVISER):
        with pytest.raises(NotAllowed):
            add_closure(SUMMER, (), actor, TODAY)


def test_it_is_told_beforehand_or_was_said_then() -> None:
    span = Span(D(2027, 5, 31), D(2027, 6, 4))
    with pytest.raises(InputInvalid) as refused:
        add_closure(span, (), CONTACT, TODAY)
    assert refused.value.facts["reason"] == "in-the-past"
    said = Said(said_on=D(2027, 5, 28), channel=Channel.MAIL, person_id=3)
    assert add_closure(span, (), BUYER, TODAY, said).starts_on == span.starts_on


@pytest.mark.parametrize(
    ("span", "facts"),
    [
        (
            Span(D(2027, 7, 1), D(2027, 6, 30)),
            {"field": "ends_on", "reason": "before-start", "start": "2027-07-01"},
        ),
        (
            Span(D(2027, 9, 1), D(2027, 10, 13)),  # 43 days
            {"field": "ends_on", "reason": "too-late", "latest": "2027-10-12"},
        ),
        (
            Span(D(2027, 8, 13), D(2027, 8, 20)),
            {
                "field": "starts_on",
                "reason": "closed-then",
                "first": "2027-07-26",
                "last": "2027-08-13",
            },
        ),
        (
            Span(D(2027, 9, 1), D(2027, 10, 12)),  # 42 days, and 19 in summer
            {"field": "ends_on", "reason": "closed-too-long", "most": 60, "year": 2027},
        ),
    ],
)
def test_what_cannot_be_is_refused(span: Span, facts: dict[str, Any]) -> None:
    with pytest.raises(InputInvalid) as refused:
        add_closure(span, KNOWN, CONTACT, TODAY)
    assert refused.value.facts == facts


def test_days_count_for_the_year_in_which_they_lie() -> None:
    """41 days more would be 60 in 2027; the last of these lie in 2028."""
    span = Span(D(2027, 11, 22), D(2028, 1, 2))
    assert add_closure(span, KNOWN, CONTACT, TODAY).ends_on == span.ends_on


@pytest.mark.parametrize(
    ("today", "last_day"),
    [
        (D(2027, 7, 25), None),
        (D(2027, 7, 26), None),
        (D(2027, 7, 27), D(2027, 7, 26)),
        (D(2027, 8, 13), D(2027, 8, 12)),
    ],
)
def test_called_off_the_days_that_passed_stay(today: date, last_day: date | None) -> None:
    assert call_off_closure(KNOWN[0], CONTACT, today).last_day == last_day
    assert call_off_closure(KNOWN[0], BUYER, today).last_day == last_day


def test_one_that_is_over_is_not_called_off() -> None:
    with pytest.raises(MoveRefused):
        call_off_closure(KNOWN[0], CONTACT, D(2027, 8, 14))
