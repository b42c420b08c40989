"""A list of certificates is matched on KvK numbers and reported; checked together it counts."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused, NotAllowed, NotFound
from onboarding.domain.imports import ColumnsUnclear, ImportPlan
from onboarding.domain.people import Actor, Role
from onboarding.services.lists.certificate_checks import (
    ChecksRefused,
    list_reported,
    verify_together,
)
from onboarding.services.lists.certificate_import import CERTIFICATES, import_certificates
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.tables import (
    CertificateNumberRow,
    CertificateRow,
    EventRow,
    MessageRow,
    OrganisationRow,
    RelationRow,
    RenewalRow,
)
from tests import lists, proof_rows, stage
from tests.pathway_stage import status_on

HEAD = "Organisatie;KvK-nummer;Trede;Geldig vanaf;Geldig t/m"
LINDE = "De Linde;17037842;Trede 2;1-11-2026;31-10-2028"
URL = "https://register.example/1"


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def actor(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer)


@pytest.fixture
def linde(session: Session, moment: Moment, actor: Actor) -> RelationRow:
    return add_supplier(session, actor, moment, {"name": "De Linde", "kvk_number": "17037842"})


def imported(
    session: Session, actor: Actor, moment: Moment, *rows: str, **choices: str
) -> ImportPlan:
    sheet = read_sheet(lists.a_csv(*rows), CERTIFICATES.columns)
    return import_certificates(session, actor, moment, sheet, choices)


def counted(plan: ImportPlan) -> tuple[int, ...]:
    return tuple(plan.counts().values())


def mistakes(plan: ImportPlan) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, one.column, one.cell, one.reason) for row in plan.rows for one in row.mistakes
    ]


def numbers_of(session: Session, certificate_id: int) -> list[str]:
    query = select(CertificateNumberRow.kvk_number).where(
        CertificateNumberRow.certificate_id == certificate_id
    )
    return sorted(session.scalars(query))


def test_a_row_is_reported_once(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    stage_buyer = stage.a_user(session, session.get_one(OrganisationRow, linde.customer_id))
    linde.buyer_id = stage_buyer.id
    assert counted(imported(session, actor, moment, HEAD, LINDE)) == (1, 0, 0, 0)
    row = session.scalars(select(CertificateRow)).one()
    assert (row.relation_id, row.state, row.level, row.reported_by, row.starts_on, row.ends_on) == (
        linde.id,
        "reported",
        "trede-2",
        "buyer",
        date(2026, 11, 1),
        date(2028, 10, 31),
    )
    assert numbers_of(session, row.id) == ["17037842"]
    assert status_on(session, linde.id, moment.today) == "out-of-scope"
    told = session.scalars(select(EventRow).where(EventRow.code == "certificate-reported")).one()
    assert (told.facts["certificate_id"], told.actor_id) == (row.id, actor.person_id)
    owed = session.scalars(select(MessageRow)).one()
    assert (owed.kind, owed.person_id) == ("certificate-reported", stage_buyer.id)
    assert counted(imported(session, actor, moment, HEAD, LINDE)) == (0, 0, 1, 0)
    assert len(session.scalars(select(MessageRow)).all()) == 1


def test_a_certificate_of_a_group_is_reported_for_each_of_its_companies(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    sister = add_supplier(session, actor, moment, {"name": "Zus", "kvk_number": "02076358"})
    moved = add_supplier(session, actor, moment, {"name": "Oud", "kvk_number": "34000000"})
    change_supplier(session, actor, moment, moved.id, {"kvk_number": "35000000"})
    rows = (
        f"{HEAD};Overige KvK-nummers",
        "Holding;99999999;3;2026-11-01;2028-10-31;17037842, 2076358 34000000",
    )
    plan = imported(session, actor, moment, *rows)
    assert [(row.name, row.outcome.value) for row in plan.rows] == [
        ("De Linde", "new"),
        ("Zus", "new"),
        ("Oud", "new"),
    ]
    for row in session.scalars(select(CertificateRow)):
        assert numbers_of(session, row.id) == ["02076358", "17037842", "34000000", "99999999"]
    assert {row.relation_id for row in session.scalars(select(CertificateRow))} == {
        linde.id,
        sister.id,
        moved.id,
    }
    assert counted(imported(session, actor, moment, *rows)) == (0, 0, 3, 0)


def test_what_nobody_checked_is_corrected_and_what_was_is_not_rewritten(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    imported(session, actor, moment, HEAD, LINDE)
    row = session.scalars(select(CertificateRow)).one()
    higher = LINDE.replace("Trede 2", "Trede 3 30+")
    plan = imported(session, actor, moment, HEAD, higher)
    assert counted(plan) == (0, 1, 0, 0)
    assert [(one.field, one.was, one.becomes) for one in plan.rows[0].changed] == [
        ("level", "trede-2", "trede-3"),
        ("thirty_plus", "no", "yes"),
    ]
    assert (row.level, row.thirty_plus, row.state) == ("trede-3", True, "reported")
    codes = session.scalars(select(EventRow.code).order_by(EventRow.id)).all()
    assert codes[-1] == "certificate-corrected"
    verify_together(session, actor, moment, {row.id: URL}, moment.today)
    assert counted(imported(session, actor, moment, HEAD, higher)) == (0, 0, 1, 0)
    assert counted(imported(session, actor, moment, HEAD, LINDE)) == (0, 1, 0, 0)
    assert (row.level, row.state) == ("trede-3", "verified")
    beside = session.scalars(select(CertificateRow).where(CertificateRow.id != row.id)).one()
    assert (beside.level, beside.state) == ("trede-2", "reported")
    assert counted(imported(session, actor, moment, HEAD, LINDE)) == (0, 0, 1, 0)


def test_a_later_one_is_the_renewal_of_the_one_that_counts(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    held = proof_rows.a_certificate(session, linde)
    row = f"De Linde;17037842;1;{held.ends_on.isoformat()};31-12-2029"
    imported(session, actor, moment, HEAD, row)
    renewal = session.scalars(select(RenewalRow)).one()
    assert renewal.certificate_id == held.id
    new = session.get_one(CertificateRow, renewal.new_certificate_id)
    verify_together(session, actor, moment, {new.id: URL}, moment.today)
    assert renewal.accepted_on == moment.today


def test_wrong_rows_are_named_and_the_others_taken(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    plan = imported(
        session,
        actor,
        moment,
        f"{HEAD};30+",
        f"{LINDE};",
        "Vreemd;12345678;1;1-1-2026;31-12-2027;",
        "Kort;12;goud;x;;misschien",
        "Omgekeerd;17037842;1;1-1-2027;31-12-2026;",
        "Verlopen;17037842;1;1-1-2024;31-12-2025;",
        "Dertig;17037842;1;1-1-2027;31-12-2028;ja",
        f"{LINDE};",
        "Anders;17037842;3;1-11-2026;31-10-2028;",
        f"{LINDE};;te veel",
    )
    assert counted(plan) == (1, 0, 1, 7)
    assert mistakes(plan) == [
        (3, "KvK-nummer", "12345678", "no-supplier"),
        (4, "KvK-nummer", "12", "not-8-digits"),
        (4, "Trede", "goud", "not-a-level"),
        (4, "30+", "misschien", "not-yes-or-no"),
        (4, "Geldig vanaf", "x", "not-a-day"),
        (4, "Geldig t/m", "", "empty-cell"),
        (5, "Geldig t/m", "31-12-2026", "before-start"),
        (6, "Geldig t/m", "31-12-2025", "ended-already"),
        (7, "30+", "ja", "needs-trede-3"),
        (9, "KvK-nummer", "17037842", "twice"),
        (10, "", "te veel", "too-many-cells"),
    ]
    assert len(session.scalars(select(CertificateRow)).all()) == 1


def test_columns_are_recognised_or_chosen(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    rows = ("Nr;Soort;Van;Tot", "17037842;Basis;1-11-2026;31-10-2028")
    with pytest.raises(ColumnsUnclear):
        imported(session, actor, moment, *rows)
    choices = {"kvk_number": "Nr", "level": "Soort", "starts_on": "Van", "ends_on": "Tot"}
    assert counted(imported(session, actor, moment, *rows, **choices)) == (1, 0, 0, 0)
    content = lists.an_xlsx(
        ["KvK nr", "Niveau", "Valid from", "Valid until"],
        [17037842, "Basis", "2026-11-01", "2028-10-31"],
    )
    sheet = read_sheet(content, CERTIFICATES.columns)
    plan = import_certificates(session, actor, moment, sheet, {})
    assert counted(plan) == (0, 0, 1, 0)


def test_another_customers_suppliers_are_not_seen(
    session: Session, moment: Moment, actor: Actor, linde: RelationRow
) -> None:
    other = stage.user_actor(session, stage.a_customer(session, "Ander"))
    assert counted(imported(session, other, moment, HEAD, LINDE)) == (0, 0, 0, 1)
    reader = stage.user_actor(session, stage.a_customer(session, "Derde"), Role.READER)
    with pytest.raises(NotAllowed):
        imported(session, reader, moment, HEAD, LINDE)


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_is_planned_in_as_many_statements_however_long(
    session: Session, moment: Moment, actor: Actor, customer: OrganisationRow, count: int
) -> None:
    rows = []
    for n in range(count):
        stage.a_relation(session, customer, kvk_number=f"{20000000 + n}")
        rows.append(f"L;{20000000 + n};1;1-11-2026;31-10-2028")
    statements: list[str] = []
    connection = session.connection()

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    sheet = read_sheet(lists.a_csv(HEAD, *rows), CERTIFICATES.columns)
    plan = import_certificates(session, actor, moment, sheet, {}, dry_run=True)
    event.remove(connection, "before_cursor_execute", heard)
    assert plan.counts()["new"] == count
    assert len(statements) == 5


# --- checked together ---


@pytest.fixture
def two(session: Session, moment: Moment, actor: Actor, linde: RelationRow) -> list[CertificateRow]:
    """A certificate that covers its supplier, and one that covers another number only."""
    other = add_supplier(session, actor, moment, {"name": "Zus", "kvk_number": "02076358"})
    change_supplier(session, actor, moment, other.id, {"kvk_number": "35000000"})
    imported(session, actor, moment, HEAD, LINDE, "Zus;02076358;1;1-11-2026;31-10-2028")
    return list(session.scalars(select(CertificateRow).order_by(CertificateRow.id)))


def test_all_that_were_found_are_verified_in_one_go(
    session: Session, moment: Moment, actor: Actor, two: list[CertificateRow]
) -> None:
    shown = list_reported(session, actor, 1, mine=False)
    assert [(line.name, line.covers) for line in shown.lines] == [
        ("De Linde", True),
        ("Zus", False),
    ]
    assert list_reported(session, actor, 1, mine=True).total == 0
    urls = {two[0].id: URL, two[1].id: f"{URL}2"}
    checked_on = date(2026, 11, 20)
    assert verify_together(session, actor, moment, urls, checked_on) == [two[1].id]
    for row in two:
        assert (row.state, row.verified_on, row.verified_by, row.register_url) == (
            "verified",
            checked_on,
            actor.person_id,
            urls[row.id],
        )
    assert status_on(session, two[0].relation_id, moment.today) == "preferred"
    # It covers the number that the supplier had before: no reason to prefer the one it has now.
    assert status_on(session, two[1].relation_id, moment.today) == "undecided"
    assert list_reported(session, actor, 1, mine=False).lines == []


@pytest.mark.parametrize(
    ("second", "checked_on", "wrong"),
    [
        ("", date(2026, 11, 20), {1}),
        ("nee", date(2026, 11, 20), {1}),
        (URL, date(2026, 12, 1), {0, 1}),
    ],
)
def test_one_mistake_records_nothing(
    session: Session,
    moment: Moment,
    actor: Actor,
    two: list[CertificateRow],
    second: str,
    checked_on: date,
    wrong: set[int],
) -> None:
    session.commit()
    with pytest.raises(ChecksRefused) as refused:
        verify_together(session, actor, moment, {two[0].id: URL, two[1].id: second}, checked_on)
    session.rollback()
    assert set(refused.value.refused) == {two[place].id for place in wrong}
    assert [row.state for row in two] == ["reported", "reported"]


def test_who_comes_second_is_told_and_others_are_not_found(
    session: Session, moment: Moment, actor: Actor, two: list[CertificateRow]
) -> None:
    verify_together(session, actor, moment, {two[0].id: URL}, moment.today)
    with pytest.raises(ChecksRefused) as refused:
        verify_together(session, actor, moment, {two[0].id: URL}, moment.today)
    assert isinstance(refused.value.refused[two[0].id], MoveRefused)
    stranger: Any = stage.user_actor(session, stage.a_customer(session, "Ander"))
    for certificate_id in (two[1].id, 999_999):
        with pytest.raises(NotFound):
            verify_together(session, stranger, moment, {certificate_id: URL}, moment.today)
