"""Keeps the stored buying status in step with what is recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Facts, timeline
from onboarding.domain.milestones import Milestone
from onboarding.domain.pathways import RUNNING, Pathway
from onboarding.domain.policy import Policies
from onboarding.services.calendars import calendar_of
from onboarding.services.feed.announcements import announce_records
from onboarding.services.pathway.turns import turns_of
from onboarding.store.assessments import NewTimeline, add_assessments, from_day, last_assessments
from onboarding.store.facts import load_facts
from onboarding.store.policies import load_policies
from onboarding.store.prepared import let_go
from onboarding.store.relations import lock_relations
from onboarding.store.tables import MilestoneRow, RelationRow

BATCH = 500


def policies_of(session: Session, customer_id: int) -> Policies:
    """The customer's policies with the days off that each observes."""
    return load_policies(session, customer_id, calendar_of)


def reassess(session: Session, moment: Moment, relation_ids: Sequence[int]) -> int:
    """Store a new assessment for each relation whose timeline differs; returns how many did.

    Called at the end of every change, in its transaction. The rows are locked first, in id
    order, in batches; reading and writing go in sets. All relations belong to one customer.
    """
    ids = sorted(set(relation_ids))
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sum(_reassess_batch(session, moment, batch) for batch in batches)


def _reassess_batch(session: Session, moment: Moment, ids: Sequence[int]) -> int:
    relations = lock_relations(session, ids)
    if not relations:
        return 0
    session.flush()
    let_go(session, relations)
    policies = policies_of(session, relations[0].customer_id)
    facts = load_facts(session, ids)
    last = last_assessments(session, ids)
    _keep_deadlines(session, facts.values(), moment)
    turns = turns_of(session, ids, moment.today, _running_milestones(facts.values()))
    changed = []
    for relation in relations:
        relation.next_on = turns[relation.id].due_on
        periods = timeline(facts[relation.id], policies, moment.today)
        row, told = last.get(relation.id, (None, ()))
        if row is None or from_day(told, moment.today) != periods:
            changed.append(NewTimeline(relation_id=relation.id, last=row, periods=periods))
    add_assessments(session, changed, moment.now)
    stored = {relation_id: periods for relation_id, (_, periods) in last.items()}
    announce_records(session, moment, relations[0].customer_id, changed, stored)
    session.flush()
    return len(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How many relations were seen and how many changed; `last_id` is 0 when none were left."""

    seen: int
    changed: int
    last_id: int


def reassess_customer(
    session: Session, moment: Moment, customer_id: int, after_id: int = 0
) -> Batch:
    """One batch of a customer's relations, in id order, from the first after `after_id`."""
    ids = list(
        session.scalars(
            select(RelationRow.id)
            .where(RelationRow.customer_id == customer_id, RelationRow.id > after_id)
            .order_by(RelationRow.id)
            .limit(BATCH)
        )
    )
    changed = reassess(session, moment, ids) if ids else 0
    return Batch(seen=len(ids), changed=changed, last_id=ids[-1] if ids else 0)


def _running_milestones(facts: Iterable[Facts]) -> dict[int, tuple[Milestone, ...]]:
    return {
        pathway.id: pathway.milestones
        for known in facts
        for pathway in known.pathways
        if pathway.state in RUNNING
    }


def _keep_deadlines(session: Session, facts: Iterable[Facts], moment: Moment) -> None:
    """Store what each milestone's effective deadline is now, for sweeps to find, and its day in
    people's own calendars.
    """
    deadlines = {
        milestone.id: (_deadline(pathway, milestone, moment.today), milestone.calendar_day())
        for known in facts
        for pathway in known.pathways
        if pathway.state in RUNNING
        for milestone in pathway.milestones
    }
    if not deadlines:
        return
    for row in session.scalars(select(MilestoneRow).where(MilestoneRow.id.in_(deadlines))):
        deadline_on, calendar_on = deadlines[row.id]
        if row.deadline_on != deadline_on:
            row.deadline_on = deadline_on
            row.deadline_since_on = moment.today if deadline_on else None
        if row.calendar_on != calendar_on:
            row.calendar_number += row.calendar_on is not None
            row.calendar_on, row.calendar_since_on = calendar_on, moment.today


def _deadline(pathway: Pathway, milestone: Milestone, today: date) -> date | None:
    is_held = pathway.hold is not None and today in pathway.hold
    return milestone.falls_due_on() if milestone.is_owed_by_supplier() and not is_held else None
