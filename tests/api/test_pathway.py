"""The pathway of a supplier for programs: what was agreed, its days, and whose turn it is."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from onboarding.store.tables import RelationRow
from tests import pathway_stage
from tests.api.conftest import MakeProgram
from tests.api.program import Program, code
from tests.settable_clock import SettableClock


def pathway(program: Program, relation: RelationRow) -> dict[str, Any]:
    answer = program.get(f"/suppliers/id-{relation.id}/pathway")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return answer.json


def test_what_was_agreed(program_of: MakeProgram, session: Session, clock: SettableClock) -> None:
    moment = clock.moment()
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    program = program_of(scene.customer)
    told = pathway(program, scene.relation)
    assert (told["ref"], told["supplier"]) == (f"id-{scene.relation.id}", scene.relation.name)
    assert (told["state"], told["version"], told["target"]) == ("agreed", 1, "trede-1")
    assert told["agreed_on"] == moment.today.isoformat()
    first = told["milestones"][0]
    due_on = (moment.today + timedelta(days=14)).isoformat()
    assert (first["milestone"], first["owner"], first["state"]) == ("plan", "supplier", "planned")
    assert first["due_on"] == first["first_due_on"] == first["deadline_on"] == due_on
    assert (first["is_reviewed"], first["is_overdue"]) == (True, False)
    turn = told["turn"]
    assert (turn["side"], turn["step"], turn["milestone"]) == ("supplier", "milestone", "plan")
    assert {one["owner"] for one in told["milestones"]} == {"supplier", "outside", "buyer"}


def test_the_tag_changes_with_the_pathway(
    program_of: MakeProgram, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, clock.moment())
    session.commit()
    program = program_of(scene.customer)
    path = f"/suppliers/id-{scene.relation.id}/pathway"
    tag = program.get(path).headers["ETag"]
    assert tag.startswith('"')
    assert program.get(path, headers={"If-None-Match": tag}).status_code == 304
    clock.forward(days=15)  # the first step is past its day
    later = program.get(path, headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert later.json is not None and later.json["milestones"][0]["is_overdue"]


def test_a_proposal_lies_on_the_table(
    program_of: MakeProgram, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    pathway_stage.proposed(session, scene, clock.moment())
    session.commit()
    told = pathway(program_of(scene.customer), scene.relation)
    assert (told["state"], told["version"]) == ("proposed", None)
    assert all(one["id"] is None for one in told["milestones"])
    assert told["turn"]["step"] == "answer-proposal"


def test_a_supplier_without_one(program: Program, supplier: RelationRow) -> None:
    answer = program.get(f"/suppliers/{supplier.kvk_number}/pathway")
    assert (answer.status_code, code(answer)) == (404, "pathway-unknown")
    assert answer.json is not None
    assert answer.json["facts"] == {"ref": supplier.kvk_number}


def test_another_customers_is_not_there(
    program: Program, session: Session, clock: SettableClock
) -> None:
    scene = pathway_stage.a_scene(session)
    pathway_stage.agreed(session, scene, clock.moment())
    session.commit()
    answer = program.get(f"/suppliers/id-{scene.relation.id}/pathway")
    assert (answer.status_code, code(answer)) == (404, "supplier-unknown")
