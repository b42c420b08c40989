"""A second click is told, and records nothing again; later the same may well be done once more."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.people import Side
from onboarding.store.tables import (
    CertificateRow,
    DecisionRow,
    EventRow,
    EvidenceRow,
    MessageRow,
    RecognitionRow,
    RelationRow,
    TaskRow,
)
from tests.files import a_picture
from tests.web.test_portal_steps import address, adviser, kim, scene, send, step

__all__ = ["adviser", "kim", "scene", "step"]

CERTIFICATE = {
    "level": "trede-1",
    "starts_on": "2026-06-01",
    "ends_on": "2028-05-31",
    "kvk_numbers": "02076358",
}
RECOGNITION = {
    "kind": "accountant",
    "register_url": "https://register.example/1",
    "checked_on": "2026-11-20",
}
DECISION = {"reason": "Te klein", "starts_on": "2026-11-24", "ends_on": "2027-11-24"}
BLOCK = {"reason": "Niets gedaan", "starts_on": "2026-12-24"}
CALL = {
    "channel": "phone",
    "contact_on": "2026-11-24",
    "who": "",
    "was_reached": "no",
    "is_shared": "internal",
}


@dataclass(frozen=True)
class Twice:
    """What is sent, below the supplier's address, and what it makes."""

    side: Side
    page: str
    data: dict[str, str]
    made: Any


CASES = {
    "a question": Twice(Side.SUPPLIER, "question", {"text": "Mag het ook anders?"}, TaskRow),
    "a report": Twice(Side.SUPPLIER, "certificates/report", CERTIFICATE, CertificateRow),
    "a certificate": Twice(Side.BUYER, "certificates/new", CERTIFICATE, CertificateRow),
    "a recognition": Twice(Side.BUYER, "recognitions/new", RECOGNITION, RecognitionRow),
    "an exemption": Twice(Side.BUYER, "decisions/new/exempt", DECISION, DecisionRow),
    "a block": Twice(Side.BUYER, "decisions/new/block", BLOCK, DecisionRow),
    "a call": Twice(Side.BUYER, "contact/note", CALL, EventRow),
}


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("case", CASES)
def test_a_second_click_is_told(
    as_supplier: FlaskClient,
    as_manager: FlaskClient,
    session: Session,
    relation: RelationRow,
    clock: Any,
    case: str,
) -> None:
    twice = CASES[case]
    session.commit()
    is_supplier = twice.side is Side.SUPPLIER
    client = as_supplier if is_supplier else as_manager
    where = f"/{'portal' if is_supplier else 'suppliers'}/{relation.id}/{twice.page}"
    assert client.post(where, data=twice.data).status_code == 303
    made, mails = count(session, twice.made), count(session, MessageRow)
    again = client.post(where, data=twice.data)
    assert again.status_code in (409, 422)
    assert "zojuist al en het is vastgelegd" in again.text
    assert (count(session, twice.made), count(session, MessageRow)) == (made, mails)
    clock.forward(minutes=2)
    assert client.post(where, data=twice.data).status_code == 303
    assert count(session, twice.made) > made


def test_a_supplier_without_a_number_is_added_once(as_buyer: FlaskClient, session: Session) -> None:
    data = {"name": "Bäckerei Krause", "country": "DE", "buyer_id": "", "confirmed": "y"}
    assert as_buyer.post("/suppliers/new", data=data).status_code == 303
    again = as_buyer.post("/suppliers/new", data=data)
    assert again.status_code == 422 and "zojuist al" in again.text
    assert count(session, RelationRow) == 1


def test_a_step_is_handed_in_once_with_its_file(
    kim: FlaskClient, session: Session, step: Any
) -> None:
    assert send(kim, step, a_picture(), is_clean="y").status_code == 303
    assert send(kim, step, a_picture(), is_clean="y").status_code == 409
    other = a_picture(size=(30, 30))
    assert send(kim, step, other, is_clean="y").status_code == 409
    assert count(session, EvidenceRow) == 1
    codes = session.scalars(select(EventRow.code)).all()
    assert codes.count("milestone-submitted") == codes.count("evidence-uploaded") == 1


def test_nothing_is_added_to_a_step_that_is_done(
    adviser: FlaskClient, kim: FlaskClient, session: Session, step: Any
) -> None:
    """What a buyer accepted is not what it was, once a file has come with it."""
    send(kim, step)
    assert send(adviser, step, a_picture(), action="save", is_clean="y").status_code == 409
    assert count(session, EvidenceRow) == 0


def test_too_many_files_at_once_are_told(kim: FlaskClient, session: Session, step: Any) -> None:
    files = [a_picture(size=(n, n)) for n in range(1, 12)]
    answer = send(kim, step, *files, is_clean="y")
    assert answer.status_code == 422 and "hoogstens 10 bestanden" in answer.text
    assert "Ons plan is klaar." in kim.get(address(step)).text  # what was typed is kept
    assert count(session, EvidenceRow) == 0
