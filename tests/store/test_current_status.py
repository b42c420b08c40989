"""What is noted of a status is never believed on a day that it does not hold."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Role
from onboarding.services.relations import end_supplier_relation
from onboarding.services.suppliers import add_supplier
from onboarding.store.current_status import note_passed, status_on
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.supplier_list import StatusCount, all_ids, count_by_status, lines
from onboarding.store.tables import RelationRow
from tests import stage

DAY = timedelta(days=1)


@pytest.fixture
def actor(session: Session) -> Actor:
    return stage.user_actor(session, stage.a_customer(session), Role.MANAGER)


@pytest.fixture
def ending(session: Session, moment: Moment, actor: Actor) -> RelationRow:
    """Not asked for anything, and from the fifth day on no new orders; beside one that stays."""
    add_supplier(session, actor, moment, {"name": "Blijft", "spend": 7})
    row = add_supplier(session, actor, moment, {"name": "Eindigt", "spend": 30})
    end_supplier_relation(session, actor, moment, row.id, moment.today + 5 * DAY, "klaar")
    return row


def counted(found: list[StatusCount]) -> dict[str | None, tuple[int, int]]:
    return {one.status: (one.count, int(one.spend)) for one in found}


@pytest.mark.parametrize("days", [0, 4, 5, 400])
@pytest.mark.parametrize("is_noted_anew", [False, True])
def test_counted_found_and_told_as_it_is_on_the_day(
    session: Session, moment: Moment, actor: Actor, ending: RelationRow, days: int, is_noted_anew
) -> None:
    on, customer = moment.today + days * DAY, actor.customer_id
    if is_noted_anew:
        note_passed(session, customer, on)
    is_over = days >= 5
    expected: dict[str | None, tuple[int, int]] = (
        {"out-of-scope": (1, 7), "ineligible": (1, 30)} if is_over else {"out-of-scope": (2, 37)}
    )
    assert counted(count_by_status(session, customer, SupplierFilter(), on)) == expected
    asked = SupplierFilter(status="ineligible")
    found = [line.id for line in lines(session, customer, asked, on, 1)]
    assert found == [one for ids in all_ids(session, customer, asked, on) for one in ids]
    assert found == ([ending.id] if is_over else [])
    status = session.scalar(select(status_on(on)).where(RelationRow.id == ending.id))
    assert status == ("ineligible" if is_over else "out-of-scope")


def test_a_clock_that_goes_back_sees_the_day_to_which_it_went(
    session: Session, moment: Moment, actor: Actor, ending: RelationRow
) -> None:
    note_passed(session, actor.customer_id, moment.today + 5 * DAY)
    assert ending.status == "ineligible"
    counts = count_by_status(session, actor.customer_id, SupplierFilter(), moment.today)
    assert counted(counts) == {"out-of-scope": (2, 37)}


def test_noting_takes_what_has_passed_and_once(
    session: Session, moment: Moment, actor: Actor, ending: RelationRow
) -> None:
    assert note_passed(session, actor.customer_id, moment.today) == 0
    later = moment.today + 5 * DAY
    assert note_passed(session, actor.customer_id, later) == 1
    assert note_passed(session, actor.customer_id, later) == 0
    assert (ending.status, ending.status_starts_on) == ("ineligible", later)


def test_what_is_prepared_under_another_policy_is_left(
    session: Session, moment: Moment, actor: Actor, ending: RelationRow
) -> None:
    """It was noted when it was prepared, up to the day on which either may tell another."""
    ending.prepared_assessment_id = ending.assessment_id
    session.flush()
    assert note_passed(session, actor.customer_id, moment.today + 5 * DAY) == 0


def test_where_all_is_noted_no_period_is_read(
    session: Session, moment: Moment, actor: Actor, ending: RelationRow
) -> None:
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    count_by_status(session, actor.customer_id, SupplierFilter(), moment.today)
    event.remove(connection, "before_cursor_execute", heard)
    assert [("status_periods" in one) for one in statements] == [False]
