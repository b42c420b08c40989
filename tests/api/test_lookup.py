"""Many suppliers at once, named by anything: each has its place in the answer."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding.services.statuses import reassess
from onboarding.store.tables import (
    CreditorNumberRow,
    FormerKvkNumberRow,
    OrganisationRow,
    RelationRow,
)
from tests import stage
from tests.api.program import Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock

PATH = "/eligibility/lookup"


def items(program: Program, *refs: str, **more: object) -> list[dict[str, Any]]:
    answer = program.post(PATH, {"refs": refs, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return list(answer.json["items"])


@pytest.fixture
def other(session: Session, customer: OrganisationRow, clock: SettableClock) -> RelationRow:
    """A second supplier, which shares a creditor number with the first."""
    row = stage.a_relation(session, customer, "Schilder Smit", kvk_number="17037842")
    session.add(
        FormerKvkNumberRow(relation_id=row.id, kvk_number="12345678", until_on=row.created_on)
    )
    session.add(CreditorNumberRow(relation_id=row.id, division="", number="FS1"))
    session.add(CreditorNumberRow(relation_id=row.id, division="Zorg", number="FS2"))
    session.add(CreditorNumberRow(relation_id=row.id, division="Catering", number="FS2"))
    reassess(session, clock.moment(), [row.id])
    session.commit()
    return row


def test_the_order_of_the_question_is_kept_and_nothing_is_dropped(
    program: Program, supplier: RelationRow, other: RelationRow, session: Session
) -> None:
    session.add(CreditorNumberRow(relation_id=supplier.id, division="", number="FS1"))
    session.commit()
    refs = [
        "99999999",
        "creditor-FS2",
        "creditor-fs1",
        supplier.kvk_number or "",
        "not a reference",
        "12345678",
        f"id-{other.id}",
        "creditor-FS2",
        "id-999999999",
    ]
    found = items(program, *refs)
    assert [one["ref"] for one in found] == refs
    told = [one.get("supplier") or one["problem"]["code"] for one in found]
    assert told == [
        "supplier-unknown",
        "Schilder Smit",
        "supplier-ambiguous",
        supplier.name,
        "reference-invalid",
        "Schilder Smit",
        "Schilder Smit",
        "Schilder Smit",
        "supplier-unknown",
    ]
    single = program.get(f"/eligibility/id-{other.id}").json
    assert found[1] == {"ref": "creditor-FS2", **(single or {})}
    candidates = found[2]["problem"]["facts"]["candidates"]
    assert {one["ref"] for one in candidates} == {f"id-{supplier.id}", f"id-{other.id}"}
    assert all(one["problem"]["detail"] for one in found if "problem" in one)


def test_a_number_that_somebody_has_now_goes_first(
    program: Program, supplier: RelationRow, other: RelationRow, session: Session
) -> None:
    supplier.kvk_number = "12345678"
    session.commit()
    [found] = items(program, "12345678")
    assert found["supplier"] == supplier.name


def test_on_a_day_and_as_known_at_an_instant(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    before = clock.moment().now
    later = clock.forward(days=7)
    supplier.enrolled_on = later.today
    reassess(session, later, [supplier.id])
    session.commit()
    ref = f"id-{supplier.id}"
    [now] = items(program, ref)
    [passed] = items(program, ref, on="2026-11-30")
    [known] = items(program, ref, on="2027-06-01", known_at=before.isoformat())
    [early] = items(program, ref, on="2026-11-23")
    assert (now["status"], passed["status"], known["status"]) == (
        "undecided",
        "out-of-scope",
        "out-of-scope",
    )
    assert early["problem"]["code"] == "not-yet-known"


def test_a_thousand_take_as_many_statements_as_three(
    program: Program, supplier: RelationRow, other: RelationRow, session: Session
) -> None:
    few = [supplier.kvk_number or "", f"id-{other.id}", "creditor-FS2"]
    with noting(session) as for_few:
        items(program, *few)
    many = [*few, *(f"{n:08}" for n in range(400)), *(f"id-{10_000 + n}" for n in range(300))]
    many += [f"creditor-X{n}" for n in range(1000 - len(many))]
    with noting(session) as for_many:
        assert len(items(program, *many)) == 1000
    assert len(for_many) == len(for_few) <= 7


def test_nothing_of_another_customer(
    program: Program, session: Session, clock: SettableClock
) -> None:
    row = stage.a_relation(session, stage.a_customer(session, "Ander"), kvk_number="17037842")
    session.add(CreditorNumberRow(relation_id=row.id, division="", number="FS1"))
    reassess(session, clock.moment(), [row.id])
    session.commit()
    found = items(program, "17037842", f"id-{row.id}", "creditor-FS1")
    assert [one["problem"]["code"] for one in found] == ["supplier-unknown"] * 3


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], (422, "body-invalid")),
        ({}, (422, "body-invalid")),
        ({"refs": []}, (422, "body-invalid")),
        ({"refs": "17037842"}, (422, "body-invalid")),
        ({"refs": [17037842]}, (422, "body-invalid")),
        ({"refs": ["id-1"] * 1001}, (422, "body-invalid")),
        ({"refs": ["id-1"], "mood": "bad"}, (422, "body-invalid")),
        ({"refs": ["id-1"], "on": 2026}, (422, "body-invalid")),
        ({"refs": ["id-1"], "on": "24-11-2026"}, (400, "parameter-invalid")),
        ({"refs": ["id-1"], "known_at": "2030-01-01T00:00:00Z"}, (400, "known-at-in-future")),
    ],
)
def test_a_question_that_cannot_be_understood(
    program: Program, body: object, told: tuple[int, str]
) -> None:
    answer = program.post(PATH, body)
    assert (answer.status_code, code(answer)) == told
