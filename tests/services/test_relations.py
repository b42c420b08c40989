"""A supplier goes in and out of the programme, and a relation ends and is taken up again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed
from onboarding.domain.people import Role
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.relations import (
    end_supplier_relation,
    enrol_supplier,
    reopen_supplier_relation,
    stop_where_ended,
    take_supplier_out,
)
from onboarding.services.status_reading import read_status
from onboarding.store.tables import EventRow, MessageRow, PathwayRow, RelationRow
from tests import stage


def status(session: Session, row: RelationRow, moment: Moment) -> str:
    reading = read_status(session, row.id, moment.today)
    assert reading is not None
    return reading.status.value


def codes(session: Session, row: RelationRow) -> list[str]:
    return list(
        session.scalars(
            select(EventRow.code).where(EventRow.relation_id == row.id).order_by(EventRow.id)
        )
    )


def a_pathway(session: Session, row: RelationRow, moment: Moment, state: str) -> PathwayRow:
    pathway = PathwayRow(
        relation_id=row.id,
        state=state,
        starts_on=moment.today,
        drafted_on=moment.today,
        turn_since_on=moment.today,
        steps=[],
        target="trede-1",
    )
    session.add(pathway)
    session.flush()
    return pathway


def test_a_supplier_is_taken_into_the_programme(session: Session, moment: Moment) -> None:
    customer = stage.a_customer(session)
    row, actor = stage.a_relation(session, customer), stage.user_actor(session, customer)
    enrol_supplier(session, actor, moment, row.id)
    assert row.enrolled_on == moment.today
    assert status(session, row, moment) == "undecided"
    with pytest.raises(MoveRefused):
        enrol_supplier(session, actor, moment, row.id)
    take_supplier_out(session, actor, moment, row.id, "toch niet nodig")
    assert row.enrolled_on is None
    assert status(session, row, moment) == "out-of-scope"
    assert codes(session, row) == ["relation-enrolled", "relation-taken-out"]


@pytest.mark.parametrize(
    ("state", "may"), [("draft", True), ("proposed", False), ("agreed", False)]
)
def test_it_stays_in_while_something_is_proposed_or_agreed(
    session: Session, moment: Moment, state: str, may: bool
) -> None:
    customer = stage.a_customer(session)
    row, actor = stage.a_relation(session, customer), stage.user_actor(session, customer)
    enrol_supplier(session, actor, moment, row.id)
    a_pathway(session, row, moment, state)
    if may:
        take_supplier_out(session, actor, moment, row.id, "toch niet")
        return
    with pytest.raises(MoveRefused):
        take_supplier_out(session, actor, moment, row.id, "toch niet")


def test_ending_stops_the_pathway_and_unsent_mail(session: Session, moment: Moment) -> None:
    customer = stage.a_customer(session)
    row = stage.a_relation(session, customer, enrolled_on=moment.today)
    stage.a_contact(session, row)
    pathway = a_pathway(session, row, moment, "agreed")
    owe_to_supplier(session, moment, row, Owed(kind="question", about="1", relation_id=row.id))
    manager = stage.user_actor(session, customer, Role.MANAGER)
    end_supplier_relation(session, manager, moment, row.id, moment.today, "contract is klaar")
    assert (pathway.state, pathway.over_on, pathway.over_by) == ("stopped", moment.today, "buyer")
    assert status(session, row, moment) == "ineligible"
    messages = session.execute(
        select(MessageRow.kind, MessageRow.state).order_by(MessageRow.id)
    ).all()
    assert messages == [("question", "superseded"), ("relation-ended", "queued")]
    assert codes(session, row) == ["relation-ended", "pathway-stopped"]
    reopen_supplier_relation(session, manager, moment, row.id, "toch weer")
    assert (row.ended_on, pathway.state) == (None, "stopped")
    assert status(session, row, moment) == "undecided"


def test_one_that_ends_later_stops_on_its_day(session: Session, clock) -> None:
    moment = clock.moment()
    customer = stage.a_customer(session)
    row = stage.a_relation(session, customer, enrolled_on=moment.today)
    pathway = a_pathway(session, row, moment, "proposed")
    manager = stage.user_actor(session, customer, Role.MANAGER)
    last = moment.today + timedelta(days=10)
    end_supplier_relation(session, manager, moment, row.id, last, "contract loopt af")
    assert pathway.state == "proposed"
    assert stop_where_ended(session, moment, customer.id) == 0
    later = clock.forward(days=10)
    assert status(session, row, later) == "ineligible"
    assert stop_where_ended(session, later, customer.id) == 1
    assert pathway.state == "draft"
    assert stop_where_ended(session, later, customer.id) == 0


def test_a_buyer_ends_nothing(session: Session, moment: Moment) -> None:
    customer = stage.a_customer(session)
    row, buyer = stage.a_relation(session, customer), stage.user_actor(session, customer)
    with pytest.raises(NotAllowed):
        end_supplier_relation(session, buyer, moment, row.id, moment.today, "klaar")
