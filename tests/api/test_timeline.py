"""What the status was, is and will be: without gap, and with passed days as they were told."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding.services.statuses import reassess
from onboarding.store.tables import RelationRow
from tests import pathway_stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock

DAY = timedelta(days=1)


def timeline(program: Program, relation: RelationRow, **query: object) -> dict[str, Any]:
    answer = program.get(f"/eligibility/id-{relation.id}/timeline", **query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return answer.json


def test_it_has_no_gap_and_tells_what_the_single_answer_tells(
    program_of: MakeProgram, session: Session, clock: SettableClock
) -> None:
    moment = clock.moment()
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    clock.forward(days=20)
    reassess(session, clock.moment(), [scene.relation.id])
    session.commit()
    program = program_of(scene.customer)
    told = timeline(program, scene.relation)
    assert (told["supplier"], told["as_of"]) == (scene.relation.name, "2026-12-14")
    periods = told["periods"]
    assert [one["status"] for one in periods][:2] == ["conditional", "at-risk"]
    for one, following in zip(periods, [*periods[1:], None], strict=True):
        if following is None:
            assert one["until"] is None
        else:
            after = date.fromisoformat(one["until"]) + DAY
            assert following["since"] == after.isoformat()
        single = program.get(f"/eligibility/id-{scene.relation.id}", on=one["since"]).json
        assert single is not None
        shared = one.keys() & single.keys() - {"since", "until"}
        assert {name: one[name] for name in shared} == {name: single[name] for name in shared}


def test_passed_days_never_change(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    before = clock.moment().now
    later = clock.forward(days=7)
    supplier.enrolled_on = later.today
    reassess(session, later, [supplier.id])
    session.commit()

    def told(**query: object) -> list[tuple[str, str, str | None]]:
        periods = timeline(program, supplier, **query)["periods"]
        return [(one["status"], one["since"], one["until"]) for one in periods]

    passed = ("out-of-scope", "2026-11-24", "2026-11-30")
    assert told()[0] == passed
    assert told()[1][:2] == ("undecided", "2026-12-01")
    assert told(known_at=before.isoformat()) == [("out-of-scope", "2026-11-24", None)]


def test_assessments_with_one_verdict_are_one_period(
    program: Program, supplier: RelationRow, session: Session, clock: SettableClock
) -> None:
    later = clock.forward(days=5)
    supplier.ended_on = later.today + timedelta(days=10)  # what is told of today does not change
    reassess(session, later, [supplier.id])
    session.commit()
    told = timeline(program, supplier)["periods"]
    assert [(one["status"], one["since"], one["until"]) for one in told] == [
        ("out-of-scope", "2026-11-24", "2026-12-08"),
        ("ineligible", "2026-12-09", None),
    ]


def test_one_statement_answers(program: Program, supplier: RelationRow, session: Session) -> None:
    with noting(session) as seen:
        timeline(program, supplier)
    assert len(seen) == 1


def test_the_tag_tells_whether_anything_changed(
    program: Program, supplier: RelationRow, clock: SettableClock
) -> None:
    path = f"/eligibility/id-{supplier.id}/timeline"
    tag = program.get(path).headers["ETag"]
    clock.forward(days=1)
    assert program.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("ref", "query", "told"),
    [
        ("99999999", {}, (404, "supplier-unknown")),
        ("x", {}, (400, "reference-invalid")),
        ("{own}", {"on": "2026-11-24"}, (400, "parameter-invalid")),
        ("{own}", {"known_at": "2026-11-23T00:00:00Z"}, (404, "not-yet-known")),
        ("{own}", {"known_at": "2026-11-25T00:00:00Z"}, (400, "known-at-in-future")),
    ],
)
def test_what_has_no_answer(
    program: Program, supplier: RelationRow, ref: str, query: dict[str, str], told: tuple[int, str]
) -> None:
    named = ref.format(own=f"id-{supplier.id}")
    answer = program.get(f"/eligibility/{named}/timeline", **query)
    assert (answer.status_code, code(answer)) == told
