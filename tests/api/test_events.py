"""The change feed as programs read it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.jobs import runs
from onboarding.services.statuses import reassess
from onboarding.store.tables import RelationRow
from tests import stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock


@pytest.fixture
def changed(
    app: Flask, session: Session, supplier: RelationRow, clock: SettableClock
) -> RelationRow:
    """New, then enrolled, then ended."""
    supplier.enrolled_on = clock.moment().today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    supplier.ended_on = clock.moment().today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    runs.announce(app)
    return supplier


def events(program: Program, **query: object) -> tuple[list[dict[str, Any]], str | None]:
    answer = program.get("/events", **query)
    assert answer.status_code == 200 and answer.json is not None, answer.get_data(as_text=True)
    return answer.json["items"], answer.json["next_cursor"]


def test_an_event_has_codes_and_names_the_supplier(program: Program, changed: RelationRow) -> None:
    found, cursor = events(program)
    assert cursor is None
    assert [(one["from_status"], one["to_status"]) for one in found] == [
        (None, "out-of-scope"),
        ("out-of-scope", "undecided"),
        ("undecided", "ineligible"),
    ]
    assert found[2] == {
        "id": "000000000003",
        "type": "eligibility.changed",
        "occurred_at": "2026-11-24T09:00:02Z",
        "ref": f"id-{changed.id}",
        "kvk_number": changed.kvk_number,
        "supplier": changed.name,
        "from_status": "undecided",
        "to_status": "ineligible",
        "action": "block",
        "applies_to": ["new-orders"],
        "starts_on": "2026-11-24",
        "reasons": [{"code": "relation-ended", "facts": {"ended_on": "2026-11-24"}}],
    }


def test_after_the_last_one_read(program: Program, changed: RelationRow) -> None:
    first, cursor = events(program, limit=2)
    assert cursor == first[-1]["id"]
    second, end = events(program, limit=2, after=cursor)
    assert [one["id"] for one in (*first, *second)] == [f"{n:012}" for n in (1, 2, 3)]
    assert end is None
    assert events(program, after=second[-1]["id"]) == ([], None)
    assert events(program, after="9" * 12) == ([], None)


def test_what_stands_in_no_feed_yet_is_not_told(program: Program, supplier: RelationRow) -> None:
    assert events(program) == ([], None)


def test_two_statements_answer(program: Program, changed: RelationRow, session: Session) -> None:
    with noting(session) as seen:
        events(program)
    assert [statement.split()[0] for statement in seen] == ["SELECT"] * 2


def test_the_tag_tells_whether_there_is_more(program: Program, changed: RelationRow) -> None:
    tag = program.get("/events").headers["ETag"]
    assert program.get("/events", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"after": "3"}, "not-an-event"),
        ({"after": "x"}, "not-an-event"),
        ({"limit": "0"}, "out-of-range"),
        ({"cursor": "1"}, "unknown"),
    ],
)
def test_a_parameter_that_cannot_be_used(
    program: Program, query: dict[str, str], reason: str
) -> None:
    answer = program.get("/events", **query)
    assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    assert answer.json is not None and answer.json["facts"]["reason"] == reason


def test_nothing_of_another_customer(
    program_of: MakeProgram, changed: RelationRow, session: Session
) -> None:
    assert events(program_of(stage.a_customer(session, "Ander"))) == ([], None)
