"""The whole list as CSV and NDJSON, and what changed since: the same as the pages of JSON tell."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.api.streams import COLUMNS
from onboarding.services.feed import eligibility_answers
from onboarding.services.statuses import reassess
from onboarding.store.tables import OrganisationRow, RelationRow
from tests import pathway_stage, stage
from tests.api.conftest import MakeProgram
from tests.api.program import API, Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock

CSV, NDJSON = {"Accept": "text/csv"}, {"Accept": "application/x-ndjson"}


@pytest.fixture
def program(program_of: MakeProgram, customer: OrganisationRow, clock: SettableClock) -> Program:
    """Its token outlives the weeks of `living`."""
    return program_of(customer, ends_at=clock.real_now() + timedelta(days=300))


@pytest.fixture
def living(session: Session, customer: OrganisationRow, clock: SettableClock) -> list[RelationRow]:
    """Suppliers with some weeks behind them, in which each changed at its own pace, or not."""
    rows = [
        stage.a_relation(session, customer, f"Leverancier {n}", kvk_number=f"{n:08}" if n else None)
        for n in range(7)
    ]
    rows[1].name = '=SUM(A1) "é", BV'
    ids = [row.id for row in rows]
    reassess(session, clock.moment(), ids)
    for week in range(1, 6):
        moment = clock.forward(days=6, hours=1)
        for n, row in enumerate(rows):
            if n and week % n == 0:
                row.enrolled_on = None if row.enrolled_on else moment.today
            if n == 5:
                row.ended_on = moment.today + timedelta(days=9)
        reassess(session, moment, ids)
        if week == 3:  # twice on one day: the last counts
            rows[2].ended_on = moment.today
            reassess(session, clock.forward(seconds=5), ids)
            rows[2].ended_on = None
            reassess(session, clock.forward(seconds=5), ids)
    session.commit()
    return rows


def pages(program: Program, **query: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, object] = {}
    while True:
        answer = program.get("/eligibility", limit=2, **query, **cursor)
        assert answer.status_code == 200 and answer.json is not None, answer.get_data(as_text=True)
        items += answer.json["items"]
        if answer.json["next_cursor"] is None:
            return items
        cursor = {"cursor": answer.json["next_cursor"]}


def lines(program: Program, language: str = "nl", **query: object) -> list[dict[str, Any]]:
    answer = program.get("/eligibility", headers={**NDJSON, "Accept-Language": language}, **query)
    assert answer.content_type == "application/x-ndjson; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def rows_of(program: Program, **query: object) -> list[dict[str, str]]:
    answer = program.get("/eligibility", headers=CSV, **query)
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


def test_each_line_is_an_item_of_the_list(
    program: Program, living: list[RelationRow], clock: SettableClock
) -> None:
    for later in (0, 3, 10):
        clock.forward(days=later)
        items = pages(program)
        assert len(items) == len(living)
        assert lines(program) == items
    assert len({one["since"] for one in items}) > 2
    assert {one["status"] for one in items} == {"out-of-scope", "undecided", "ineligible"}
    assert list(lines(program)[0]) == list(items[0])


def test_the_fields_of_csv(program: Program, living: list[RelationRow]) -> None:
    answer = program.get("/eligibility", headers=CSV)
    assert answer.data.split(b"\r\n")[0].decode() == ",".join(COLUMNS)
    found = rows_of(program)
    for row, item in zip(found, pages(program), strict=True):
        assert tuple(row) == tuple(item) == COLUMNS
        told = {**item, "reasons": [one["code"] for one in item["reasons"]], "eligible": None}
        for name in ("reasons", "warnings", "applies_to"):
            told[name] = " ".join(told[name])
        as_text = {name: "" if value is None else str(value) for name, value in told.items()}
        assert row["eligible"] == json.dumps(item["eligible"])
        assert {**row, "eligible": ""} == as_text
    assert found[1]["supplier"] == living[1].name  # no formula to a program, so nothing is changed


def test_days_to_come_and_reasons_with_facts(
    program_of: MakeProgram, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, clock.moment())
    session.commit()
    program = program_of(scene.customer)
    for days in (0, 15):
        clock.forward(days=days, seconds=1)
        assert lines(program) == pages(program)
        [row] = rows_of(program)
        assert row["reasons"] == ("milestone-overdue" if days else "on-track")
    english = lines(program, "en")[0]["reasons"][0]["text"]
    assert english != lines(program)[0]["reasons"][0]["text"]


def test_one_status(program: Program, living: list[RelationRow]) -> None:
    assert lines(program, status="undecided") == pages(program, status="undecided") != []
    assert rows_of(program, status="preferred") == []


def test_what_changed_since(
    program: Program, living: list[RelationRow], session: Session, clock: SettableClock
) -> None:
    instant = clock.moment().now
    moment = clock.forward(days=2)
    living[6].enrolled_on = moment.today
    living[4].ended_on = moment.today + timedelta(days=5)
    reassess(session, moment, [row.id for row in living])
    session.commit()

    def changed(since: object) -> list[str]:
        text = since.isoformat() if hasattr(since, "isoformat") else since
        items = pages(program, changed_since=text)
        assert lines(program, changed_since=text) == items
        return [item["supplier"][-1] for item in items]

    assert changed(instant) == ["4", "6"]
    assert changed(moment.today) == ["4", "6"]
    assert changed(moment.now) == []
    then = clock.forward(days=4).now
    assert changed(then) == []
    clock.forward(days=1)
    assert changed(then) == ["4"]  # nothing was recorded: its day came
    assert changed(clock.moment().today) == ["4"]
    assert changed("2026-11-24") == ["0", "V", "2", "3", "4", "5", "6"]


def test_a_cursor_pins_what_changed(
    program: Program, living: list[RelationRow], session: Session, clock: SettableClock
) -> None:
    first = program.get("/eligibility", limit=1, changed_since="2026-11-24").json
    assert first is not None
    cursor = first["next_cursor"]
    again = program.get("/eligibility", cursor=cursor, changed_since="2026-11-24")
    assert again.status_code == 200
    other = program.get("/eligibility", cursor=cursor, changed_since="2026-11-25")
    assert (other.status_code, code(other)) == (400, "parameter-invalid")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"changed_since": "soon"}, "not-an-instant"),
        ({"changed_since": "2026-02-30"}, "not-a-day"),
        ({"changed_since": "2099-01-01"}, "in-future"),
        ({"changed_since": "0001-01-01"}, None),
    ],
)
def test_a_day_that_cannot_be(program: Program, query: dict[str, str], reason: str | None) -> None:
    answer = program.get("/eligibility", **query)
    assert answer.json is not None
    assert answer.json.get("facts", {}).get("reason") == reason
    future = program.get("/eligibility", changed_since="2099-01-01T00:00:00Z")
    assert code(future) == "known-at-in-future"


def test_other_forms_are_refused(program: Program) -> None:
    for accept in ("text/html", "application/pdf", "text/csv;q=0"):
        answer = program.get("/eligibility", headers={"Accept": accept})
        assert (answer.status_code, code(answer)) == (406, "not-acceptable")
        assert answer.json is not None and "text/csv" in answer.json["facts"]["offered"]
    for accept in ("*/*", "application/json, text/csv;q=0.5", "text/csv;q=0.5, */*"):
        answer = program.get("/eligibility", headers={"Accept": accept})
        assert answer.content_type == "application/json"
    for name in ("cursor", "limit"):
        answer = program.get("/eligibility", headers=CSV, **{name: "1"})
        assert answer.json is not None and answer.json["facts"]["reason"] == "only-in-json"


def test_pages_are_short_transactions_and_the_first_byte_comes_at_once(
    app: Flask,
    program: Program,
    living: list[RelationRow],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(eligibility_answers, "FIRST_PAGE", 2)
    monkeypatch.setattr(eligibility_answers, "PAGE", 3)
    headers = {"Authorization": f"Bearer {program.token}", **CSV}
    with noting(session) as seen:
        answer = app.test_client().get(API + "/eligibility", headers=headers, buffered=False)
        chunks = iter(answer.response)
        assert next(chunks).startswith(b"kvk_number,")
        assert len(seen) == 1  # the token
        sizes = [chunk.count(b"\r\n") for chunk in chunks]
    assert sizes == [2, 3, 2]
    assert len(seen) == 1 + 3
    assert lines(program) == pages(program)


def test_nothing_of_another_customer(
    program_of: MakeProgram, living: list[RelationRow], session: Session
) -> None:
    stranger = program_of(stage.a_customer(session, "Ander"))
    assert lines(stranger) == rows_of(stranger) == []


def test_who_may_not_ask_gets_no_stream(client: Any) -> None:
    answer = client.get(API + "/eligibility", headers=CSV)
    assert (answer.status_code, code(answer)) == (401, "token-invalid")
