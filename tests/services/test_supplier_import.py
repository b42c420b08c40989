"""A list of suppliers is compared with what is known, row by row, and its good rows are taken."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotAllowed
from onboarding.domain.imports import ColumnsUnclear, ColumnUnknown, ImportPlan
from onboarding.domain.people import Actor, Role
from onboarding.services.lists.cells import defused, restored
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import (
    AssessmentRow,
    EventRow,
    OrganisationRow,
    RelationRow,
)
from tests import lists, stage


@pytest.fixture
def actor(session: Session) -> Actor:
    return stage.user_actor(session, stage.a_customer(session))


def imported(
    session: Session, actor: Actor, moment: Moment, *rows: str, **choices: str
) -> ImportPlan:
    return import_suppliers(
        session, actor, moment, read_sheet(lists.a_csv(*rows), SUPPLIERS.columns), choices
    )


def outcomes(plan: ImportPlan) -> list[str]:
    return [row.outcome.value for row in plan.rows]


def mistakes(plan: ImportPlan) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, one.column, one.cell, one.reason) for row in plan.rows for one in row.mistakes
    ]


def by_name(session: Session, name: str) -> RelationRow:
    return session.scalars(select(RelationRow).where(RelationRow.name == name)).one()


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_new_rows_become_suppliers(session: Session, moment: Moment, actor: Actor) -> None:
    plan = imported(
        session,
        actor,
        moment,
        "Leverancier;KvK-nummer;Plaats;Land;Inkoop per jaar;Crediteurnummer",
        "@EasePay B.V.;83892869;Utrecht;Duitsland;€ 1.200,50;FS1 | Catering: FS2",
    )
    assert plan.counts() == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    row = by_name(session, "@EasePay B.V.")
    assert (row.kvk_number, row.city, row.country, str(row.spend)) == (
        "83892869",
        "Utrecht",
        "DE",
        "1200.50",
    )
    assert [str(one) for one in creditor_numbers_of(session, [row.id])[row.id]] == [
        "FS1",
        "Catering: FS2",
    ]
    assert session.get_one(OrganisationRow, row.supplier_id).is_customer is False
    assert session.get_one(AssessmentRow, row.assessment_id).relation_id == row.id
    event = session.scalars(select(EventRow).where(EventRow.relation_id == row.id)).one()
    assert (event.code, event.facts["origin"]) == ("supplier-added", "list")


def test_a_second_time_changes_nothing(session: Session, moment: Moment, actor: Actor) -> None:
    rows = ("Naam;KvK;Inkoop", "Zoë;02076358;12", "Zonder nummer;;", "=Som B.V.;17037842;")
    assert outcomes(imported(session, actor, moment, *rows)) == ["new"] * 3
    assert outcomes(imported(session, actor, moment, *rows)) == ["unchanged"] * 3
    assert count(session, AssessmentRow) == 3


def test_a_changed_row_tells_old_and_new(session: Session, moment: Moment, actor: Actor) -> None:
    imported(session, actor, moment, "Naam;KvK;Plaats", "Zoë;02076358;Gouda")
    plan = imported(session, actor, moment, "KvK;Plaats", "02076358;")
    [change] = plan.rows[0].changed
    assert (change.field, change.was, change.becomes) == ("city", "Gouda", None)
    row = by_name(session, "Zoë")
    assert (row.city, row.revision) == (None, 2)


def test_absent_columns_stay_untouched(session: Session, moment: Moment, actor: Actor) -> None:
    imported(session, actor, moment, "Naam;KvK;Plaats;Contract", "Zoë;02076358;Gouda;C-1")
    imported(session, actor, moment, "Naam;KvK;Contract", "Zoë;02076358;C-2")
    row = by_name(session, "Zoë")
    assert (row.city, row.contract) == ("Gouda", "C-2")


def test_lost_zeros_are_put_back_and_said(session: Session, moment: Moment, actor: Actor) -> None:
    content = lists.an_xlsx(["Leverancier", "KvK"], ["Zoë", 2076358])
    plan = import_suppliers(session, actor, moment, read_sheet(content, SUPPLIERS.columns), {})
    assert plan.rows[0].repaired == {"kvk_number": "2076358"}
    assert by_name(session, "Zoë").kvk_number == "02076358"


def test_wrong_rows_are_named_and_the_others_taken(
    session: Session, moment: Moment, actor: Actor
) -> None:
    plan = imported(
        session,
        actor,
        moment,
        "Naam;KvK-nr;Inkoop;Land;Inkoper;Ons nummer",
        "Goed;17037842;12;;;",
        ";17037843;;;;",
        "Kort;123;;;;",
        "Dubbel;17037842;;;;",
        "Veel;;veel;;;",
        "Ver;;;Atlantis;;",
        "Wie;;;;niemand@x.nl;",
        "Vreemd;;;;;id-99999999",
        "Breed;;;;;;te;veel",
        "Ook goed;;;;;",
    )
    assert mistakes(plan) == [
        (3, "Naam", "", "required"),
        (4, "KvK-nr", "123", "not-8-digits"),
        (5, "KvK-nr", "17037842", "twice"),
        (6, "Inkoop", "veel", "not-an-amount"),
        (7, "Land", "Atlantis", "not-a-country"),
        (8, "Inkoper", "niemand@x.nl", "not-a-buyer"),
        (9, "Ons nummer", "id-99999999", "unknown-id"),
        (10, "", "te | veel", "too-many-cells"),
    ]
    assert plan.rows[3].mistakes[0].facts["row"] == 2
    assert session.scalars(select(RelationRow.name).order_by(RelationRow.id)).all() == [
        "Goed",
        "Ook goed",
    ]


def test_a_row_finds_its_supplier(session: Session, moment: Moment, actor: Actor) -> None:
    one = add_supplier(session, actor, moment, {"name": "Zoë", "kvk_number": "02076358"})
    two = add_supplier(session, actor, moment, {"name": "Foreign Inc.", "country": "US"})
    imported(session, actor, moment, "KvK;Crediteurnummer", "02076358;FS1")
    plan = imported(
        session,
        actor,
        moment,
        "Naam;KvK;Crediteurnummer;ID;Land",
        "Zoë Nieuw;;FS1;;",
        f"Foreign Ltd;;;id-{two.id};US",
    )
    assert [row.relation_id for row in plan.rows] == [one.id, two.id]
    assert (one.name, two.name, two.country) == ("Zoë Nieuw", "Foreign Ltd", "US")
    plan = imported(session, actor, moment, "Naam", "Foreign Ltd")
    assert outcomes(plan) == ["unchanged"]


def test_an_old_number_leads_to_the_supplier(
    session: Session, moment: Moment, actor: Actor
) -> None:
    row = add_supplier(session, actor, moment, {"name": "Zoë", "kvk_number": "02076358"})
    change_supplier(session, actor, moment, row.id, {"kvk_number": "17037842"})
    plan = imported(session, actor, moment, "Naam;KvK", "Zoë;02076358")
    assert (outcomes(plan), plan.rows[0].relation_id) == (["unchanged"], row.id)


def test_a_number_is_added_to_the_one_without(
    session: Session, moment: Moment, actor: Actor
) -> None:
    row = add_supplier(session, actor, moment, {"name": "JETRO Amsterdam"})
    imported(session, actor, moment, "Naam;KvK", "JETRO Amsterdam;34000000")
    assert row.kvk_number == "34000000"


def test_two_companies_may_have_one_name(session: Session, moment: Moment, actor: Actor) -> None:
    rows = ("Naam;KvK", "Jansen;17037842", "Jansen;17037843")
    assert outcomes(imported(session, actor, moment, *rows)) == ["new", "new"]
    assert outcomes(imported(session, actor, moment, *rows)) == ["unchanged", "unchanged"]
    plan = imported(session, actor, moment, "Naam", "Jansen")
    assert mistakes(plan) == [(2, "Naam", "Jansen", "several-suppliers")]


def test_columns_are_chosen(session: Session, moment: Moment, actor: Actor) -> None:
    with pytest.raises(ColumnsUnclear):
        imported(session, actor, moment, "Wie;Wat", "Jansen;17037842")
    with pytest.raises(ColumnUnknown):
        imported(session, actor, moment, "Wie;Wat", "Jansen;17037842", name="Waar")
    plan = imported(
        session, actor, moment, "Wie;Wat", "Jansen;17037842", name="Wie", kvk_number="wat"
    )
    assert plan.rows[0].values == {"name": "Jansen", "kvk_number": "17037842"}


def test_another_customers_suppliers_are_not_seen(
    session: Session, moment: Moment, actor: Actor
) -> None:
    other = stage.user_actor(session, stage.a_customer(session, "Ander"))
    rows = ("Naam;KvK", "Jansen;17037842")
    assert outcomes(imported(session, other, moment, *rows)) == ["new"]
    assert outcomes(imported(session, actor, moment, *rows)) == ["new"]


def test_a_reader_imports_nothing(session: Session, moment: Moment) -> None:
    reader = stage.user_actor(session, stage.a_customer(session), Role.READER)
    with pytest.raises(NotAllowed):
        imported(session, reader, moment, "Naam", "Jansen")


@pytest.mark.parametrize("name", ["@EasePay", "=1+1", "+31 Tel", "-Min-", "'=x", "''-y", "'t Hof"])
def test_a_name_survives_a_spreadsheet(name: str) -> None:
    assert restored(defused(name)) == name
    assert defused(name)[0] not in "=+-@"


def test_the_real_list_goes_in_once(session: Session, moment: Moment, actor: Actor) -> None:
    if not lists.REAL_LIST.exists():
        pytest.skip("the list of real companies is not beside this repository")
    content = lists.REAL_LIST.read_bytes()
    plan = import_suppliers(session, actor, moment, read_sheet(content, SUPPLIERS.columns), {})
    assert plan.counts() == {"new": 3794, "changed": 0, "unchanged": 0, "wrong": 0}
    assert count(session, AssessmentRow) == count(session, RelationRow) == 3794
    again = import_suppliers(session, actor, moment, read_sheet(content, SUPPLIERS.columns), {})
    assert again.counts() == {"new": 0, "changed": 0, "unchanged": 3794, "wrong": 0}
