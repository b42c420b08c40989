"""A purchasing system makes a supplier that has no KvK number to be named by in an address."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.tokens import Scope
from onboarding.store.tables import OrganisationRow, RelationRow
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code

VOGT = {"name": "Vogt GmbH", "country": "DE", "foreign_number": "hrb 12345"}


def test_a_supplier_from_abroad_is_made_once(program: Program, session: Session) -> None:
    answer = program.ask("POST", "/suppliers", json=VOGT)
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert told is not None
    assert (told["kvk_number"], told["country"], told["foreign_number"]) == (
        None,
        "DE",
        "HRB 12345",
    )
    read = program.get(f"/suppliers/{told['ref']}")
    assert (read.json, read.headers["ETag"]) == (told, answer.headers["ETag"])
    assert answer.headers["Location"] == f"/api/v1/suppliers/{told['ref']}"
    again = program.ask("POST", "/suppliers", json=VOGT)
    assert (again.status_code, code(again)) == (409, "supplier-known")
    assert again.json is not None
    assert again.json["facts"] == {
        "ref": told["ref"],
        "country": "DE",
        "foreign_number": "HRB 12345",
        "name": "Vogt GmbH",
    }
    assert session.scalar(select(func.count(RelationRow.id))) == 1


def test_a_dutch_one_is_made_so_too(program: Program) -> None:
    body = {"name": "Bakkerij Sterk", "kvk_number": "02076358"}
    assert program.ask("POST", "/suppliers", json=body).status_code == 201
    again = program.ask("POST", "/suppliers", json=body)
    assert (again.status_code, code(again)) == (409, "supplier-known")


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({"name": "Vogt"}, "input-invalid", "foreign_number"),
        ({"name": "Vogt", "foreign_number": "geen"}, "input-invalid", "foreign_number"),
        ({"foreign_number": "HRB 1"}, "input-invalid", "name"),
        ({**VOGT, "foreign_number": 7}, "body-invalid", "foreign_number"),
        ({**VOGT, "ref": "id-1"}, "body-invalid", "ref"),
    ],
)
def test_what_cannot_be_made(
    program: Program, session: Session, body: dict[str, object], kind: str, field: str
) -> None:
    answer = program.ask("POST", "/suppliers", json=body)
    assert (answer.status_code, code(answer)) == (422, kind)
    assert answer.json is not None and answer.json["facts"]["field"] == field
    assert session.scalar(select(func.count(RelationRow.id))) == 0


def test_who_reads_makes_none(program_of: MakeProgram, customer: OrganisationRow) -> None:
    answer = program_of(customer, Scope.SUPPLIERS_READ).ask("POST", "/suppliers", json=VOGT)
    assert (answer.status_code, code(answer)) == (403, "scope-missing")
