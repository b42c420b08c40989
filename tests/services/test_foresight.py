"""What is expected of a supplier: beside what is recorded, calculated when asked, never stored."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.services.foresight import Foresight, foresee
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.notices import hold_notice
from onboarding.services.supplier_reading import read_supplier
from onboarding.store.tables import AssessmentRow, NoticeRow
from tests import pathway_stage, stage
from tests.pathway_stage import Scene
from tests.settable_clock import SettableClock

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


def foreseen(session: Session, scene: Scene, moment: Moment) -> Foresight:
    coming = read_supplier(session, scene.buyer, moment, scene.relation.id).coming
    return foresee(session, scene.buyer, moment, scene.relation.id, coming)


def test_the_first_missed_step_leads_to_a_decision_and_nothing_is_written(
    session: Session, moment: Moment, scene: Scene
) -> None:
    pathway_stage.agreed(session, scene, moment)
    stored = session.scalar(select(func.count(AssessmentRow.id)))
    seen = foreseen(session, scene, moment)
    [notice] = seen.notices
    assert notice.milestone == "plan"
    [change] = seen.changes
    assert change.starts_on == notice.cure_ends_on + DAY
    assert [reason.code for reason in change.after.reasons] == ["decision-needed"]
    assert not session.dirty and not session.new
    assert session.scalar(select(func.count(AssessmentRow.id))) == stored


def test_a_cure_period_runs_past_the_closure_of_the_supplier(
    session: Session, moment: Moment, scene: Scene
) -> None:
    pathway_stage.agreed(session, scene, moment)
    [before] = foreseen(session, scene, moment).notices
    first = before.handed_over_on + DAY
    stage.a_closure(session, scene.relation, first, first + 6 * DAY)
    [after] = foreseen(session, scene, moment).notices
    assert after.cure_ends_on > before.cure_ends_on


def test_what_a_buyer_holds_leads_to_nothing(
    session: Session, moment: Moment, scene: Scene, clock: SettableClock
) -> None:
    pathway_stage.agreed(session, scene, moment)
    late = clock.forward(days=23)
    prepare_due_notices(session, late, scene.customer.id)
    notice = session.scalars(select(NoticeRow)).one()
    assert foreseen(session, scene, late).notices[0].handed_over_on == notice.planned_on
    hold_notice(session, scene.buyer, late, notice.id, reason="Ik bel eerst.")
    held = foreseen(session, scene, late)
    assert "plan" not in {one.milestone for one in held.notices}


def test_one_without_a_pathway_has_nothing_to_expect(
    session: Session, moment: Moment, scene: Scene
) -> None:
    assert foreseen(session, scene, moment).changes == ()


def test_another_customer_sees_nothing(session: Session, moment: Moment, scene: Scene) -> None:
    other = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    with pytest.raises(NotFound):
        foresee(session, other, moment, scene.relation.id, ())


def test_many_steps_take_as_many_statements_as_one(
    session: Session, moment: Moment, scene: Scene
) -> None:
    counts = []
    for many in (1, 12):
        steps = [
            Step(title=f"Stap {n}", due_on=moment.today + timedelta(14 + n)) for n in range(many)
        ]
        one = pathway_stage.a_scene(session)
        pathway_stage.agreed(session, one, moment, *steps)
        session.flush()
        session.expire_all()
        statements: list[str] = []

        def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)  # noqa: B023 - heard within this turn only

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", heard)
        foresee(session, one.buyer, moment, one.relation.id, ())
        event.remove(connection, "before_cursor_execute", heard)
        counts.append(len(statements))
    assert counts[0] == counts[1]
