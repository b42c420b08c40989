"""Taking a supplier into the programme and out of it, ending a relation and reopening it."""

from datetime import date

import pytest

from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed
from onboarding.domain.organisations import (
    Relation,
    end_relation,
    enrol,
    reopen_relation,
    stop_ended,
    take_out,
)
from onboarding.domain.pathways import Pathway, PathwayState
from onboarding.domain.people import Role
from tests.build import TODAY, a_pathway, a_proposal, an_actor

D = date
BUYER, MANAGER = an_actor(Role.BUYER), an_actor(Role.MANAGER)
ENROLLED = Relation(id=1, enrolled_on=D(2026, 6, 1))
ENDED = Relation(id=1, enrolled_on=D(2026, 6, 1), ended_on=TODAY)


def codes(changes: tuple) -> list[str]:
    return [change.code for change in changes]


def test_a_buyer_enrols_once() -> None:
    assert enrol(Relation(id=1), BUYER, TODAY).enrolled_on == TODAY
    for relation in (ENROLLED, ENDED):
        with pytest.raises(MoveRefused):
            enrol(relation, BUYER, TODAY)


@pytest.mark.parametrize(
    ("pathway", "is_free"),
    [
        (a_proposal(), False),
        (a_proposal(state=PathwayState.COUNTERED), False),
        (a_pathway(), False),
        (a_pathway(state=PathwayState.ON_HOLD), False),
        (a_proposal(state=PathwayState.DRAFT), True),
        (a_pathway(state=PathwayState.DECLINED, over_on=TODAY), True),
    ],
)
def test_it_is_taken_out_only_while_nothing_is_proposed_or_agreed(
    pathway: Pathway, is_free: bool
) -> None:
    if is_free:
        assert take_out(ENROLLED, (pathway,), "vergissing", BUYER).code == "relation-taken-out"
    else:
        with pytest.raises(MoveRefused):
            take_out(ENROLLED, (pathway,), "vergissing", BUYER)


def test_a_manager_ends_a_relation_and_the_pathway_with_it() -> None:
    changes = end_relation(ENROLLED, (a_pathway(),), TODAY, "contract af", MANAGER, TODAY)
    assert codes(changes) == ["relation-ended", "pathway-stopped"]
    changes = end_relation(ENROLLED, (a_proposal(),), TODAY, "contract af", MANAGER, TODAY)
    assert codes(changes) == ["relation-ended", "pathway-withdrawn"]
    with pytest.raises(NotAllowed):
        end_relation(ENROLLED, (), TODAY, "contract af", BUYER, TODAY)
    with pytest.raises(InputInvalid):
        end_relation(ENROLLED, (), D(2027, 1, 31), "contract af", MANAGER, TODAY)


def test_ended_from_a_later_day_the_pathway_goes_on_until_then() -> None:
    later = D(2027, 3, 1)
    changes = end_relation(ENROLLED, (a_pathway(),), later, "contract af", MANAGER, TODAY)
    assert codes(changes) == ["relation-ended"]
    ending = Relation(id=1, ended_on=later)
    assert stop_ended(ending, (a_pathway(),), "contract af", D(2027, 2, 28)) == ()
    assert codes(stop_ended(ending, (a_pathway(),), "contract af", later)) == ["pathway-stopped"]


def test_reopened_what_stopped_stays_stopped() -> None:
    changes = reopen_relation(ENDED, (a_pathway(),), "nieuw contract", MANAGER, TODAY)
    assert codes(changes) == ["pathway-stopped", "relation-reopened"]
    with pytest.raises(MoveRefused):
        reopen_relation(ENROLLED, (), "nieuw contract", MANAGER, TODAY)
