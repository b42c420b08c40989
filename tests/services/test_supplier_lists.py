"""The list finds, counts and sorts suppliers in as few statements however many there are."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.people import Actor, Role
from onboarding.domain.plans import Step
from onboarding.domain.suppliers import CreditorNumber
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS, import_suppliers
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.relations import end_supplier_relation, enrol_supplier
from onboarding.services.supplier_lists import export_suppliers, list_suppliers, supplier_workbook
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.supplier_filters import NOBODY, SupplierFilter
from onboarding.store.supplier_list import PER_PAGE, similar
from onboarding.store.tables import OrganisationRow, RelationRow
from tests import pathway_stage, stage


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def actor(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer, Role.MANAGER)


LINES = (
    DivisionLine(
        division="Catering",
        site="Ziekenhuis Zuid",
        contract="C-2",
        contract_ends_on=date(2027, 12, 31),
        spend=(Spend(2026, Decimal("10.50")), Spend(2024, Decimal(7))),
    ),
    DivisionLine(division="Catering", spend=(Spend(2025, Decimal(20)),)),
    DivisionLine(spend=(Spend(2026, Decimal(3)),)),
)


def add(session: Session, actor: Actor, moment: Moment, name: str, **given: object) -> RelationRow:
    return add_supplier(session, actor, moment, {"name": name, **given})


def names(session: Session, actor: Actor, moment: Moment, page: int = 1, **asked: object) -> list:
    found = list_suppliers(session, actor, moment, SupplierFilter(**asked), page)  # type: ignore[arg-type]
    return [line.name for line in found.lines]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("cafe", ["Café Zoë"]),
        ("CAFÉ zoe", ["Café Zoë"]),
        ("zoë café", ["Café Zoë"]),
        ("0207", ["Jansen 100%"]),
        ("fs10", ["Smit_B"]),
        ("100%", ["Jansen 100%"]),
        ("_b", ["Smit_B"]),
        ("%", ["Jansen 100%"]),
        ("hertogen", ["Smit_B"]),
        ("smit 's-hertogenbosch", ["Smit_B"]),
        ("zoe bosch", []),
        ("niets", []),
        ("", ["Café Zoë", "Jansen 100%", "Smit_B"]),
    ],
)
def test_a_search_finds_by_name_city_and_number(
    session: Session, moment: Moment, actor: Actor, q: str, found: list[str]
) -> None:
    add(session, actor, moment, "Café Zoë")
    add(session, actor, moment, "Jansen 100%", kvk_number="02076358")
    numbers = [CreditorNumber("", "FS10023")]
    add(session, actor, moment, "Smit_B", city="'s-Hertogenbosch", creditor_numbers=numbers)
    assert names(session, actor, moment, q=q) == found


def test_filters_and_sorting(session: Session, moment: Moment, actor: Actor) -> None:
    a = add(session, actor, moment, "A", spend=10, division="Catering", buyer_id=actor.person_id)
    b = add(session, actor, moment, "B", spend=30)
    lines = [DivisionLine(division="Schoonmaak"), DivisionLine(division="Techniek")]
    add(session, actor, moment, "C", divisions=lines, has_no_alternative=True)
    enrol_supplier(session, actor, moment, a.id)
    assert names(session, actor, moment, division="Catering") == ["A"]
    assert names(session, actor, moment, buyer=str(actor.person_id)) == ["A"]
    assert names(session, actor, moment, division="Techniek") == ["C"]
    assert names(session, actor, moment, has_no_alternative=True) == ["C"]
    assert names(session, actor, moment, buyer=NOBODY) == ["B", "C"]
    assert names(session, actor, moment, is_enrolled=True) == ["A"]
    assert names(session, actor, moment, is_enrolled=False) == ["B", "C"]
    assert names(session, actor, moment, status="undecided") == ["A"]
    assert names(session, actor, moment, sort="-name") == ["C", "B", "A"]
    assert names(session, actor, moment, sort="-spend") == ["B", "A", "C"]
    assert names(session, actor, moment, sort="-status") == ["A", "B", "C"]
    there = DivisionLine(division="Catering", buyer_id=actor.person_id)
    change_supplier(session, actor, moment, b.id, {"divisions": [there]})
    assert names(session, actor, moment, buyer=str(actor.person_id)) == ["A", "B"]


def test_what_comes_next_and_the_last_contact_sort_the_list(
    session: Session, moment: Moment
) -> None:
    scene = pathway_stage.a_scene(session, name="A", contact_on=moment.today)
    pathway_stage.agreed(session, scene, moment)
    later = stage.a_relation(
        session, scene.customer, "B", enrolled_on=moment.today, contact_on=stage.BEFORE_ON
    )
    sooner = replace(scene, relation=later, signatory=stage.contact_actor(session, later))
    soon = Step(title="plan", due_on=moment.today + timedelta(days=3))
    [_, [step]] = pathway_stage.agreed(session, sooner, moment, soon)
    add(session, scene.buyer, moment, "C")
    assert names(session, scene.buyer, moment, sort="next") == ["B", "A", "C"]
    assert names(session, scene.buyer, moment, sort="-next") == ["A", "B", "C"]
    assert names(session, scene.buyer, moment, sort="contact") == ["B", "A", "C"]
    assert names(session, scene.buyer, moment, sort="-contact") == ["A", "B", "C"]
    found = list_suppliers(session, scene.buyer, moment, SupplierFilter())
    assert found.turns[later.id].due_on == later.next_on == soon.due_on
    submit_milestone(session, sooner.signatory, moment, step.id)
    assert later.next_on is None


def test_each_status_is_counted_with_its_spend(
    session: Session, moment: Moment, actor: Actor
) -> None:
    a = add(session, actor, moment, "A", spend=10)
    add(session, actor, moment, "B", spend=30)
    add(session, actor, moment, "C")
    enrol_supplier(session, actor, moment, a.id)
    found = list_suppliers(session, actor, moment, SupplierFilter(status="undecided"))
    assert [(one.status, one.count, one.spend) for one in found.counts] == [
        ("out-of-scope", 2, Decimal(30)),
        ("undecided", 1, Decimal(10)),
    ]
    assert (found.total, found.spend) == (1, Decimal(10))


def test_the_status_is_that_of_today_also_when_no_job_has_run(
    session: Session, actor: Actor, clock
) -> None:
    moment = clock.moment()
    row = add(session, actor, moment, "A")
    end_supplier_relation(
        session, actor, moment, row.id, moment.today + timedelta(days=5), "contract klaar"
    )
    assert names(session, actor, moment, status="out-of-scope") == ["A"]
    later = clock.forward(days=5)
    assert names(session, actor, later, status="out-of-scope") == []
    assert names(session, actor, later, status="ineligible") == ["A"]


def test_a_list_has_pages(session: Session, moment: Moment, actor: Actor) -> None:
    rows = "".join(f"Leverancier {n:03}\n" for n in range(PER_PAGE + 3))
    import_suppliers(
        session, actor, moment, read_sheet(f"Naam\n{rows}".encode(), SUPPLIERS.columns), {}
    )
    assert len(names(session, actor, moment)) == PER_PAGE
    assert names(session, actor, moment, page=2) == [f"Leverancier 05{n}" for n in range(3)]
    last = list_suppliers(session, actor, moment, SupplierFilter(), 99)
    assert (last.page, last.pages, last.total) == (2, 2, PER_PAGE + 3)


def test_another_customers_suppliers_are_not_there(
    session: Session, moment: Moment, actor: Actor
) -> None:
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"))
    add(session, stranger, moment, "Van een ander")
    found = list_suppliers(session, actor, moment, SupplierFilter())
    assert (found.lines, found.total, found.has_none) == ([], 0, True)


@pytest.mark.parametrize("count", [1, 40])
def test_statements_do_not_grow_with_the_list(
    session: Session, moment: Moment, actor: Actor, count: int
) -> None:
    rows = "".join(f"Leverancier {n}\n" for n in range(count))
    plan = import_suppliers(
        session, actor, moment, read_sheet(f"Naam\n{rows}".encode(), SUPPLIERS.columns), {}
    )
    assert len(plan.rows) == count
    session.expire_all()
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    list_suppliers(session, actor, moment, SupplierFilter())
    event.remove(connection, "before_cursor_execute", heard)
    assert len(statements) == 14


def test_an_export_imports_again_without_a_change(
    session: Session, moment: Moment, actor: Actor
) -> None:
    session.flush()
    for name in ("@EasePay", "=1+1", "+31", "-min", "'=x", 'De "Beste"; B.V.', "Café Zoë"):
        add(session, actor, moment, name)
    enrolled = add(
        session,
        actor,
        moment,
        "Volledig B.V.",
        kvk_number="02076358",
        country="BE",
        city="Gent",
        category="Drukwerk",
        division="Catering",
        spend="1234,50",
        contract="C-1",
        alternative="Eén regel\nen nog een",
        buyer_id=actor.person_id,
        creditor_numbers=[CreditorNumber("", "FS1"), CreditorNumber("Catering", "FS2")],
        has_no_alternative=True,
    )
    numbers = [CreditorNumber("", "FS3"), CreditorNumber("Techniek", "FS4")]
    add(session, actor, moment, "Gespreid", divisions=LINES, creditor_numbers=numbers)
    enrol_supplier(session, actor, moment, enrolled.id)
    for locale in ("nl", "en"):
        content = "".join(export_suppliers(session, actor, moment, SupplierFilter(), locale))
        assert "'@EasePay" in content and ";02076358;" in content
        book = supplier_workbook(session, actor, moment, SupplierFilter(), locale)
        for file in (content.encode(), book):
            plan = import_suppliers(session, actor, moment, read_sheet(file, SUPPLIERS.columns), {})
            assert plan.counts() == {"new": 0, "changed": 0, "unchanged": 11, "wrong": 0}


def test_a_workbook_holds_text_days_and_amounts_as_what_they_are(
    session: Session, moment: Moment, actor: Actor
) -> None:
    add(session, actor, moment, "=SUM(A1:A9)", kvk_number="02076358", divisions=LINES[:1])
    add(session, actor, moment, "Ander")
    content = supplier_workbook(session, actor, moment, SupplierFilter(q="sum"), "nl")
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        headers, *rows = book.get_sheet_by_index(0).to_python()
    [cells] = [dict(zip(headers, row, strict=True)) for row in rows]
    assert cells["Leverancier"] == "=SUM(A1:A9)"
    assert cells["KvK-nummer"] == "02076358"
    assert cells["Inkoop 2026"] == 10.5
    assert cells["Inkoopstatus"] == "Niet gevraagd"
    assert cells["Status sinds"] == moment.today
    assert cells["Reden"].endswith(".")
    assert date(2027, 12, 31) in cells.values()
    with ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet, "something is calculated"


def test_an_export_holds_what_the_list_holds(
    session: Session, moment: Moment, actor: Actor
) -> None:
    add(session, actor, moment, "Zoë")
    add(session, actor, moment, "Ander")
    parts = export_suppliers(session, actor, moment, SupplierFilter(q="zoe"), "nl")
    lines = "".join(parts).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("\ufeffEigen nummer;Leverancier;KvK-nummer;Land")
    assert ";Inkoop 2026;" in lines[0]  # also where nothing is known of any year
    assert f";Niet gevraagd;{moment.today};" in lines[1]


def test_the_same_company_is_recognised_by_the_start_of_its_name(
    session: Session, moment: Moment, actor: Actor
) -> None:
    add(session, actor, moment, "Drukkerij De Linde B.V.")
    assert [row.name for row in similar(session, actor.customer_id, "drukkerij de linden")] == [
        "Drukkerij De Linde B.V."
    ]
    assert similar(session, actor.customer_id, "Bakkerij Sterk") == []
