"""Every answer about today that a grant decided is counted with it, and written down later."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from onboarding.api.told_grants import TOLD, Told
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.people import Role
from onboarding.services.decisions import take_decision
from onboarding.services.statuses import reassess
from onboarding.store.tables import DecisionRow, OrganisationRow, RelationRow
from tests import stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program
from tests.settable_clock import SettableClock

DAY = timedelta(days=1)


@pytest.fixture
def program(program_of: MakeProgram, customer: OrganisationRow) -> Program:
    return program_of(customer)


@pytest.fixture
def granted(
    session: Session, customer: OrganisationRow, supplier: RelationRow, clock: SettableClock
) -> DecisionRow:
    """A grant of the supplier; another supplier is out of scope."""
    other = stage.a_relation(session, customer, "Zonder")
    moment = clock.moment()
    reassess(session, moment, [supplier.id, other.id])
    decision_id = take_decision(
        session,
        stage.user_actor(session, customer, Role.MANAGER),
        moment,
        supplier.id,
        DecisionKind.GRANT,
        reason="Brug",
        starts_on=moment.today,
        ends_on=moment.today + 20 * DAY,
    )
    session.commit()
    clock.forward(minutes=5)
    return session.get_one(DecisionRow, decision_id)


@pytest.fixture
def told(app: Flask) -> Told:
    found: Told = app.extensions[TOLD]
    found.gathered.clear()
    return found


ASKED: dict[str, Any] = {
    "single": lambda p, ref: p.get(f"/eligibility/{ref}"),
    "lookup": lambda p, ref: p.post("/eligibility/lookup", {"refs": [ref]}),
    "list": lambda p, ref: p.get("/eligibility"),
    "timeline": lambda p, ref: p.get(f"/eligibility/{ref}/timeline"),
    "csv": lambda p, ref: p.get("/eligibility", {"Accept": "text/csv"}).data,
    "ndjson": lambda p, ref: p.get("/eligibility", {"Accept": "application/x-ndjson"}).data,
}


@pytest.mark.parametrize("how", ASKED)
def test_each_answer_is_counted_once(
    program: Program, granted: DecisionRow, told: Told, session: Session, how: str
) -> None:
    for _ in range(3):
        ASKED[how](program, f"id-{granted.relation_id}")
    assert told.gathered == {granted.id: 3}
    times = select(DecisionRow.times_told)
    assert session.scalars(times).one() == 0
    session.rollback()
    told.flush()
    told.flush()
    assert session.scalars(times).one() == 3
    assert told.gathered == {}


@pytest.mark.parametrize("on", [-1, 1, 21])
def test_answers_about_other_days_are_not(
    program: Program, granted: DecisionRow, told: Told, clock: SettableClock, on: int
) -> None:
    day = (clock.moment().today + on * DAY).isoformat()
    clock.forward(hours=1)
    ref = f"id-{granted.relation_id}"
    program.get(f"/eligibility/{ref}", on=day)
    program.post("/eligibility/lookup", {"refs": [ref], "on": day})
    assert told.gathered == {}


def test_what_was_known_at_an_instant_is_not(
    program: Program, granted: DecisionRow, told: Told, clock: SettableClock
) -> None:
    known_at = clock.moment().now.isoformat().replace("+00:00", "Z")
    clock.forward(hours=1)
    ref = f"id-{granted.relation_id}"
    assert program.get(f"/eligibility/{ref}", known_at=known_at).status_code == 200
    program.get(f"/eligibility/{ref}/timeline", known_at=known_at)
    program.post("/eligibility/lookup", {"refs": [ref], "known_at": known_at})
    assert told.gathered == {}


def test_after_its_last_day_nothing_is_counted(
    program: Program, granted: DecisionRow, told: Told, clock: SettableClock
) -> None:
    clock.forward(days=21)
    program.get(f"/eligibility/id-{granted.relation_id}")
    program.get("/eligibility")
    assert told.gathered == {}


def test_what_cannot_be_written_is_kept_and_added_up(
    granted: DecisionRow, told: Told, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Told, session: Session, due: Any) -> None:
        self.note({granted.id: 1})
        raise OperationalError("busy", {}, Exception())

    told.note({granted.id: 4})
    session.rollback()
    with monkeypatch.context() as patched:
        patched.setattr(Told, "write", fails)
        told.flush()
    assert told.gathered == {granted.id: 5}
    told.flush()
    assert session.scalars(select(DecisionRow.times_told)).one() == 5
