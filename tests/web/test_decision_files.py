"""Equivalent proof with its file: recorded, shown, asked about a number, and added to later."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from onboarding.clock import Moment
from onboarding.store.tables import DecisionRow, EvidenceRow, OrganisationRow, RelationRow
from tests import stage
from tests.files import a_pdf, a_picture

A_BSN = "111222333"


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def relation(session: Session, customer: OrganisationRow) -> RelationRow:
    return stage.a_relation(session, customer)


@pytest.fixture
def buyer(
    app: Flask, session: Session, moment: Moment, customer: OrganisationRow, relation: RelationRow
) -> FlaskClient:
    person = stage.a_user(session, customer)
    return stage.log_in(app.test_client(), session, moment.now, person, customer)


def decide(
    client: FlaskClient, relation: RelationRow, *files: tuple[bytes, str], **fields: Any
) -> TestResponse:
    form = {
        "reason": "Duits keurmerk met dezelfde eisen.",
        "starts_on": "2026-11-24",
        "ends_on": "2027-11-23",
        "is_clean": "y",
        "files": [(BytesIO(content), name) for content, name in files],
        **fields,
    }
    address = f"/suppliers/{relation.id}/decisions/new/equivalent"
    return client.post(address, data=form, content_type="multipart/form-data")


def test_a_file_reason_and_days_are_recorded_and_shown(
    buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    answer = decide(buyer, relation, (a_pdf("Zertifikat"), "zertifikat.pdf"))
    row = session.scalars(select(DecisionRow)).one()
    assert answer.location == f"/decisions/{row.id}"
    assert (row.kind, row.ends_on) == ("equivalent", date(2027, 11, 23))
    file = session.scalars(select(EvidenceRow)).one()
    assert (file.decision_id, file.relation_id, file.uploaded_side) == (
        *(row.id, relation.id, "buyer"),
    )
    page = buyer.get(answer.location).text
    for shown in ("zertifikat.pdf", "Duits keurmerk", "23 november 2027", f"/evidence/{file.id}"):
        assert shown in page
    supplier = buyer.get(f"/suppliers/{relation.id}").text
    assert "zertifikat.pdf" in supplier
    assert "gelijkwaardig" in supplier.lower()
    assert buyer.get(f"/evidence/{file.id}").data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("fields", "content", "said"),
    [
        ({"is_clean": ""}, a_pdf("x"), "Bevestig dat er geen persoonsgegevens"),
        ({}, b"MZ and more", "Dit is geen PDF, PNG of JPEG"),
        ({"reason": " "}, a_pdf("x"), "Vul dit in"),
        ({"ends_on": "2026-11-01"}, a_pdf("x"), "Kies dinsdag 24 november 2026 of later"),
    ],
)
def test_what_is_wrong_records_neither_decision_nor_file(
    buyer: FlaskClient,
    session: Session,
    relation: RelationRow,
    fields: dict[str, str],
    content: bytes,
    said: str,
) -> None:
    answer = decide(buyer, relation, (content, "bewijs.pdf"), **fields)
    assert answer.status_code == 400
    assert said in answer.text and "2026-11-24" in answer.text
    assert "bewijs.pdf" in answer.text or "Kies de bestanden opnieuw" in answer.text
    assert session.scalars(select(DecisionRow)).first() is None
    assert session.scalars(select(EvidenceRow)).first() is None


def test_a_number_in_the_file_is_asked_about_and_the_file_shown_after_that(
    buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    answer = decide(buyer, relation, (a_pdf(f"Ref {A_BSN}"), "brief.pdf"))
    file = session.scalars(select(EvidenceRow)).one()
    ask = f"/evidence/{file.id}/numbers"
    assert answer.location == ask
    question = buyer.get(ask).text
    assert "•••333" in question and A_BSN not in question
    assert "het RSIN van de leverancier" in question
    shown = buyer.get(f"/decisions/{file.decision_id}").text
    assert ask in shown and f'href="/evidence/{file.id}"' not in shown
    assert buyer.post(ask, data={"action": "explain"}).status_code == 400
    done = buyer.post(ask, data={"action": "explain", "number-0-kind": "reference"})
    assert done.location == f"/decisions/{file.decision_id}"
    assert f'href="/evidence/{file.id}"' in buyer.get(done.location).text
    assert buyer.get(ask).location == done.location


def test_a_file_comes_later_or_is_taken_back(
    buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    decision = decide(buyer, relation).location
    add = f"{decision}/files"
    assert "Kies een bestand" in buyer.post(add, data={"is_clean": "y"}).text
    photo = {"is_clean": "y", "files": (BytesIO(a_picture()), "foto.png")}
    assert buyer.post(add, data=photo).location == decision
    assert "foto.png" in buyer.get(decision).text
    letter = {"is_clean": "y", "files": (BytesIO(a_pdf(A_BSN)), "brief.pdf")}
    ask = buyer.post(add, data=letter).location
    assert buyer.post(ask, data={"action": "remove"}).location == decision
    assert "brief.pdf" not in buyer.get(decision).text
    names = session.scalars(select(EvidenceRow.file_name).order_by(EvidenceRow.id))
    assert names.all() == ["foto.png", None]


def test_a_file_is_kept_once_with_a_decision(
    buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    """With another decision, the same file is that one's too."""
    first = decide(buyer, relation, (a_pdf("x"), "bewijs.pdf")).location
    assert decide(buyer, relation, (a_pdf("x"), "bewijs.pdf")).status_code == 409
    data = {"is_clean": "y", "files": (BytesIO(a_pdf("x")), "bewijs.pdf")}
    assert buyer.post(f"{first}/files", data=data).status_code == 303
    other = decide(buyer, relation, (a_pdf("x"), "bewijs.pdf"), reason="Nog een keurmerk.")
    assert other.status_code == 303
    rows = session.scalars(select(EvidenceRow)).all()
    assert len(rows) == len({row.decision_id for row in rows}) == 2


def test_too_many_files_at_once_are_told(
    buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    files = [(a_pdf(str(n)), f"{n}.pdf") for n in range(11)]
    answer = decide(buyer, relation, *files)
    assert answer.status_code == 400 and "hoogstens 10 bestanden" in answer.text
    assert session.scalars(select(EvidenceRow)).first() is None
