"""A supplier from abroad has no KvK number: it is known by its country and its own register's."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid
from onboarding.domain.imports import ImportPlan
from onboarding.domain.people import Actor
from onboarding.domain.suppliers import SupplierKnown
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.services.supplier_lists import export_suppliers, list_suppliers
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.tables import RelationRow
from tests import lists, proof_rows, stage

HEADER = "Naam;Land;Buitenlands registratienummer;Plaats"


@pytest.fixture
def actor(session: Session) -> Actor:
    return stage.user_actor(session, stage.a_customer(session))


def german(**fields: object) -> dict[str, object]:
    return {"name": "Vogt GmbH", "country": "DE", "foreign_number": " hrb  12345", **fields}


def imported(session: Session, actor: Actor, moment: Moment, *rows: str) -> ImportPlan:
    return import_suppliers(
        session, actor, moment, read_sheet(lists.a_csv(HEADER, *rows), SUPPLIERS.columns), {}
    )


def test_a_number_belongs_to_one_supplier_of_its_country(
    session: Session, moment: Moment, actor: Actor
) -> None:
    row = add_supplier(session, actor, moment, german())
    assert (row.kvk_number, row.country, row.foreign_number) == (None, "DE", "HRB 12345")
    with pytest.raises(SupplierKnown) as refused:
        add_supplier(session, actor, moment, german(name="Ander"))
    assert refused.value.facts == {
        "foreign_number": "HRB 12345",
        "country": "DE",
        "relation": row.id,
        "name": "Vogt GmbH",
    }
    austrian = add_supplier(session, actor, moment, german(country="AT"))
    with pytest.raises(SupplierKnown):
        change_supplier(session, actor, moment, austrian.id, {"country": "DE"})
    change_supplier(
        session, actor, moment, row.id, {"foreign_number": "hrb 12345", "city": "Kleve"}
    )
    with pytest.raises(InputInvalid):
        add_supplier(session, actor, moment, german(foreign_number="geen"))


def test_the_list_finds_it_by_its_number(session: Session, moment: Moment, actor: Actor) -> None:
    add_supplier(session, actor, moment, german())
    for q, times in (("HRB 12345", 1), ("hrb123", 1), ("12345", 0)):
        found = list_suppliers(session, actor, moment, SupplierFilter(q=q)).lines
        assert [line.foreign_number for line in found] == ["HRB 12345"] * times


def test_a_list_knows_it_by_its_number(session: Session, moment: Moment, actor: Actor) -> None:
    row = add_supplier(session, actor, moment, german())
    other = add_supplier(session, actor, moment, german(foreign_number="HRB 99"))
    plan = imported(
        session,
        actor,
        moment,
        "Vogt Nieuw GmbH;Duitsland;hrb 12345;Kleve",
        "Vogt GmbH;DE;HRB 77;Emmerik",
        "Smid BVBA;België;0403.170.701;Gent",
        "Smid BVBA;BE;0403.170.701;Gent",
    )
    assert [one.relation_id for one in plan.rows[:2]] == [row.id, None]
    assert [one.outcome.value for one in plan.rows] == ["changed", "new", "new", "wrong"]
    assert plan.rows[3].mistakes[0].reason == "twice"
    assert (row.name, row.city, other.city) == ("Vogt Nieuw GmbH", "Kleve", None)
    content = "".join(export_suppliers(session, actor, moment, SupplierFilter(), "nl"))
    again = import_suppliers(
        session, actor, moment, read_sheet(content.encode(), SUPPLIERS.columns), {}
    )
    assert again.counts() == {"new": 0, "changed": 0, "unchanged": 4, "wrong": 0}


def test_one_number_in_two_countries_needs_the_country(
    session: Session, moment: Moment, actor: Actor
) -> None:
    for country in ("DE", "AT"):
        add_supplier(session, actor, moment, german(country=country))
    rows = ("Foreign number;Plaats", "HRB 12345;Kleve")
    plan = import_suppliers(
        session, actor, moment, read_sheet(lists.a_csv(*rows), SUPPLIERS.columns), {}
    )
    assert plan.rows[0].mistakes[0].reason == "several-suppliers"
    taken = import_suppliers(
        session,
        actor,
        moment,
        read_sheet(
            lists.a_csv("ID;Land;Foreign number", f"id-{_id(session, 'AT')};DE;HRB 12345"),
            SUPPLIERS.columns,
        ),
        {},
    )
    assert taken.rows[0].mistakes[0].reason == "number-known"


def _id(session: Session, country: str) -> int:
    return session.scalars(select(RelationRow.id).where(RelationRow.country == country)).one()


def test_its_certificate_counts_without_a_number_to_cover(
    session: Session, moment: Moment, actor: Actor
) -> None:
    row = add_supplier(session, actor, moment, german())
    proof_rows.a_certificate(session, row)
    reassess(session, moment, [row.id])
    reading = read_status(session, row.id, moment.today)
    assert reading is not None and (reading.status.value, reading.warnings) == ("eligible", ())
