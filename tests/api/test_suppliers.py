"""A purchasing system reads suppliers, creates them, and changes what it saw."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.domain.tokens import Scope
from onboarding.store.tables import (
    CreditorNumberRow,
    EventRow,
    FormerKvkNumberRow,
    OrganisationRow,
    RelationRow,
)
from tests import stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code

NEW = "/suppliers/02076358"


def test_an_unknown_kvk_number_creates_a_supplier(program: Program, session: Session) -> None:
    body = {
        "name": "Bakkerij  Sterk",
        "city": "Zwolle",
        "spend": 184200.5,
        "creditor_numbers": [{"division": "Catering", "number": "fs10023"}],
    }
    answer = program.put(NEW, body)
    assert answer.status_code == 201
    assert answer.json is not None
    relation_id = int(answer.json["ref"].removeprefix("id-"))
    assert answer.headers["Location"] == f"/api/v1/suppliers/id-{relation_id}"
    assert answer.json == {
        "ref": f"id-{relation_id}",
        "kvk_number": "02076358",
        "former_kvk_numbers": [],
        "name": "Bakkerij Sterk",
        "country": "NL",
        "foreign_number": None,
        "city": "Zwolle",
        "category": None,
        "division": None,
        "spend": 184200.5,
        "contract": None,
        "alternative": None,
        "has_no_alternative": False,
        "buyer": None,
        "creditor_numbers": [{"division": "Catering", "number": "FS10023"}],
        "divisions": [
            {
                "division": "",
                "site": "",
                "buyer": None,
                "contract": None,
                "contract_ends_on": None,
                "spend": [{"year": 2026, "amount": 184200.5}],
            }
        ],
        "enrolled_on": None,
        "ended_on": None,
    }
    event = session.scalars(select(EventRow).where(EventRow.relation_id == relation_id)).one()
    assert (event.code, event.facts["origin"]) == ("supplier-added", "program")
    status = program.get("/eligibility/02076358")
    assert status.json is not None and status.json["status"] == "out-of-scope"


def test_what_was_answered_can_be_read(program: Program) -> None:
    put = program.put(NEW, {"name": "Bakkerij Sterk"})
    read = program.get(NEW)
    assert read.status_code == 200
    assert read.json == put.json
    assert read.headers["ETag"] == put.headers["ETag"]
    assert not read.headers["ETag"].startswith("W/")


def test_absent_fields_stay(program: Program) -> None:
    tag = program.put(NEW, {"name": "Bakkerij Sterk", "city": "Zwolle"}).headers["ETag"]
    changed = program.put(NEW, {"category": "Brood", "city": None}, If_Match=tag)
    assert changed.status_code == 200
    assert changed.json is not None
    assert (changed.json["name"], changed.json["city"]) == ("Bakkerij Sterk", None)
    assert changed.json["category"] == "Brood"
    assert changed.headers["ETag"] != tag


def test_the_same_again_changes_nothing(program: Program) -> None:
    first = program.put(NEW, {"name": "Bakkerij Sterk"})
    again = program.put(NEW, first.json, If_Match=first.headers["ETag"])
    assert again.status_code == 200
    assert again.headers["ETag"] == first.headers["ETag"]


def test_an_existing_supplier_is_changed_by_who_saw_it(
    program: Program, supplier: RelationRow, session: Session
) -> None:
    path = f"/suppliers/id-{supplier.id}"
    without = program.put(path, {"city": "Zwolle"})
    assert (without.status_code, code(without)) == (428, "precondition-required")
    tag = program.get(path).headers["ETag"]
    program.put(path, {"city": "Zwolle"}, If_Match=tag)
    stale = program.put(path, {"city": "Deventer"}, If_Match=tag)
    assert (stale.status_code, code(stale)) == (412, "precondition-failed")
    weak = program.put(path, {"city": "Deventer"}, If_Match=f"W/{tag}")
    assert weak.status_code == 412
    session.expire_all()
    assert session.get_one(RelationRow, supplier.id).city == "Zwolle"


def test_a_tag_of_nothing_does_not_create(program: Program) -> None:
    assert program.put(NEW, {"name": "Sterk"}, If_Match='"x"').status_code == 412


def test_who_only_creates_does_not_change(program: Program, supplier: RelationRow) -> None:
    path = f"/suppliers/{supplier.kvk_number}"
    assert program.put(path, {"name": "Sterk"}, If_None_Match="*").status_code == 412


def test_a_reference_that_nobody_has_creates_nothing(program: Program) -> None:
    for ref in ("id-999999", "creditor-FS1"):
        answer = program.put(f"/suppliers/{ref}", {"name": "Sterk"})
        assert (answer.status_code, code(answer)) == (404, "supplier-unknown")


def test_an_old_number_leads_to_the_supplier(program: Program, session: Session) -> None:
    tag = program.put(NEW, {"name": "Bakkerij Sterk"}).headers["ETag"]
    assert program.put(NEW, {"kvk_number": "17037842"}, If_Match=tag).status_code == 200
    for path in (NEW, "/suppliers/17037842"):
        read = program.get(path)
        assert read.json is not None
        assert read.json["kvk_number"] == "17037842"
        assert read.json["former_kvk_numbers"] == ["02076358"]
    status = program.get("/eligibility/02076358")
    assert status.json is not None and status.json["kvk_number"] == "17037842"


def test_a_number_in_use_leads_to_who_has_it_now(
    program: Program, supplier: RelationRow, customer: OrganisationRow, session: Session
) -> None:
    other = stage.a_relation(session, customer, "Vroeger B.V.")
    session.add(
        FormerKvkNumberRow(
            relation_id=other.id, kvk_number=supplier.kvk_number, until_on=stage.BEFORE_ON
        )
    )
    session.commit()
    read = program.get(f"/suppliers/{supplier.kvk_number}")
    assert read.json is not None and read.json["ref"] == f"id-{supplier.id}"
    status = program.get(f"/eligibility/{supplier.kvk_number}")
    assert status.json is not None and status.json["supplier"] == supplier.name


def test_an_ambiguous_creditor_number_names_the_candidates(
    program: Program, supplier: RelationRow, customer: OrganisationRow, session: Session
) -> None:
    other = stage.a_relation(session, customer, "Bakkerij Sterk", division="Catering")
    for relation in (supplier, other):
        session.add(CreditorNumberRow(relation_id=relation.id, division="", number="FS10023"))
    session.commit()
    tag = program.get(f"/suppliers/id-{supplier.id}").headers["ETag"]
    for answer in (
        program.get("/suppliers/creditor-FS10023"),
        program.get("/eligibility/creditor-FS10023"),
        program.put("/suppliers/creditor-FS10023", {"city": "Zwolle"}, If_Match=tag),
    ):
        assert (answer.status_code, code(answer)) == (409, "supplier-ambiguous")
        assert answer.json is not None
        assert answer.json["facts"]["candidates"] == [
            {
                "ref": f"id-{one.id}",
                "kvk_number": one.kvk_number,
                "name": one.name,
                "division": one.division,
            }
            for one in (supplier, other)
        ]


def test_a_creditor_number_of_one_supplier(
    program: Program, supplier: RelationRow, session: Session
) -> None:
    for division in ("", "Catering"):
        session.add(CreditorNumberRow(relation_id=supplier.id, division=division, number="FS1"))
    session.commit()
    for path in ("/suppliers/creditor-fs1", "/eligibility/creditor-FS1"):
        assert program.get(path).status_code == 200


def test_the_buyer_is_named_by_address(
    program: Program, customer: OrganisationRow, session: Session
) -> None:
    buyer = stage.a_user(session, customer, Role.BUYER, email="anna@facilitair.example")
    stranger = stage.a_user(session, stage.a_customer(session, "Ander"), Role.BUYER)
    session.commit()
    answer = program.put(NEW, {"name": "Sterk", "buyer": "Anna@facilitair.example"})
    assert answer.json is not None and answer.json["buyer"] == buyer.email
    tag = answer.headers["ETag"]
    refused = program.put(NEW, {"buyer": stranger.email}, If_Match=tag)
    assert (refused.status_code, code(refused)) == (422, "input-invalid")
    assert refused.json is not None and refused.json["facts"]["field"] == "buyer"
    assert program.put(NEW, {"buyer": None}, If_Match=tag).json["buyer"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "status", "kind", "facts"),
    [
        ({"nam": "Sterk"}, 422, "body-invalid", {"field": "nam", "reason": "unknown-field"}),
        ({"name": 7}, 422, "body-invalid", {"field": "name", "reason": "wrong-type"}),
        ({"name": "St\x00erk"}, 422, "body-invalid", {"field": "name", "reason": "wrong-type"}),
        ({"name": "\ud800"}, 422, "body-invalid", {"field": "name", "reason": "wrong-type"}),
        ({"name": " "}, 422, "input-invalid", {"field": "name", "reason": "required"}),
        ({}, 422, "input-invalid", {"field": "name", "reason": "required"}),
        ({"name": "x" * 201}, 422, "input-invalid", {"field": "name", "reason": "too-long"}),
        ({"name": "S", "spend": True}, 422, "body-invalid", {"field": "spend"}),
        ({"name": "S", "spend": -1}, 422, "body-invalid", {"field": "spend"}),
        ({"name": "S", "spend": 1.001}, 422, "body-invalid", {"field": "spend"}),
        ({"name": "S", "spend": 10**400}, 422, "body-invalid", {"field": "spend"}),
        ({"name": "S", "country": "Atlantis"}, 422, "input-invalid", {"field": "country"}),
        ({"name": "S", "kvk_number": "2076358"}, 422, "body-invalid", {"field": "kvk_number"}),
        (
            {"name": "S", "kvk_number": "17037842"},
            422,
            "input-invalid",
            {"field": "kvk_number", "reason": "differs-from-address"},
        ),
        ({"name": "S", "ref": "id-1"}, 422, "body-invalid", {"field": "ref"}),
        ({"name": "S", "creditor_numbers": ["FS1"]}, 422, "body-invalid", {}),
        ({"name": "S", "creditor_numbers": [{"number": "F 1"}]}, 422, "input-invalid", {}),
        ([], 422, "body-invalid", {"reason": "not-an-object"}),
    ],
)
def test_a_body_that_cannot_be_used(
    program: Program,
    session: Session,
    body: object,
    status: int,
    kind: str,
    facts: dict[str, str],
) -> None:
    before = session.scalar(select(func.count(RelationRow.id)))
    answer = program.put(NEW, body)
    assert (answer.status_code, code(answer)) == (status, kind)
    assert answer.json is not None
    assert answer.json["facts"].items() >= facts.items()
    assert session.scalar(select(func.count(RelationRow.id))) == before


@pytest.mark.parametrize("text", ["", "{", '{"spend": NaN}', "[" * 60_000, "9" * 5000, "\xff"])
def test_what_is_no_json(program: Program, text: str) -> None:
    answer = program.ask("PUT", NEW, data=text.encode("latin-1"), content_type="application/json")
    assert (answer.status_code, code(answer)) == (400, "request-invalid")


def test_a_body_of_another_type_or_too_large(program: Program) -> None:
    form = program.ask("PUT", NEW, data={"name": "Sterk"})
    assert (form.status_code, code(form)) == (415, "media-type-unsupported")
    large = program.put(NEW, {"alternative": "x" * 70_000})
    assert (large.status_code, code(large)) == (413, "body-too-large")


def test_a_number_of_another_supplier_is_refused(program: Program, supplier: RelationRow) -> None:
    tag = program.put(NEW, {"name": "Bakkerij Sterk"}).headers["ETag"]
    answer = program.put(NEW, {"kvk_number": supplier.kvk_number}, If_Match=tag)
    assert (answer.status_code, code(answer)) == (409, "supplier-known")
    assert answer.json is not None
    assert answer.json["facts"] == {
        "ref": f"id-{supplier.id}",
        "kvk_number": supplier.kvk_number,
        "name": supplier.name,
    }


def test_who_reads_does_not_write(
    program_of: MakeProgram, customer: OrganisationRow, supplier: RelationRow
) -> None:
    reader = program_of(customer, Scope.SUPPLIERS_READ)
    assert reader.get(f"/suppliers/{supplier.kvk_number}").status_code == 200
    answer = reader.put(NEW, {"name": "Sterk"})
    assert (answer.status_code, code(answer)) == (403, "scope-missing")
    writer = program_of(customer, Scope.SUPPLIERS_WRITE)
    assert writer.get(f"/suppliers/{supplier.kvk_number}").status_code == 403
    assert writer.put(NEW, {"name": "Sterk"}).status_code == 201
