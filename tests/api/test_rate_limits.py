"""How often a program may ask: told with every answer, and refused until the next minute."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.store.tables import OrganisationRow, RelationRow
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock


@pytest.fixture
def three_a_minute(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "API_PER_MINUTE", 3)


def test_what_is_left_is_told(
    program: Program, supplier: RelationRow, three_a_minute: None, clock: SettableClock
) -> None:
    path = f"/eligibility/id-{supplier.id}"
    clock.forward(seconds=20)
    answers = [program.get(each) for each in (path, "/eligibility", "/eligibility/99999999")]
    assert [one.status_code for one in answers] == [200, 200, 404]
    told = [one.headers["RateLimit"] for one in answers]
    assert told == [f'"minute";r={left};t=40' for left in (2, 1, 0)]
    assert {one.headers["RateLimit-Policy"] for one in answers} == {'"minute";q=3;w=60'}


def test_one_too_many_waits_for_the_next_minute(
    program: Program,
    program_of: MakeProgram,
    customer: OrganisationRow,
    three_a_minute: None,
    clock: SettableClock,
    session: Session,
) -> None:
    for _ in range(3):
        assert program.get("/eligibility").status_code == 200
    clock.forward(seconds=15)
    with noting(session) as seen:
        late = program.get("/eligibility")
    assert (late.status_code, code(late)) == (429, "too-many-requests")
    assert late.headers["Retry-After"] == "45"
    assert late.headers["RateLimit"] == '"minute";r=0;t=45'
    assert late.json is not None and late.json["facts"] == {"most": 3, "seconds": 45}
    assert len(seen) == 1  # its token; nothing else is looked up
    assert program_of(customer).get("/eligibility").status_code == 200  # each token has its own
    clock.forward(seconds=45)
    assert program.get("/eligibility").status_code == 200


def test_without_a_limit_nothing_is_told(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "API_PER_MINUTE", 0)
    assert "RateLimit" not in program.get("/eligibility").headers
