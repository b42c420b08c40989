"""Sets the stage for tests about pathways: drafted, proposed or agreed, through the services."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.plans import Plan, Step
from onboarding.domain.policy import Level
from onboarding.services.pathway.drafts import draft_pathway
from onboarding.services.pathway.negotiation import agree_pathway, propose_pathway
from onboarding.store.assessments import last_assessments
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import MilestoneRow, OrganisationRow, PathwayRow, RelationRow
from tests import stage


@dataclass(frozen=True)
class Scene:
    """A customer and one supplier, with somebody in each role that a pathway needs."""

    customer: OrganisationRow
    relation: RelationRow
    buyer: Actor
    manager: Actor
    signatory: Actor


def a_scene(session: Session, **relation: Any) -> Scene:
    customer = stage.a_customer(session)
    buyer = stage.user_actor(session, customer, Role.BUYER)
    fields: dict[str, Any] = {
        "enrolled_on": date(2026, 2, 2),
        "buyer_id": buyer.person_id,
        **relation,
    }
    row = stage.a_relation(session, customer, **fields)
    return Scene(
        customer=customer,
        relation=row,
        buyer=buyer,
        manager=stage.user_actor(session, customer, Role.MANAGER),
        signatory=stage.contact_actor(session, row, Role.SIGNATORY),
    )


def a_plan(starts_on: date, *steps: Step) -> Plan:
    """A plan from a day; without steps: one reviewed, one not, one outside, one of the buyer."""
    return Plan(
        starts_on=starts_on,
        target=Level.TREDE_1,
        template="A",
        steps=steps
        or (
            Step(title="plan", due_on=starts_on + timedelta(14), is_reviewed=True),
            Step(title="account", due_on=starts_on + timedelta(28)),
            Step(
                title="audit",
                due_on=starts_on + timedelta(56),
                owner=Side.OUTSIDE,
                is_reviewed=True,
            ),
            Step(title="register-check", due_on=starts_on + timedelta(63), owner=Side.BUYER),
        ),
    )


def a_draft(session: Session, scene: Scene, moment: Moment, *steps: Step) -> PathwayRow:
    plan = a_plan(moment.today, *steps)
    return draft_pathway(session, scene.buyer, moment, scene.relation.id, plan)


def proposed(session: Session, scene: Scene, moment: Moment, *steps: Step) -> PathwayRow:
    row = a_draft(session, scene, moment, *steps)
    propose_pathway(session, scene.buyer, moment, scene.relation.id, row.revision)
    return row


def agreed(
    session: Session, scene: Scene, moment: Moment, *steps: Step
) -> tuple[PathwayRow, list[MilestoneRow]]:
    row = proposed(session, scene, moment, *steps)
    agree_pathway(
        session, scene.signatory, moment, row.id, revision=row.revision, function="directeur"
    )
    return row, rows_of_pathway(session, row.id)


def status_on(session: Session, relation_id: int, day: date) -> str:
    """The stored buying status on a day."""
    found = statuses(session, relation_id)
    return next(status for first, last, status in found if first <= day <= last)


def statuses(session: Session, relation_id: int) -> list[tuple[date, date, str]]:
    from_last = last_assessments(session, [relation_id])[relation_id][1]
    return [(p.starts_on, p.ends_on, p.status.value) for p in from_last]


def reasons_on(session: Session, relation_id: int, day: date) -> list[str]:
    """The codes of the reasons for the stored status on a day."""
    periods = last_assessments(session, [relation_id])[relation_id][1]
    period = next(p for p in periods if p.starts_on <= day <= p.ends_on)
    return [reason.code for reason in period.verdict.reasons]


def moved(step: Step, days: int) -> Step:
    """The step, some days later."""
    return replace(step, due_on=step.due_on + timedelta(days))
