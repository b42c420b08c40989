"""All suppliers of a customer in pages that show one day, as known at one instant."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.statuses import reassess
from onboarding.store.tables import OrganisationRow, RelationRow
from tests import stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.settable_clock import SettableClock


@pytest.fixture
def suppliers(session: Session, customer: OrganisationRow, moment: Moment) -> list[RelationRow]:
    """Five: the second and the fourth are enrolled, so undecided."""
    rows = [
        stage.a_relation(
            session,
            customer,
            f"Leverancier {number}",
            enrolled_on=moment.today if number in (2, 4) else None,
        )
        for number in range(1, 6)
    ]
    reassess(session, moment, [row.id for row in rows])
    session.commit()
    return rows


def names(program: Program, **query: object) -> tuple[list[str], str | None]:
    answer = program.get("/eligibility", **query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    assert answer.json.keys() == {"items", "next_cursor"}
    return [item["supplier"][-1] for item in answer.json["items"]], answer.json["next_cursor"]


def test_items_have_the_fields_of_the_single_answer(
    program: Program, suppliers: list[RelationRow]
) -> None:
    answer = program.get("/eligibility")
    assert answer.json is not None
    for row, item in zip(suppliers, answer.json["items"], strict=True):
        assert item == program.get(f"/eligibility/id-{row.id}").json


def test_pages_follow_each_other(program: Program, suppliers: list[RelationRow]) -> None:
    first, cursor = names(program, limit=2)
    second, following = names(program, limit=2, cursor=cursor)
    third, end = names(program, limit=2, cursor=following)
    assert (first, second, third, end) == (["1", "2"], ["3", "4"], ["5"], None)


def test_a_full_last_page_has_no_next(program: Program, suppliers: list[RelationRow]) -> None:
    assert names(program, limit=5) == (["1", "2", "3", "4", "5"], None)


def test_one_status(program: Program, suppliers: list[RelationRow]) -> None:
    assert names(program, status="undecided") == (["2", "4"], None)
    assert names(program, status="preferred") == ([], None)
    _, cursor = names(program, status="undecided", limit=1)
    assert names(program, limit=1, cursor=cursor) == (["4"], None)


def test_a_cursor_pins_what_was_known(
    program: Program, suppliers: list[RelationRow], session: Session, clock: SettableClock
) -> None:
    """What changes and who comes while a program reads pages shows when it begins anew."""
    _, cursor = names(program, status="undecided", limit=1)
    later = clock.forward(days=1)
    suppliers[3].enrolled_on = None
    suppliers[4].enrolled_on = later.today
    reassess(session, later, [row.id for row in suppliers])
    session.commit()
    answer = program.get("/eligibility", cursor=cursor, limit=1)
    assert answer.json is not None
    [item] = answer.json["items"]
    assert item["supplier"] == "Leverancier 4"
    assert (item["as_of"], item["known_at"]) == ("2026-11-24", "2026-11-24T09:00:00Z")
    assert names(program, status="undecided") == (["2", "5"], None)


def test_what_is_not_known_yet_is_left_out(
    program: Program, suppliers: list[RelationRow], session: Session, customer: OrganisationRow
) -> None:
    stage.a_relation(session, customer, "Leverancier 6")  # without an assessment
    session.commit()
    assert len(names(program)[0]) == 5


def test_a_cursor_cannot_be_made_or_passed_on(
    program: Program,
    program_of: MakeProgram,
    suppliers: list[RelationRow],
    session: Session,
) -> None:
    _, cursor = names(program, limit=1)
    assert cursor is not None
    elsewhere = program_of(stage.a_customer(session, "Ander"))
    changed = cursor[:5] + ("A" if cursor[5] != "A" else "B") + cursor[6:]
    for who, given in ((elsewhere, cursor), (program, changed), (program, "x"), (program, "")):
        answer = who.get("/eligibility", cursor=given)
        assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    other = program.get("/eligibility", cursor=cursor, status="preferred")
    assert (other.status_code, other.json["facts"]["reason"]) == (400, "of-another-list")  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "parameter", "reason"),
    [
        ({"limit": "0"}, "limit", "out-of-range"),
        ({"limit": "1001"}, "limit", "out-of-range"),
        ({"limit": "ten"}, "limit", "out-of-range"),
        ({"status": "geschikt"}, "status", "unknown-value"),
        ({"page": "2"}, "page", "unknown"),
        ({"status": ["undecided", "preferred"]}, "status", "given-twice"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(
    program: Program, query: dict[str, object], parameter: str, reason: str
) -> None:
    answer = program.get("/eligibility", **query)
    assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    assert answer.json is not None
    assert answer.json["facts"]["parameter"] == parameter
    assert answer.json["facts"]["reason"] == reason
    assert parameter in answer.json["detail"]


def test_the_tag_tells_whether_anything_changed(
    program: Program, suppliers: list[RelationRow], session: Session, clock: SettableClock
) -> None:
    tag = program.get("/eligibility").headers["ETag"]
    clock.forward(days=1)
    same = program.get("/eligibility", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    suppliers[0].enrolled_on = clock.moment().today - timedelta(days=1)
    reassess(session, clock.moment(), [suppliers[0].id])
    session.commit()
    other = program.get("/eligibility", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


def test_nothing_of_another_customer(
    program_of: MakeProgram, suppliers: list[RelationRow], session: Session, moment: Moment
) -> None:
    other = stage.a_customer(session, "Ander")
    own = stage.a_relation(session, other, "Schilder 7")
    reassess(session, moment, [own.id])
    session.commit()
    assert names(program_of(other)) == (["7"], None)
