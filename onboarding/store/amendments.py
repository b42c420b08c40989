"""Changes of what was agreed: proposed, countered, accepted and declined, recorded."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.amendments import (
    Amendment,
    AmendmentAccepted,
    AmendmentCountered,
    AmendmentDeclined,
    AmendmentProposed,
    AmendmentState,
)
from onboarding.domain.changes import as_json
from onboarding.domain.milestones import MilestoneState, RequestKind
from onboarding.domain.people import Side
from onboarding.domain.plans import Plan, Step
from onboarding.store.history import Record, append
from onboarding.store.milestones import add_milestones, evidence_codes, rows_of_pathway
from onboarding.store.pathways import add_version
from onboarding.store.plans import plan_of_amendment, plan_on_table, signature_value
from onboarding.store.tables import AmendmentRow, DateRequestRow, MilestoneRow, PathwayRow


def agreed_plan(session: Session, row: PathwayRow) -> Plan:
    """What is agreed and still open, each step with its milestone."""
    steps = tuple(
        Step(
            title=milestone.title,
            due_on=milestone.due_on,
            owner=Side(milestone.owner),
            is_reviewed=milestone.is_reviewed,
            evidence=evidence_codes(milestone),
            explanation=milestone.description,
            moves_back=milestone.moves_back,
            milestone_id=milestone.id,
        )
        for milestone in rows_of_pathway(session, row.id)
        if milestone.state not in (MilestoneState.ACCEPTED, MilestoneState.WAIVED)
    )
    return replace(plan_on_table(row), steps=steps)


def open_amendment_row(session: Session, pathway_id: int) -> AmendmentRow | None:
    return session.scalars(
        select(AmendmentRow).where(
            AmendmentRow.pathway_id == pathway_id, AmendmentRow.answered_on.is_(None)
        )
    ).first()


def amendment_value(session: Session, row: AmendmentRow, pathway: PathwayRow) -> Amendment:
    return Amendment(
        id=row.id,
        pathway_id=row.pathway_id,
        state=AmendmentState(row.state),
        by=Side(row.proposed_by),
        version=row.revision,
        plan=plan_of_amendment(row, plan_on_table(pathway)),
        signature=signature_value(row.signature),
        touches=tuple(row.touches),
    )


def add_amendment(
    session: Session, pathway: PathwayRow, change: AmendmentProposed, under: Record
) -> AmendmentRow:
    row = AmendmentRow(
        pathway_id=pathway.id,
        state=AmendmentState.OPEN,
        proposed_by=change.by,
        proposed_on=change.made_on,
        turn_since_on=under.moment.today,
        reason=change.reason,
        revision=change.version,
        target=change.plan.target,
        template=change.plan.template,
        template_version=change.plan.template_version,
        steps=as_json(change.plan.steps),
        touches=list(change.touches),
        signature=as_json(change.signature),
    )
    session.add(row)
    session.flush()
    _let_wait(session, pathway, change, under)
    append(session, change, under)
    return row


def record(
    session: Session,
    row: AmendmentRow,
    pathway: PathwayRow,
    change: AmendmentCountered | AmendmentAccepted | AmendmentDeclined,
    under: Record,
) -> None:
    """Update the amendment, what waited for it, and the agreement; append the change."""
    today = under.moment.today
    granted: dict[int, date] = {}
    if isinstance(change, AmendmentAccepted):
        granted = _agree(session, pathway, change, under)
    _answer_waiting(session, pathway, today, change.grace_ends_on, granted)
    match change:
        case AmendmentCountered():
            row.proposed_by, row.turn_since_on, row.reason = change.by, today, change.reason
            row.revision, row.steps = change.version, as_json(change.plan.steps)
            row.target, row.template = change.plan.target, change.plan.template
            row.template_version = change.plan.template_version
            row.signature, row.touches = as_json(change.signature), list(change.touches)
            _let_wait(session, pathway, change, under)
        case AmendmentAccepted():
            row.state, row.answered_on = AmendmentState.ACCEPTED, today
            row.answered_by = under.actor.person_id
        case AmendmentDeclined():
            row.state, row.answered_on = AmendmentState.DECLINED, today
            row.answered_by, row.answer = under.actor.person_id, change.reason
    append(session, change, under)


def _let_wait(
    session: Session,
    pathway: PathwayRow,
    change: AmendmentProposed | AmendmentCountered,
    under: Record,
) -> None:
    """A supplier's amendment stops the clock of each step it touches; the buyer's stops none."""
    if change.by is not Side.SUPPLIER:
        return
    wished = {step.milestone_id: step.due_on for step in change.plan.steps}
    for milestone_id in change.touches:
        milestone = session.get_one(MilestoneRow, milestone_id)
        session.add(
            DateRequestRow(
                relation_id=pathway.relation_id,
                milestone_id=milestone_id,
                kind=RequestKind.AMENDMENT,
                made_by=change.by,
                made_on=change.made_on,
                recorded_on=under.moment.today,
                day_number=milestone.day_number,
                asked_due_on=wished.get(milestone_id, milestone.due_on),
                reason=change.reason,
            )
        )
    session.flush()


def _answer_waiting(
    session: Session,
    pathway: PathwayRow,
    answered_on: date,
    grace_ends_on: date,
    granted: dict[int, date],
) -> None:
    waiting = session.scalars(
        select(DateRequestRow)
        .join(MilestoneRow, MilestoneRow.id == DateRequestRow.milestone_id)
        .where(
            MilestoneRow.pathway_id == pathway.id,
            DateRequestRow.kind == RequestKind.AMENDMENT,
            DateRequestRow.answered_on.is_(None),
        )
    )
    for request in waiting:
        request.answered_on, request.grace_ends_on = answered_on, grace_ends_on
        request.granted_due_on = granted.get(request.milestone_id)


def _agree(
    session: Session, pathway: PathwayRow, change: AmendmentAccepted, under: Record
) -> dict[int, date]:
    """The plan is what is agreed now; returns the new day of each step that got one."""
    pathway.target, pathway.template = change.plan.target, change.plan.template
    pathway.template_version = change.plan.template_version
    pathway.steps = as_json(change.plan.steps)
    add_version(session, pathway, change.plan, change.signatures, under)
    there = {row.id: row for row in rows_of_pathway(session, pathway.id)}
    for milestone_id in change.dropped:
        there[milestone_id].state = MilestoneState.WAIVED
    for step in change.plan.steps:
        if step.milestone_id is not None:
            milestone = there[step.milestone_id]
            milestone.title, milestone.description = step.title, step.explanation
            milestone.due_on, milestone.is_reviewed = step.due_on, step.is_reviewed
            milestone.day_number += step.milestone_id in change.renumbered
    last = max((row.position for row in there.values()), default=0)
    new = [step for step in change.plan.steps if step.milestone_id is None]
    add_milestones(session, pathway, new, after=last)
    return {milestone_id: there[milestone_id].due_on for milestone_id in change.renumbered}
