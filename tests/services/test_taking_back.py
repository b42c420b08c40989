"""What one side asked is taken back: who is told, whose turn it is, and what the clocks do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed, VersionOutdated
from onboarding.domain.people import Channel, Said, Side
from onboarding.services.pathway.amendments import (
    counter_amendment,
    propose_amendment,
    withdraw_amendment,
)
from onboarding.services.pathway.drafts import drop_draft
from onboarding.services.pathway.negotiation import withdraw_proposal
from onboarding.services.pathway.requests import (
    answer_request,
    ask_for_date,
    report_outside_delay,
    withdraw_request,
)
from onboarding.services.pathway.turns import turns_of
from onboarding.services.work_list import read_work_list
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import (
    AmendmentRow,
    DateRequestRow,
    EventRow,
    MessageRow,
    PathwayRow,
)
from tests import pathway_stage as pathways
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def proposed(session: Session, moment: Moment, row: PathwayRow, actor: Any) -> int:
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    return propose_amendment(session, actor, moment, row.id, steps=steps, reason="Fusie")


def told(session: Session, kind: str) -> list[tuple[int, dict[str, Any]]]:
    rows = session.scalars(select(MessageRow).where(MessageRow.kind == kind))
    return [(row.person_id, row.facts) for row in rows]


def codes(session: Session, *, shared: bool = True) -> list[str]:
    query = select(EventRow.code).where(EventRow.is_shared == shared).order_by(EventRow.id)
    return list(session.scalars(query))


def whose_turn(session: Session, scene: pathways.Scene, moment: Moment) -> Side | None:
    return turns_of(session, [scene.relation.id], moment.today)[scene.relation.id].side


def test_what_the_supplier_takes_back_lies_with_nobody_and_gives_its_five_days(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    amendment = proposed(session, moment, row, scene.signatory)
    assert whose_turn(session, scene, moment) is Side.BUYER
    assert plan.deadline_on is None
    later = clock.forward(days=20)  # past the day of the step
    withdraw_amendment(session, scene.signatory, later, amendment, revision=1, note=" Toch niet ")
    assert plan.deadline_on == later.today + timedelta(7)
    assert whose_turn(session, scene, later) is Side.SUPPLIER
    there = session.get_one(AmendmentRow, amendment)
    assert (there.state, there.answer) == ("withdrawn", "Toch niet")
    assert codes(session)[-1] == "amendment-withdrawn"
    facts = {"amendment_id": amendment, "note": "Toch niet"}
    assert told(session, "amendment-taken-back") == [(scene.buyer.person_id, facts)]
    assert told(session, "amendment-withdrawn") == []
    assert [one.is_withdrawn for one in session.scalars(select(DateRequestRow))] == [True]


def test_what_we_take_back_is_told_to_the_supplier_only(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    before = plan.deadline_on
    amendment = proposed(session, moment, row, scene.buyer)
    with pytest.raises(NotAllowed):
        withdraw_amendment(session, scene.signatory, moment, amendment, revision=1)
    withdraw_amendment(session, scene.buyer, moment, amendment, revision=1)
    assert told(session, "amendment-withdrawn") == [
        (scene.signatory.person_id, {"amendment_id": amendment})
    ]
    assert told(session, "amendment-taken-back") == []
    assert plan.deadline_on == before
    with pytest.raises(MoveRefused):
        withdraw_amendment(session, scene.buyer, moment, amendment, revision=1)
    assert proposed(session, moment, row, scene.signatory) != amendment  # there is room again


def test_once_countered_only_the_other_side_can(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, _ = pathways.agreed(session, scene, moment)
    amendment = proposed(session, moment, row, scene.buyer)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 14)
    counter_amendment(
        session, scene.signatory, moment, amendment, revision=1, steps=steps, reason="Langer"
    )
    with pytest.raises(VersionOutdated):
        withdraw_amendment(session, scene.buyer, moment, amendment, revision=1)
    with pytest.raises(NotAllowed):
        withdraw_amendment(session, scene.buyer, moment, amendment, revision=2)
    withdraw_amendment(session, scene.signatory, moment, amendment, revision=2)
    assert session.get_one(AmendmentRow, amendment).state == "withdrawn"


def test_a_request_taken_back_leaves_the_work_list_and_gives_five_days(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    wished = plan.due_on + timedelta(7)
    request = ask_for_date(
        session, scene.signatory, moment, plan.id, wished_on=wished, reason="Ziek"
    )
    later = clock.forward(days=20)
    assert read_work_list(session, scene.buyer, later, mine=False).answer.items
    withdraw_request(session, scene.signatory, later, request)
    assert not read_work_list(session, scene.buyer, later, mine=False).answer.items
    assert plan.deadline_on == later.today + timedelta(7)
    assert plan.due_on == plan.original_due_on
    assert plan.extension_count == 0
    facts = {"request_id": request, "asked_due_on": wished.isoformat()}
    assert told(session, "date-taken-back") == [(scene.buyer.person_id, facts)]
    assert codes(session)[-1] == "request-withdrawn"
    with pytest.raises(MoveRefused):
        answer_request(session, scene.buyer, later, request, granted_on=wished)
    with pytest.raises(MoveRefused):
        withdraw_request(session, scene.signatory, later, request)


def test_taken_back_early_it_costs_a_later_request_nothing(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    wished = plan.due_on + timedelta(30)
    first = ask_for_date(session, scene.signatory, moment, plan.id, wished_on=wished, reason="Ziek")
    withdraw_request(session, scene.signatory, moment, first)
    assert plan.deadline_on == plan.due_on
    in_time = clock.forward(days=(plan.due_on - moment.today).days)
    again = ask_for_date(
        session, scene.signatory, in_time, plan.id, wished_on=wished, reason="Weer ziek"
    )
    later = clock.forward(days=10)
    answer_request(session, scene.buyer, later, again, granted_on=None, note="Nee")
    assert plan.deadline_on is not None and plan.deadline_on >= later.today + timedelta(7)


def test_a_buyer_takes_back_for_a_supplier_that_phones(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row, (plan, *_) = pathways.agreed(session, scene, moment)
    wished = plan.due_on + timedelta(7)
    delay = report_outside_delay(
        session, scene.signatory, moment, plan.id, new_day=wished, reason="Ziek"
    )
    said = Said(
        person_id=scene.signatory.person_id or 0, channel=Channel.PHONE, said_on=moment.today
    )
    withdraw_request(session, scene.buyer, moment, delay, on_behalf=said)
    amendment = proposed(session, moment, row, scene.signatory)
    withdraw_amendment(session, scene.buyer, moment, amendment, revision=1, on_behalf=said)
    recorded = select(EventRow.code).where(EventRow.said_by == scene.signatory.person_id)
    assert session.scalars(recorded.order_by(EventRow.id)).all() == [
        "request-withdrawn",
        "amendment-withdrawn",
    ]


def test_a_draft_that_was_never_proposed_is_thrown_away(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.a_draft(session, scene, moment)
    with pytest.raises(NotAllowed):
        drop_draft(session, replace(scene.buyer, roles=frozenset()), moment, row.id)
    drop_draft(session, scene.buyer, moment, row.id)
    assert session.scalars(select(PathwayRow)).all() == []
    assert codes(session, shared=False)[-1] == "draft-dropped"


def test_a_draft_is_not_thrown_away_once_a_supplier_saw_it(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    row = pathways.proposed(session, scene, moment)
    withdraw_proposal(session, scene.buyer, moment, row.id)
    with pytest.raises(MoveRefused):
        drop_draft(session, scene.buyer, moment, row.id)
