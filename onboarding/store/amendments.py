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
from onboarding.domain.taking_back import AmendmentWithdrawn
from onboarding.store.history import Record, append
from onboarding.store.milestones import add_milestones, evidence_codes, rows_of_pathway
from onboarding.store.pathways import add_version
from onboarding.store.plans import plan_of_amendment, plan_on_table, signature_value
from onboarding.store.requests import let_wait, promise_cures, waiting_of
from onboarding.store.tables import AmendmentRow, MilestoneRow, PathwayRow

OVER = (MilestoneState.ACCEPTED, MilestoneState.WAIVED)


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
        if milestone.state not in OVER
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
    _let_wait(session, change, under)
    append(session, change, under)
    return row


def record(
    session: Session,
    row: AmendmentRow,
    pathway: PathwayRow,
    change: AmendmentCountered | AmendmentAccepted | AmendmentDeclined | AmendmentWithdrawn,
    under: Record,
) -> None:
    """Update the amendment, what waited for it, and the agreement; append the change."""
    today = under.moment.today
    granted: dict[int, date] = {}
    if isinstance(change, AmendmentAccepted):
        granted = _agree(session, pathway, change, under)
    for request in waiting_of(session, pathway.id, RequestKind.AMENDMENT):
        request.answered_on, request.grace_ends_on = today, change.grace_ends_on
        request.granted_due_on = granted.get(request.milestone_id)
        request.is_withdrawn = isinstance(change, AmendmentWithdrawn)
    promise_cures(session, change.promised)
    match change:
        case AmendmentCountered():
            row.proposed_by, row.turn_since_on, row.reason = change.by, today, change.reason
            row.revision, row.steps = change.version, as_json(change.plan.steps)
            row.target, row.template = change.plan.target, change.plan.template
            row.template_version = change.plan.template_version
            row.signature, row.touches = as_json(change.signature), list(change.touches)
            _let_wait(session, change, under)
        case AmendmentAccepted():
            row.state, row.answered_on = AmendmentState.ACCEPTED, today
            row.answered_by = under.actor.person_id
        case AmendmentDeclined():
            row.state, row.answered_on = AmendmentState.DECLINED, today
            row.answered_by, row.answer = under.actor.person_id, change.reason
        case AmendmentWithdrawn():
            row.state, row.answered_on = AmendmentState.WITHDRAWN, today
            row.answered_by, row.answer = under.actor.person_id, change.note
    append(session, change, under)


def _let_wait(
    session: Session, change: AmendmentProposed | AmendmentCountered, under: Record
) -> None:
    """A supplier's amendment stops the clock of each step it touches; the buyer's stops none."""
    if change.by is Side.SUPPLIER:
        let_wait(
            session,
            RequestKind.AMENDMENT,
            change.touches,
            under,
            by=change.by,
            made_on=change.made_on,
            reason=change.reason,
            wished={s.milestone_id: s.due_on for s in change.plan.steps if s.milestone_id},
        )


def _agree(
    session: Session, pathway: PathwayRow, change: AmendmentAccepted, under: Record
) -> dict[int, date]:
    """The plan is what is agreed now; returns the new day of each step that got one.

    What is over keeps its place before the plan's steps, which stand in the plan's order.
    """
    pathway.target, pathway.template = change.plan.target, change.plan.template
    pathway.template_version = change.plan.template_version
    pathway.steps = as_json(change.plan.steps)
    add_version(session, pathway, change.plan, change.signatures, under)
    there = {row.id: row for row in rows_of_pathway(session, pathway.id)}
    for milestone_id in change.dropped:
        there[milestone_id].state = MilestoneState.WAIVED
    new = [step for step in change.plan.steps if step.milestone_id is None]
    added = iter(add_milestones(session, pathway, new, after=len(there)))
    planned = []
    for step in change.plan.steps:
        if step.milestone_id is None:
            planned.append(next(added))
        elif there[step.milestone_id].state not in OVER:
            planned.append(there.pop(step.milestone_id))
            _change(planned[-1], step, is_renumbered=step.milestone_id in change.renumbered)
    for position, row in enumerate([*there.values(), *planned], start=1):
        row.position = position
    return {row.id: row.due_on for row in planned if row.id in change.renumbered}


def _change(row: MilestoneRow, step: Step, *, is_renumbered: bool) -> None:
    row.title, row.description = step.title, step.explanation
    row.owner, row.is_reviewed = step.owner, step.is_reviewed
    row.evidence_asked = ",".join(step.evidence) or None
    row.due_on, row.moves_back = step.due_on, step.moves_back
    row.day_number += is_renumbered
