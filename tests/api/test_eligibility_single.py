"""One supplier's buying status: field for field, on a day, as known at an instant."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.services.statuses import reassess
from onboarding.store.tables import CreditorNumberRow, OrganisationRow, RelationRow
from tests import pathway_stage, stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.settable_clock import SettableClock


def test_the_answer_has_the_fields_of_the_contract(program: Program, supplier: RelationRow) -> None:
    answer = program.get(f"/eligibility/{supplier.kvk_number}")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.json == {
        "kvk_number": supplier.kvk_number,
        "supplier": supplier.name,
        "status": "out-of-scope",
        "eligible": True,
        "action": "allow",
        "applies_to": ["new-orders"],
        "reasons": [
            {
                "code": "not-in-programme",
                "text": "Doet niet mee: wij vragen deze leverancier niets.",
                "facts": {},
            }
        ],
        "warnings": [],
        "since": "2026-11-24",
        "until": None,
        "then": None,
        "policy_version": 1,
        "as_of": "2026-11-24",
        "known_at": "2026-11-24T09:00:00Z",
    }
    assert list(answer.json) == [
        "kvk_number", "supplier", "status", "eligible", "action", "applies_to", "reasons",
        "warnings", "since", "until", "then", "policy_version", "as_of", "known_at",
    ]  # fmt: skip


def test_a_step_past_its_date(
    program_of: MakeProgram, session: Session, clock: SettableClock
) -> None:
    """On schedule until the day of the plan; then running behind, until somebody decides."""
    moment = clock.moment()
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    program = program_of(scene.customer)
    due_on = moment.today + timedelta(days=14)
    now = program.get(f"/eligibility/id-{scene.relation.id}").json
    assert now is not None
    assert (now["status"], now["action"], now["then"]) == ("conditional", "allow", "at-risk")
    assert now["until"] == due_on.isoformat()
    [reason] = now["reasons"]
    assert reason["code"] == "on-track"
    assert reason["facts"].keys() == {"target", "last_day"}

    day = due_on + timedelta(days=1)
    then = program.get(f"/eligibility/id-{scene.relation.id}", on=day).json
    assert then is not None
    assert (then["status"], then["action"], then["eligible"]) == ("at-risk", "warn", True)
    assert (then["since"], then["as_of"]) == (day.isoformat(), day.isoformat())
    [reason] = then["reasons"]
    assert reason["code"] == "milestone-overdue"
    assert reason["facts"].keys() == {"milestone", "due_on", "notice_planned_on"}
    assert reason["facts"]["milestone"] == "plan"
    assert reason["facts"]["due_on"] == due_on.isoformat()


def test_block_is_the_only_thing_that_is_not_eligible(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    supplier.ended_on = clock.moment().today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    told = program.get(f"/eligibility/id-{supplier.id}").json
    assert told is not None
    assert (told["status"], told["eligible"], told["action"]) == ("ineligible", False, "block")
    assert told["applies_to"] == ["new-orders"]


def test_what_was_known_then(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    before = clock.moment().now
    later = clock.forward(days=7)
    supplier.enrolled_on = later.today
    reassess(session, later, [supplier.id])
    session.commit()
    path = f"/eligibility/id-{supplier.id}"

    def status(**query: object) -> str:
        told = program.get(path, **query).json
        assert told is not None
        return str(told["status"])

    assert status() == "undecided"
    assert status(on="2026-11-30") == "out-of-scope"  # passed days never change
    assert status(on="2027-06-01") == "undecided"
    assert status(on="2027-06-01", known_at=before.isoformat()) == "out-of-scope"
    assert status(known_at="2026-11-30T00:00:00+01:00") == "out-of-scope"
    told = program.get(path, known_at=before.isoformat()).json
    assert told is not None and told["known_at"] == "2026-11-24T09:00:00Z"


def test_a_day_that_passed_tells_what_followed(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    """Nobody knew on that day that it would be followed by another status."""
    start, enrolled = clock.moment(), clock.forward(days=7)
    supplier.enrolled_on = enrolled.today
    reassess(session, enrolled, [supplier.id])
    session.commit()
    ended = clock.forward(days=7)
    supplier.ended_on = ended.today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    ref = f"id-{supplier.id}"

    def told(on: object, **query: object) -> tuple[object, ...]:
        single = program.get(f"/eligibility/{ref}", on=on, **query).json
        many = program.post("/eligibility/lookup", {"refs": [ref], "on": str(on), **query}).json
        assert single is not None and many is not None
        [item] = many["items"]
        assert item == {"ref": ref, **single}
        return tuple(single[name] for name in ("status", "since", "until", "then"))

    day, first, second, third = timedelta(days=1), start.today, enrolled.today, ended.today
    until = (second - day).isoformat()
    assert told(first) == ("out-of-scope", first.isoformat(), until, "undecided")
    until = (third - day).isoformat()
    assert told(second) == ("undecided", second.isoformat(), until, "ineligible")
    assert told(third) == ("ineligible", third.isoformat(), None, None)
    then = {"known_at": enrolled.now.isoformat()}
    assert told(second, **then) == ("undecided", second.isoformat(), None, None)
    assert told(third, **then) == ("undecided", second.isoformat(), None, None)


def test_before_anything_was_known(program: Program, supplier: RelationRow) -> None:
    path = f"/eligibility/id-{supplier.id}"
    for query in ({"on": "2026-11-23"}, {"known_at": "2026-11-24T08:59:59Z"}):
        answer = program.get(path, **query)
        assert (answer.status_code, code(answer)) == (404, "not-yet-known")


def test_an_instant_in_the_future(program: Program, supplier: RelationRow) -> None:
    answer = program.get(f"/eligibility/id-{supplier.id}", known_at="2026-11-24T09:00:01Z")
    assert (answer.status_code, code(answer)) == (400, "known-at-in-future")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"on": "20261124"}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": "today"}, "on"),
        ({"on": "٢٠٢٦-١١-٢٤"}, "on"),
        ({"known_at": "2026-11-24"}, "known_at"),
        ({"known_at": "2026-11-24T09:00:00"}, "known_at"),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, "known_at"),
        ({"at": "2026-11-24"}, "at"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(
    program: Program, supplier: RelationRow, query: dict[str, str], parameter: str
) -> None:
    answer = program.get(f"/eligibility/id-{supplier.id}", **query)
    assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    assert answer.json is not None and answer.json["facts"]["parameter"] == parameter


@pytest.mark.parametrize("ref", ["2076358", "id-0", "id-99999999999", "fs-1", "creditor-a b"])
def test_what_names_no_supplier(program: Program, ref: str) -> None:
    answer = program.get(f"/eligibility/{ref}")
    assert (answer.status_code, code(answer)) == (400, "reference-invalid")


@pytest.mark.parametrize("ref", ["99999999", "id-999999999", "creditor-FS99"])
def test_who_is_not_there(program: Program, ref: str) -> None:
    answer = program.get(f"/eligibility/{ref}")
    assert (answer.status_code, code(answer)) == (404, "supplier-unknown")
    assert answer.json is not None and answer.json["facts"] == {"ref": ref}


def test_another_customers_supplier_is_not_there(
    program_of: MakeProgram, supplier: RelationRow, session: Session
) -> None:
    session.add(CreditorNumberRow(relation_id=supplier.id, division="", number="FS1"))
    session.commit()
    stranger = program_of(stage.a_customer(session, "Ander"))
    for ref in (supplier.kvk_number, f"id-{supplier.id}", "creditor-FS1"):
        for path in (f"/eligibility/{ref}", f"/suppliers/{ref}"):
            answer = stranger.get(path)
            assert (answer.status_code, code(answer)) == (404, "supplier-unknown")


def test_a_supplier_without_a_number(
    program: Program, customer: OrganisationRow, session: Session, clock: SettableClock
) -> None:
    row = stage.a_relation(session, customer, "Zwolsche Hof GmbH", kvk_number=None)
    reassess(session, clock.moment(), [row.id])
    session.commit()
    told = program.get(f"/eligibility/id-{row.id}").json
    assert told is not None and told["kvk_number"] is None


def test_the_reader_chooses_the_language(program: Program, supplier: RelationRow) -> None:
    path = f"/eligibility/id-{supplier.id}"

    def text(language: str) -> str:
        answer = program.get(path, headers={"Accept-Language": language})
        assert answer.json is not None
        assert "Accept-Language" in answer.headers["Vary"]
        return str(answer.json["reasons"][0]["text"])

    assert text("en-GB, nl;q=0.5").startswith("Not in the programme")
    assert text("nl").startswith("Doet niet mee")
    assert text("de").startswith("Doet niet mee")


def test_the_tag_is_of_what_is_told(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    path = f"/eligibility/id-{supplier.id}"
    first = program.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert "private" in first.headers["Cache-Control"]
    clock.forward(days=3)
    same = program.get(path, headers={"If-None-Match": tag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    english = {"If-None-Match": tag, "Accept-Language": "en"}
    assert program.get(path, headers=english).status_code == 200
    supplier.enrolled_on = clock.moment().today
    reassess(session, clock.moment(), [supplier.id])
    session.commit()
    assert program.get(path, headers={"If-None-Match": tag}).status_code == 200
