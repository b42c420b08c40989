"""A list with a row for each division: they come along, and nothing of another division goes."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.imports import ImportPlan
from onboarding.domain.people import Actor
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.suppliers import add_supplier
from onboarding.store.divisions import lines_of
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import RelationRow
from tests import lists, stage

TWO = (DivisionLine(division="Catering", contract="C"), DivisionLine(division="Hal"))


@pytest.fixture
def actor(session: Session) -> Actor:
    return stage.user_actor(session, stage.a_customer(session))


def imported(session: Session, actor: Actor, moment: Moment, *rows: str) -> ImportPlan:
    return import_suppliers(
        session, actor, moment, read_sheet(lists.a_csv(*rows), SUPPLIERS.columns), {}
    )


def told(session: Session, row: RelationRow) -> dict[str, list[tuple[int, int]]]:
    """The spend of each line."""
    return {
        str(line): [(one.year, int(one.amount)) for one in line.spend]
        for line in lines_of(session, [row.id])[row.id]
    }


def numbers(session: Session, row: RelationRow) -> list[str]:
    return [str(one) for one in creditor_numbers_of(session, [row.id])[row.id]]


def wrong(plan: ImportPlan) -> list[tuple[int, str, str]]:
    return [(row.number, one.column, one.reason) for row in plan.rows for one in row.mistakes]


def test_a_new_supplier_has_a_row_for_each_division(
    session: Session, moment: Moment, actor: Actor
) -> None:
    rows = (
        "KvK;Naam;Plaats;Divisie;Object;Inkoop 2026;Inkoop 2025;Crediteurnummer;Contract t/m",
        "17037842;Zoë;Gouda;Catering;Zuid;10;8;FS1;31-12-2027",
        "17037842;;;Catering;Noord;5;;;",
        "17037842;Zoë;Gouda;Hal;;20;;FS2 | Catering: FS3;",
    )
    plan = imported(session, actor, moment, *rows)
    assert plan.counts() == {"new": 3, "changed": 0, "unchanged": 0, "wrong": 0}
    assert plan.suppliers() == 1
    row = session.scalars(select(RelationRow)).one()
    assert told(session, row) == {
        "Hal": [(2026, 20)],
        "Catering / Zuid": [(2026, 10), (2025, 8)],
        "Catering / Noord": [(2026, 5)],
    }
    assert numbers(session, row) == ["Catering: FS1", "Catering: FS3", "Hal: FS2"]
    assert (row.division, row.spend) == ("Hal", Decimal(35))
    again = imported(session, actor, moment, *rows)
    assert again.counts() == {"new": 0, "changed": 0, "unchanged": 3, "wrong": 0}


def test_a_list_of_one_division_leaves_the_others(
    session: Session, moment: Moment, actor: Actor
) -> None:
    given = {"name": "Zoë", "divisions": TWO}
    row = add_supplier(session, actor, moment, given)
    plan = imported(session, actor, moment, "Naam;Divisie;Contract;Inkoop", "Zoë;Catering;C-2;7")
    assert plan.counts()["changed"] == 1
    assert told(session, row) == {"Catering": [(2026, 7)], "Hal": []}
    assert row.contract == "C-2"


def test_the_only_line_without_a_division_gets_the_one_named(
    session: Session, moment: Moment, actor: Actor
) -> None:
    row = add_supplier(session, actor, moment, {"name": "Zoë", "spend": 100, "contract": "C"})
    imported(session, actor, moment, "Naam;Divisie", "Zoë;Catering")
    [line] = lines_of(session, [row.id])[row.id]
    assert line == DivisionLine(
        division="Catering", contract="C", spend=(Spend(2026, Decimal("100.00")),)
    )


def test_an_amount_of_the_whole_is_no_mistake_where_it_stands(
    session: Session, moment: Moment, actor: Actor, clock
) -> None:
    lines = [line.bought(2025, Decimal(50)) for line in TWO]
    add_supplier(session, actor, moment, {"name": "Zoë", "divisions": lines})
    plan = imported(session, actor, moment, "Naam;Inkoop;Contract", "Zoë;100;C")
    assert plan.counts()["unchanged"] == 1
    plan = imported(session, actor, moment, "Naam;Inkoop;Inkoper divisie", "Zoë;90;")
    assert wrong(plan) == [(2, "Inkoop", "several-divisions")]
    plan = imported(session, actor, moment, "Naam;Contract t/m;Divisie", "Zoë;2027-01-01;")
    assert wrong(plan) == [(2, "Divisie", "several-divisions")]


def test_rows_that_do_not_go_together_are_wrong(
    session: Session, moment: Moment, actor: Actor
) -> None:
    plan = imported(
        session,
        actor,
        moment,
        "Naam;Plaats;Divisie;Contract t/m;Geen alternatief;Inkoper divisie;Inkoop 2026",
        "Zoë;Gouda;Catering;;ja;;",
        "Zoë;Gouda;Catering;;;;",
        "Zoë;Gouda;;;;;",
        "Zoë;Zwolle;Hal;;;;",
        "Ander;;Hal;32-1-2027;;;",
        "Ander;;Hal;;misschien;;",
        "Ander;;Hal;;;niemand;veel",
        "Geheel;;;;;;",
        "Geheel;;Hal;;;;",
    )
    assert wrong(plan) == [
        (3, "Naam", "twice"),
        (4, "Naam", "twice"),
        (5, "Plaats", "differs"),
        (6, "Contract t/m", "not-a-day"),
        (7, "Geen alternatief", "not-yes-or-no"),
        (8, "Inkoper divisie", "not-a-buyer"),
        (8, "Inkoop 2026", "not-an-amount"),
    ]
    assert plan.rows[-1].joins == 9  # the whole, and one division of it
    zoe = session.scalars(select(RelationRow).where(RelationRow.name == "Zoë")).one()
    assert zoe.has_no_alternative is True


def test_a_column_for_the_numbers_of_a_division(
    session: Session, moment: Moment, actor: Actor
) -> None:
    rows = ("Naam;Crediteurnummer;Crediteurnr. Catering;Crediteurnummer (Hal)", "Zoë;FS1;FS2;FS3")
    imported(session, actor, moment, *rows)
    row = session.scalars(select(RelationRow)).one()
    assert numbers(session, row) == ["FS1", "Catering: FS2", "Hal: FS3"]
    plan = imported(session, actor, moment, "Creditor number Hal;Plaats", "FS3;Gouda")
    assert [one.relation_id for one in plan.rows] == [row.id]
    assert row.city == "Gouda"


def test_a_number_of_the_whole_stays_so_in_a_row_with_a_division(
    session: Session, moment: Moment, actor: Actor
) -> None:
    imported(session, actor, moment, "Naam;Crediteurnummer", "Zoë;FS1")
    plan = imported(session, actor, moment, "Naam;Divisie;Crediteurnummer", "Zoë;Hal;FS1 | FS2")
    [row] = session.scalars(select(RelationRow))
    assert plan.counts()["changed"] == 1
    assert numbers(session, row) == ["FS1", "Hal: FS2"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Inkoop 2026", "spend:2026"),
        ("Spend per year 2025", "spend:2025"),
        ("Inkoop 26", None),
        ("Inkoop", "spend"),
        ("Crediteurnummer Catering Noord", "creditor_numbers:Catering Noord"),
        ("Crediteurnummers", "creditor_numbers"),
        ("Naam crediteur", "name"),
    ],
)
def test_a_header_can_name_a_year_or_a_division(header: str, field: str | None) -> None:
    assert list(SUPPLIERS.columns.recognised([header])) == ([field] if field else [])
