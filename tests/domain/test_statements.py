"""What was recorded is not right: until when that can be said, and what stands still for it."""

from datetime import date

import pytest

from onboarding.domain.errors import AlreadyOpen, InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Role
from onboarding.domain.statements import (
    ContestTooLate,
    PromisedCure,
    Statement,
    answer,
    contest,
    contest_until,
)
from onboarding.domain.workdays import Span
from tests.build import CALENDAR, TODAY, a_milestone, a_notice, a_pathway, an_actor, said

D = date
CONTACT, BUYER = an_actor(Role.CONTACT), an_actor(Role.BUYER)
UNTIL = D(2027, 2, 8)
STEPS = (
    a_milestone(id=1),
    a_milestone(id=2, due_on=D(2027, 6, 1)),
    a_milestone(id=3, state=MilestoneState.ACCEPTED),
)


def a_statement(code: str = "milestone-submitted", **fields: object) -> Statement:
    """Recorded on Monday 1 February, about the first step of the first pathway."""
    values = {"id": 5, "recorded_on": TODAY, "contest_until_on": UNTIL, "pathway_id": 1}
    return Statement(code=code, **({"milestone_id": 1} | values | fields))


def test_there_are_five_working_days_to_say_so_past_the_suppliers_own_closure() -> None:
    assert contest_until(TODAY, CALENDAR) == UNTIL
    closed = CALENDAR.with_closures([Span(D(2027, 2, 2), D(2027, 2, 5))])
    assert contest_until(TODAY, closed) == D(2027, 2, 12)


def test_said_on_the_last_day_it_is_in_time_also_when_recorded_later() -> None:
    late = D(2027, 2, 15)
    with pytest.raises(ContestTooLate):
        contest(a_statement(), a_pathway(), "Nee", CONTACT, late)
    change = contest(a_statement(), a_pathway(), "Nee", BUYER, late, said(UNTIL))
    assert change.contested_on == UNTIL
    with pytest.raises(InputInvalid):
        contest(a_statement(recorded_on=UNTIL), a_pathway(), "Nee", BUYER, late, said(TODAY))


@pytest.mark.parametrize(
    ("code", "touches"),
    [
        ("milestone-submitted", (1,)),
        ("date-requested", (1,)),
        ("pathway-agreed", (1, 2)),
        ("amendment-accepted", (1, 2)),
        ("certificate-reported", ()),
    ],
)
def test_it_stops_the_clock_of_what_is_owed_through_it_and_of_nothing_else(
    code: str, touches: tuple[int, ...]
) -> None:
    milestone_id = 1 if code in ("milestone-submitted", "date-requested") else None
    statement = a_statement(code, milestone_id=milestone_id)
    assert contest(statement, a_pathway(*STEPS), "Nee", CONTACT, TODAY).touches == touches
    assert contest(statement, None, "Nee", CONTACT, TODAY).touches == ()


def test_it_is_said_once_by_who_reports_and_answered_once_by_a_buyer() -> None:
    waiting = a_statement(contested_on=TODAY)
    with pytest.raises(AlreadyOpen):
        contest(waiting, None, "Nee", CONTACT, TODAY)
    with pytest.raises(NotAllowed):
        contest(a_statement(), None, "Nee", an_actor(Role.ADVISER), TODAY)
    asked = {"stands": True, "text": "Jawel", "today": TODAY, "calendar": CALENDAR}
    with pytest.raises(NotAllowed):
        answer(waiting, None, (), actor=CONTACT, **asked)
    with pytest.raises(MoveRefused):
        answer(a_statement(), None, (), actor=BUYER, **asked)


def test_the_answer_gives_five_working_days_and_no_notice_ends_before_them() -> None:
    late = a_milestone(id=1, notice=a_notice(cure_ends_on=D(2027, 2, 18)))
    change = answer(
        a_statement(contested_on=D(2027, 2, 12)),
        a_pathway(late),
        (1,),
        stands=True,
        text="Jawel",
        actor=BUYER,
        today=D(2027, 2, 16),
        calendar=CALENDAR,
    )
    assert change.grace_ends_on == D(2027, 2, 23)
    assert change.promised == (PromisedCure(notice_id=1, cure_ends_on=D(2027, 2, 23)),)
