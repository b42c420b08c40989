"""What if: facts as they would be, and what cannot be supposed."""

from datetime import date, timedelta
from typing import Any

import pytest

from onboarding.domain.eligibility import Facts, Status, assess, project, runs, status_of, timeline
from onboarding.domain.eligibility.supposing import Supposed, suppose
from onboarding.domain.errors import InputInvalid
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Side
from onboarding.domain.workdays import DAY
from tests.build import (
    TODAY,
    a_certificate,
    a_milestone,
    a_notice,
    a_pathway,
    a_request,
    facts,
    policies,
)

LATE = TODAY + 10 * DAY
NEW_DAY = date(2027, 4, 1)


def on_pathway(**fields: Any) -> Facts:
    return facts(pathways=(a_pathway(a_milestone(**fields)),))


def status_after(known: Facts, supposed: Supposed, on: date, today: date = LATE) -> Status:
    changed, under = suppose(known, policies(), supposed, today)
    return assess(changed, under, on).status


def test_a_step_that_slips_is_on_track_until_its_new_day() -> None:
    supposed = Supposed(milestone_id=1, due_on=NEW_DAY)
    assert assess(on_pathway(), policies(), LATE).status is Status.AT_RISK
    assert status_after(on_pathway(), supposed, LATE) is Status.CONDITIONAL
    assert status_after(on_pathway(), supposed, NEW_DAY + DAY) is Status.AT_RISK


def test_a_notice_for_the_day_before_is_moot_and_a_request_is_answered() -> None:
    known = on_pathway(
        notice=a_notice(missed_on=TODAY, cure_ends_on=LATE),
        requests=(a_request(by=Side.SUPPLIER, made_on=TODAY + DAY),),
    )
    supposed = Supposed(milestone_id=1, due_on=NEW_DAY)
    assert status_after(known, supposed, NEW_DAY) is Status.CONDITIONAL
    assert status_after(known, supposed, NEW_DAY + DAY) is Status.AT_RISK


def test_a_certificate_that_ends_sooner_counts_up_to_and_including_its_last_day() -> None:
    known = facts(certificates=(a_certificate(),))
    supposed = Supposed(certificate_id=1, certificate_ends_on=NEW_DAY)
    assert status_after(known, supposed, NEW_DAY) is Status.ELIGIBLE
    assert status_after(known, supposed, NEW_DAY + DAY) is Status.UNDECIDED


def test_a_grant_holds_up_to_and_including_its_day() -> None:
    supposed = Supposed(granted_until=NEW_DAY)
    assert status_after(on_pathway(), supposed, NEW_DAY) is Status.CONDITIONAL
    assert status_after(on_pathway(), supposed, NEW_DAY + DAY) is Status.AT_RISK


def test_another_cure_period_moves_what_is_not_promised_yet() -> None:
    supposed = Supposed(cure_working_days=20)
    known, under = suppose(on_pathway(), policies(), supposed, TODAY)
    before = project(on_pathway(), policies(), TODAY).notices[0]
    after = project(known, under, TODAY).notices[0]
    assert after.handed_over_on == before.handed_over_on
    assert after.cure_ends_on == before.cure_ends_on + timedelta(days=14)
    promised = on_pathway(notice=a_notice(missed_on=TODAY))
    known, under = suppose(promised, policies(), supposed, TODAY)
    assert project(known, under, TODAY) == project(promised, policies(), TODAY)


def test_a_shorter_cure_period_than_was_agreed_can_be_supposed() -> None:
    agreed = facts(pathways=(a_pathway(a_milestone(), cure_working_days=30),))
    known, under = suppose(agreed, policies(), Supposed(cure_working_days=10), TODAY)
    before, after = project(agreed, policies(), TODAY), project(known, under, TODAY)
    assert after.notices[0].cure_ends_on < before.notices[0].cure_ends_on


def test_nothing_supposed_changes_nothing() -> None:
    known = on_pathway()
    assert suppose(known, policies(), Supposed(), TODAY) == (known, policies())
    assert Supposed().is_empty()
    assert len(runs(timeline(known, policies(), TODAY), status_of)) == 2


@pytest.mark.parametrize(
    ("supposed", "field"),
    [
        (Supposed(milestone_id=7, due_on=NEW_DAY), "milestone_id"),
        (Supposed(milestone_id=1), "due_on"),
        (Supposed(milestone_id=1, due_on=TODAY - DAY), "due_on"),
        (Supposed(certificate_id=7, certificate_ends_on=NEW_DAY), "certificate_id"),
        (Supposed(certificate_id=1), "certificate_ends_on"),
        (Supposed(certificate_id=1, certificate_ends_on=TODAY - DAY), "certificate_ends_on"),
        (
            Supposed(certificate_id=1, certificate_ends_on=date(2029, 6, 1)),
            "certificate_ends_on",
        ),
        (Supposed(cure_working_days=9), "cure_working_days"),
        (Supposed(granted_until=TODAY - DAY), "granted_until"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_at_its_field(supposed: Supposed, field: str) -> None:
    known = facts(pathways=(a_pathway(),), certificates=(a_certificate(),))
    with pytest.raises(InputInvalid) as refused:
        suppose(known, policies(), supposed, TODAY)
    assert refused.value.facts["field"] == field


def test_a_step_that_is_done_has_no_other_day() -> None:
    with pytest.raises(InputInvalid):
        suppose(
            on_pathway(state=MilestoneState.ACCEPTED),
            policies(),
            Supposed(milestone_id=1, due_on=NEW_DAY),
            TODAY,
        )
