"""A supplier is added and changed with its history, and its status follows."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Role
from onboarding.domain.suppliers import CreditorNumber, SupplierKnown
from onboarding.services.status_reading import read_status
from onboarding.services.suppliers import add_supplier, assign_buyer, change_supplier
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import EventRow, FormerKvkNumberRow, RelationRow
from tests import stage


def events(session: Session, row: RelationRow) -> list[EventRow]:
    return list(
        session.scalars(
            select(EventRow).where(EventRow.relation_id == row.id).order_by(EventRow.id)
        )
    )


def test_a_new_supplier_is_asked_nothing(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    row = add_supplier(
        session,
        actor,
        moment,
        {
            "name": "  Drukkerij  De Linde ",
            "kvk_number": "2076358.0",
            "spend": "€ 184.200",
            "creditor_numbers": [CreditorNumber("Catering", "fs10023")],
        },
    )
    assert (row.name, row.kvk_number, row.spend) == (
        "Drukkerij De Linde",
        "02076358",
        Decimal("184200"),
    )
    assert creditor_numbers_of(session, [row.id])[row.id] == (
        CreditorNumber("Catering", "FS10023"),
    )
    assert [event.code for event in events(session, row)] == ["supplier-added"]
    reading = read_status(session, row.id, moment.today)
    assert reading is not None
    assert (reading.status, reading.since) == ("out-of-scope", moment.today)


def test_a_change_keeps_what_stood_there(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    row = add_supplier(session, actor, moment, {"name": "Jansen", "city": "Gouda"})
    change_supplier(session, actor, moment, row.id, {"city": "Zwolle", "spend": 1200}, seen=1)
    assert (row.name, row.city, row.revision) == ("Jansen", "Zwolle", 2)
    change = events(session, row)[-1]
    assert change.code == "supplier-changed"
    assert change.actor_id == actor.person_id
    assert change.facts["changed"] == [
        {"field": "city", "was": "Gouda", "becomes": "Zwolle"},
        {"field": "spend", "about": "2026", "becomes": "1200.00"},
    ]


def test_what_is_the_same_changes_nothing(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    row = add_supplier(session, actor, moment, {"name": "Jansen", "city": "Gouda"})
    change_supplier(session, actor, moment, row.id, {"name": "Jansen ", "city": "Gouda"})
    assert row.revision == 1
    assert len(events(session, row)) == 1


def test_an_older_view_is_refused(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    row = add_supplier(session, actor, moment, {"name": "Jansen"})
    change_supplier(session, actor, moment, row.id, {"city": "Gouda"}, seen=1)
    with pytest.raises(VersionOutdated):
        change_supplier(session, actor, moment, row.id, {"city": "Zwolle"}, seen=1)
    assert row.city == "Gouda"


def test_an_old_number_still_belongs_to_the_supplier(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    row = add_supplier(session, actor, moment, {"name": "Jansen", "kvk_number": "17037842"})
    change_supplier(session, actor, moment, row.id, {"kvk_number": "17037843"})
    former = session.scalars(select(FormerKvkNumberRow)).one()
    assert (former.relation_id, former.kvk_number) == (row.id, "17037842")
    with pytest.raises(SupplierKnown) as known:
        add_supplier(session, actor, moment, {"name": "Ander", "kvk_number": "17037842"})
    assert known.value.facts["relation"] == row.id


def test_a_number_belongs_to_one_supplier_of_a_customer(session: Session, moment: Moment) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    other = stage.user_actor(session, stage.a_customer(session, "Ander"))
    add_supplier(session, actor, moment, {"name": "Jansen", "kvk_number": "17037842"})
    add_supplier(session, other, moment, {"name": "Jansen", "kvk_number": "17037842"})
    second = add_supplier(session, actor, moment, {"name": "Smit"})
    with pytest.raises(SupplierKnown):
        change_supplier(session, actor, moment, second.id, {"kvk_number": "17037842"})


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", " ", "required"),
        ("name", "x" * 201, "too-long"),
        ("kvk_number", "123", "not-8-digits"),
        ("kvk_number", "1234567x", "not-digits"),
        ("country", "ZZ", "not-a-country"),
        ("spend", "veel", "not-an-amount"),
        ("creditor_numbers", [CreditorNumber("", "a b")], "not-a-creditor-number"),
        ("buyer_id", 999, "not-a-buyer"),
    ],
)
def test_what_cannot_be_used_is_named(
    session: Session, moment: Moment, field: str, value: object, reason: str
) -> None:
    actor = stage.user_actor(session, stage.a_customer(session))
    with pytest.raises(InputInvalid) as wrong:
        add_supplier(session, actor, moment, {"name": "Jansen", field: value})
    assert (wrong.value.facts["field"], wrong.value.facts["reason"]) == (field, reason)


def test_a_reader_changes_nothing_and_a_stranger_sees_nothing(
    session: Session, moment: Moment
) -> None:
    customer = stage.a_customer(session)
    row = stage.a_relation(session, customer)
    with pytest.raises(NotAllowed):
        change_supplier(
            session, stage.user_actor(session, customer, Role.READER), moment, row.id, {}
        )
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"))
    with pytest.raises(NotFound):
        change_supplier(session, stranger, moment, row.id, {"city": "Gouda"})


def test_a_supplier_is_given_to_a_buyer(session: Session, moment: Moment) -> None:
    customer = stage.a_customer(session)
    actor = stage.user_actor(session, customer)
    row = stage.a_relation(session, customer)
    assign_buyer(session, actor, moment, row.id, actor.person_id)
    assert row.buyer_id == actor.person_id
    reader = stage.a_user(session, customer, Role.READER)
    with pytest.raises(InputInvalid):
        assign_buyer(session, actor, moment, row.id, reader.id)
