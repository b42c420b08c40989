"""A draft of a policy: counted in batches, nobody twice, and nothing is published by it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import (
    InputInvalid,
    MoveRefused,
    NotAllowed,
    NotFound,
    VersionOutdated,
)
from onboarding.domain.people import Actor, Role
from onboarding.domain.plans import Step
from onboarding.domain.policy import Level, Policy
from onboarding.services.policy import drafts as policy_drafts
from onboarding.services.policy.draft_reading import read_draft
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_batch, draft_policy, drop_draft
from onboarding.store.database import unit_of_work
from onboarding.store.tables import (
    AssessmentRow,
    OrganisationRow,
    PolicyDraftChangeRow,
    PolicyDraftRow,
    PolicyRow,
)
from tests import pathway_stage, proof_rows, stage

DAY = timedelta(days=1)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def manager(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer, Role.MANAGER)


def stricter(moment: Moment, **fields: object) -> Policy:
    values: dict[str, object] = {
        "version": 0,
        "starts_on": moment.today + 30 * DAY,
        "required_level": Level.TREDE_2,
        "preferred_level": Level.TREDE_3,
    }
    return Policy(**(values | fields))


def drafted(session: Session, actor: Actor, moment: Moment, **fields: object) -> PolicyDraftRow:
    row = draft_policy(session, actor, moment, stricter(moment, **fields), seen=1)
    session.commit()
    return row


def certified(session: Session, customer: OrganisationRow, count: int) -> None:
    for n in range(count):
        relation = stage.a_relation(session, customer, f"Leverancier {n}", spend=100)
        proof_rows.a_certificate(session, relation)
    session.commit()


def test_it_is_counted_in_batches_and_each_supplier_once(
    session: Session,
    moment: Moment,
    customer: OrganisationRow,
    manager: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(policy_drafts, "BATCH", 2)
    certified(session, customer, 5)
    row = drafted(session, manager, moment)
    assert work_on_drafts(unit_of_work, lambda: moment, most=1) == 1
    view = read_draft(session, manager, row.id)
    assert view.is_busy and (view.row.looked_at, view.row.total) == (2, 5)
    assert work_on_drafts(unit_of_work, lambda: moment, most=10) == 2
    view = read_draft(session, manager, row.id)
    assert not view.is_busy and view.count == 5 and view.spend == 500
    [one] = view.transitions
    assert (one.from_status, one.to_status) == ("eligible", "conditional")
    assert one.first_on == row.starts_on
    assert work_on_drafts(unit_of_work, lambda: moment, most=10) == 0
    assert session.scalar(select(func.count(PolicyRow.id))) == 1
    assert session.scalar(select(func.count(AssessmentRow.id))) == 0


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_as_many_statements_as_one_supplier(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor, count: int
) -> None:
    certified(session, customer, count)
    row = drafted(session, manager, moment)
    statements: list[str] = []

    def heard(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", heard)
    count_batch(unit_of_work, moment, row.id)
    event.remove(connection, "before_cursor_execute", heard)
    assert len(statements) == 16


def test_an_agreed_pathway_keeps_its_terms(session: Session, moment: Moment) -> None:
    scene = pathway_stage.a_scene(session)
    step = Step(title="plan", due_on=moment.today + 60 * DAY)
    pathway_stage.agreed(session, scene, moment, step)
    row = drafted(session, scene.manager, moment, window_days=14, cure_working_days=60)
    work_on_drafts(unit_of_work, lambda: moment, most=9)
    assert read_draft(session, scene.manager, row.id).transitions == ()


def test_under_the_clock_a_window_that_ends_costs_orders(session: Session, moment: Moment) -> None:
    scene = pathway_stage.a_scene(session)
    pathway = pathway_stage.proposed(session, scene, moment)
    pathway.window_ends_on = date(2027, 1, 23)
    session.commit()
    row = drafted(session, scene.manager, moment, clock_decides=True)
    work_on_drafts(unit_of_work, lambda: moment, most=9)
    [one] = read_draft(session, scene.manager, row.id).transitions
    assert (one.from_status, one.to_status) == ("undecided", "ineligible")
    assert one.first_on == date(2027, 1, 24)


def test_a_draft_is_checked_as_a_policy_is(
    session: Session, moment: Moment, manager: Actor
) -> None:
    with pytest.raises(InputInvalid):
        draft_policy(session, manager, moment, stricter(moment, window_days=1), seen=1)
    with pytest.raises(InputInvalid):
        draft_policy(session, manager, moment, stricter(moment, starts_on=moment.today), seen=1)
    with pytest.raises(VersionOutdated):
        draft_policy(session, manager, moment, stricter(moment), seen=7)


def test_what_ended_is_not_dropped_and_nobody_else_sees_it(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    certified(session, customer, 1)
    row = drafted(session, manager, moment)
    work_on_drafts(unit_of_work, lambda: moment, most=9)
    drop_draft(session, manager, moment, row.id)
    assert session.scalar(select(func.count(PolicyDraftChangeRow.id))) == 0
    with pytest.raises(MoveRefused):
        drop_draft(session, manager, moment, row.id)
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"), Role.MANAGER)
    with pytest.raises(NotFound):
        read_draft(session, stranger, row.id)
    with pytest.raises(NotAllowed):
        read_draft(session, stage.user_actor(session, customer), row.id)
