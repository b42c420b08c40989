"""Composing a pathway: a draft from a template, changed until it is proposed."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.negotiation import check_seen, draft
from onboarding.domain.negotiation import drop_draft as drop
from onboarding.domain.people import Actor
from onboarding.domain.plans import Plan, PlanRemark, on_working_days, remarks
from onboarding.services.opening import calendar_with_closures, open_pathway
from onboarding.services.statuses import policies_of, reassess
from onboarding.store.facts import load_facts
from onboarding.store.history import Record
from onboarding.store.pathways import add_pathway, negotiation_value, record, remove_draft
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import PathwayRow


def draft_pathway(
    session: Session, actor: Actor, moment: Moment, relation_id: int, plan: Plan
) -> PathwayRow:
    """A new draft for a relation that has no open pathway; each step on a working day.

    Raises AlreadyOpen where a pathway is being negotiated or runs.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    policy = policies_of(session, relation.customer_id).on(moment.today)
    pathways = load_facts(session, [relation_id])[relation_id].pathways
    plan = replace(
        plan,
        contract=plan.contract or relation.contract,
        cure_working_days=max(plan.cure_working_days, policy.cure_working_days),
    )
    change = draft(on_working_days(plan, policy.calendar), actor, others=pathways)
    under = Record(actor=actor, moment=moment, relation_id=relation_id)
    row = add_pathway(session, relation_id, change, under)
    reassess(session, moment, [relation_id])
    return row


def change_draft(
    session: Session,
    actor: Actor,
    moment: Moment,
    pathway_id: int,
    plan: Plan,
    *,
    revision: int,
    shift: bool = True,
) -> int:
    """Put another plan in a draft; returns its new revision.

    With `shift`, steps that fall on a day off move to a working day. Raises VersionOutdated where
    somebody else changed it meanwhile.
    """
    opened = open_pathway(session, actor, moment, pathway_id)
    on_table = negotiation_value(opened.row)
    check_seen(revision, on_table.version)
    if shift:
        plan = on_working_days(plan, opened.policy.calendar)
    record(session, opened.row, draft(plan, actor, drawn=on_table), opened.under)
    return opened.row.revision


def drop_draft(session: Session, actor: Actor, moment: Moment, pathway_id: int) -> None:
    """Throw a draft away that no supplier ever saw; the relation is as it was before."""
    opened = open_pathway(session, actor, moment, pathway_id)
    remove_draft(session, opened.row, drop(opened.pathway, actor), opened.under)
    reassess(session, moment, [opened.relation.id])


def remarks_on(
    session: Session, actor: Actor, moment: Moment, relation_id: int, plan: Plan
) -> tuple[PlanRemark, ...]:
    """What a buyer should see before proposing: steps that fall together or on a day off."""
    relation = visible_relation(session, actor, relation_id)
    policy = policies_of(session, relation.customer_id).on(moment.today)
    return tuple(remarks(plan, calendar_with_closures(session, relation_id, policy)))


def days_off_in(session: Session, moment: Moment, actor: Actor, days: list[date]) -> set[date]:
    """Which of the days the customer's policy does not count as working days."""
    calendar = policies_of(session, actor.customer_id).on(moment.today).calendar
    return {day for day in days if not calendar.is_working(day)}
