"""Another date is asked for, a body's delay reported, and the buyer answers."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, LimitReached, MoveRefused
from onboarding.domain.people import Channel, Said
from onboarding.services.pathway.requests import answer_request, ask_for_date, report_outside_delay
from onboarding.store.tables import EventRow, MessageRow
from tests import pathway_stage as pathways
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def owed(session: Session, kind: str) -> list[MessageRow]:
    return list(session.scalars(select(MessageRow).where(MessageRow.kind == kind)))


def test_nothing_falls_due_until_the_buyer_answers(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    wished = plan.due_on + timedelta(7)
    request = ask_for_date(
        session, scene.signatory, moment, plan.id, wished_on=wished, reason="Ziek"
    )
    assert plan.deadline_on is None
    assert [m.facts["reason"] for m in owed(session, "date-asked")] == ["Ziek"]
    later = clock.forward(days=20)
    assert pathways.status_on(session, scene.relation.id, later.today) == "conditional"
    answer_request(session, scene.buyer, later, request, granted_on=None, note="Kan niet")
    assert plan.deadline_on == later.today + timedelta(7)  # five working days
    facts = owed(session, "date-answered")[0].facts
    assert facts["answer"] == "Kan niet"
    assert "granted_due_on" not in facts


def test_a_granted_day_is_a_working_day_and_the_first_day_stays_known(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    first = plan.due_on
    request = ask_for_date(
        session,
        scene.signatory,
        moment,
        plan.id,
        wished_on=first + timedelta(4),
        reason="Druk",
    )
    granted = answer_request(session, scene.buyer, moment, request, granted_on=first + timedelta(4))
    assert granted == first + timedelta(6)  # Saturday moved on to Monday
    assert (plan.due_on, plan.original_due_on) == (granted, first)
    assert (plan.day_number, plan.extension_count) == (2, 1)
    event = session.scalars(select(EventRow).where(EventRow.code == "request-answered")).one()
    assert event.facts["was_due_on"] == first.isoformat()
    with pytest.raises(MoveRefused):
        answer_request(session, scene.manager, moment, request, granted_on=granted)


def test_the_limit_counts_only_what_was_asked_for_its_own_sake(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)

    def grant_another(actor: object) -> None:
        day = plan.due_on + timedelta(7)
        request = ask_for_date(
            session, scene.signatory, moment, plan.id, wished_on=day, reason="Druk"
        )
        answer_request(session, actor, moment, request, granted_on=day)  # type: ignore[arg-type]

    delay = report_outside_delay(
        session,
        scene.signatory,
        moment,
        plan.id,
        new_day=plan.due_on + timedelta(7),
        reason="Vol",
    )
    answer_request(session, scene.buyer, moment, delay, granted_on=plan.due_on + timedelta(7))
    grant_another(scene.buyer)
    grant_another(scene.buyer)
    with pytest.raises(LimitReached):
        grant_another(scene.buyer)
    assert plan.extension_count == 2


def test_a_day_that_is_not_later_is_no_request(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    with pytest.raises(InputInvalid) as refused:
        ask_for_date(
            session, scene.signatory, moment, plan.id, wished_on=plan.due_on, reason="Druk"
        )
    assert refused.value.facts["field"] == "wished_on"


def test_the_day_it_was_said_decides_whether_it_was_in_time(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    recorded = clock.forward(days=16)  # two days after the deadline
    assert recorded.today > plan.due_on
    person = scene.signatory.person_id or 0
    said = Said(said_on=plan.due_on, channel=Channel.PHONE, person_id=person)
    ask_for_date(
        session,
        scene.buyer,
        recorded,
        plan.id,
        wished_on=plan.due_on + timedelta(14),
        reason="Ziek",
        on_behalf=said,
    )
    assert pathways.status_on(session, scene.relation.id, recorded.today) == "conditional"


def test_said_by_somebody_unknown_is_refused(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    person = scene.manager.person_id or 0
    said = Said(said_on=moment.today, channel=Channel.PHONE, person_id=person)
    with pytest.raises(InputInvalid):
        ask_for_date(
            session,
            scene.buyer,
            moment,
            plan.id,
            wished_on=plan.due_on + timedelta(14),
            reason="Ziek",
            on_behalf=said,
        )
