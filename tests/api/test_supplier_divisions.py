"""A purchasing system reads and writes divisions; one that knows of none goes on as it did."""

import pytest
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.store.tables import OrganisationRow
from tests import stage
from tests.api.program import Program, code

NEW = "/suppliers/02076358"
CATERING = {
    "division": "Catering",
    "site": "Ziekenhuis Zuid",
    "contract": "C-1",
    "contract_ends_on": "2027-12-31",
    "spend": [{"year": 2026, "amount": 500.5}, {"year": 2025, "amount": 400}],
}
CLEANING = {"division": "Schoonmaak", "spend": [{"year": 2025, "amount": 100}]}


def test_divisions_are_written_and_read(
    program: Program, customer: OrganisationRow, session: Session
) -> None:
    buyer = stage.a_user(session, customer, Role.BUYER, email="anna@facilitair.example")
    session.commit()
    there = {**CATERING, "buyer": "Anna@facilitair.example"}
    answer = program.put(NEW, {"name": "Sterk", "divisions": [CLEANING, there]})
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert told is not None
    assert told["divisions"] == [
        {**CATERING, "buyer": buyer.email},
        {**CLEANING, "site": "", "buyer": None, "contract": None, "contract_ends_on": None},
    ]
    assert (told["division"], told["spend"], told["contract"]) == ("Catering", 600.5, "C-1")
    again = program.put(NEW, told, If_Match=answer.headers["ETag"])
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_a_program_that_knows_of_no_divisions_goes_on(program: Program) -> None:
    body = {"name": "Sterk", "division": "Catering", "spend": 100, "contract": "C-1"}
    first = program.put(NEW, body)
    echoed = {**(first.json or {}), "spend": 120, "division": "Food"}
    second = program.put(NEW, echoed, If_Match=first.headers["ETag"])
    assert second.status_code == 200, second.text
    assert second.json is not None
    assert (second.json["division"], second.json["spend"]) == ("Food", 120)
    [line] = second.json["divisions"]
    assert line["spend"] == [{"year": 2026, "amount": 120}]


def test_what_was_read_may_come_along_with_other_divisions(program: Program) -> None:
    first = program.put(NEW, {"name": "Sterk", "division": "Catering", "spend": 100})
    body = {**(first.json or {}), "divisions": [CLEANING]}
    second = program.put(NEW, body, If_Match=first.headers["ETag"])
    assert second.status_code == 200, second.text
    assert second.json is not None
    assert (second.json["division"], second.json["spend"]) == ("Schoonmaak", 100)


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"spend": 7}, "spend", "several-divisions"),
        ({"contract": "X"}, "contract", "several-divisions"),
        ({"divisions": [CLEANING], "spend": 7}, "spend", "differs-from-divisions"),
        ({"divisions": [CLEANING, CLEANING]}, "divisions", "division-known"),
        ({"divisions": [{"buyer": "niemand@x.example"}]}, "divisions", "not-a-buyer"),
    ],
)
def test_what_the_divisions_do_not_allow(
    program: Program, body: dict[str, object], field: str, reason: str
) -> None:
    tag = program.put(NEW, {"name": "Sterk", "divisions": [CATERING, CLEANING]}).headers["ETag"]
    answer = program.put(NEW, body, If_Match=tag)
    assert (answer.status_code, code(answer)) == (422, "input-invalid")
    assert answer.json is not None
    assert answer.json["facts"].items() >= {"field": field, "reason": reason}.items()


@pytest.mark.parametrize(
    "divisions",
    [
        {},
        ["Catering"],
        [{"name": "Catering"}],
        [{"division": 7}],
        [{"division": "x" * 201}],
        [{"contract_ends_on": "31-12-2027"}],
        [{"contract_ends_on": "2027-02-30"}],
        [{"spend": 100}],
        [{"spend": [{"year": 2026}]}],
        [{"spend": [{"year": "2026", "amount": 1}]}],
        [{"spend": [{"year": 26, "amount": 1}]}],
        [{"spend": [{"year": 2026, "amount": None}]}],
        [{"spend": [{"year": 2026, "amount": 1}, {"year": 2026, "amount": 2}]}],
    ],
)
def test_divisions_of_another_form(program: Program, divisions: object) -> None:
    answer = program.put(NEW, {"name": "Sterk", "divisions": divisions})
    assert (answer.status_code, code(answer)) == (422, "body-invalid")
    assert answer.json is not None and answer.json["facts"]["field"] == "divisions"
