"""A relation in and out of the programme, ended and reopened."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import Change
from onboarding.domain.messages import MessageKind
from onboarding.domain.negotiation import PathwayStopped, PathwayWithdrawn
from onboarding.domain.organisations import (
    Relation,
    RelationEnded,
    RelationEnrolled,
    RelationReopened,
    RelationTakenOut,
    end_relation,
    enrol,
    reopen_relation,
    stop_ended,
    take_out,
)
from onboarding.domain.pathways import OVER, Pathway
from onboarding.domain.people import Actor, the_tool
from onboarding.services.mail.messages import Owed, owe_to_supplier
from onboarding.services.statuses import reassess
from onboarding.services.tasks import close_tasks_of_relation
from onboarding.store.contacts import supersede_unsent
from onboarding.store.facts import load_facts
from onboarding.store.history import Record, append
from onboarding.store.pathways import record as record_pathway
from onboarding.store.relations import lock_relations, lock_visible_relation
from onboarding.store.stages import not_first
from onboarding.store.tables import PathwayRow, RelationRow


def enrol_supplier(session: Session, actor: Actor, moment: Moment, relation_id: int) -> RelationRow:
    """Take the supplier into the programme: from today something is asked of it."""
    row = lock_visible_relation(session, actor, relation_id)
    return _done(session, actor, moment, row, [enrol(_value(row), actor, moment.today)])


def take_supplier_out(
    session: Session, actor: Actor, moment: Moment, relation_id: int, reason: str
) -> RelationRow:
    """Take it out again, while nothing is proposed or agreed."""
    row = lock_visible_relation(session, actor, relation_id)
    change = take_out(_value(row), _pathways(session, row), reason, actor)
    return _done(session, actor, moment, row, [change])


def end_supplier_relation(
    session: Session, actor: Actor, moment: Moment, relation_id: int, ended_on: date, reason: str
) -> RelationRow:
    """A manager ends the relation from a day; the pathway stops and unsent mail stays unsent."""
    row = lock_visible_relation(session, actor, relation_id)
    pathways = _pathways(session, row)
    changes = end_relation(_value(row), pathways, ended_on, reason, actor, moment.today)
    supersede_unsent(session, moment, row.id, "relation-ended")
    facts = {"ended_on": ended_on, "reason": changes[0].facts()["reason"]}
    owed = Owed(
        kind=MessageKind.RELATION_ENDED,
        about=f"relation-{row.id}@{ended_on}:{row.revision}",
        facts=facts,
        relation_id=row.id,
    )
    owe_to_supplier(session, moment, row, owed)
    return _done(session, actor, moment, row, changes)


def reopen_supplier_relation(
    session: Session, actor: Actor, moment: Moment, relation_id: int, reason: str
) -> RelationRow:
    """A manager takes an ended relation up again; what stopped stays stopped."""
    row = lock_visible_relation(session, actor, relation_id)
    pathways = _pathways(session, row)
    changes = reopen_relation(_value(row), pathways, reason, actor, moment.today)
    return _done(session, actor, moment, row, changes)


def stop_where_ended(session: Session, moment: Moment, customer_id: int) -> int:
    """Stop what still runs where a relation's last day has passed; returns how many did.

    For the sweep: a relation can be ended from a day to come.
    """
    rows = session.scalars(
        select(RelationRow.id)
        .join(PathwayRow, PathwayRow.relation_id == RelationRow.id)
        .where(
            not_first(RelationRow.customer_id) == customer_id,
            RelationRow.ended_on <= moment.today,
        )
        .where(PathwayRow.state.not_in([*(state.value for state in OVER), "draft"]))
    ).all()
    ids = sorted(set(rows))
    actor = the_tool(customer_id)
    for row in lock_relations(session, ids):
        changes = stop_ended(_value(row), _pathways(session, row), "relation-ended", moment.today)
        supersede_unsent(session, moment, row.id, "relation-ended")
        _done(session, actor, moment, row, changes)
    return len(ids)


def _value(row: RelationRow) -> Relation:
    return Relation(id=row.id, enrolled_on=row.enrolled_on, ended_on=row.ended_on)


def _pathways(session: Session, row: RelationRow) -> tuple[Pathway, ...]:
    return load_facts(session, [row.id])[row.id].pathways


def _done(
    session: Session, actor: Actor, moment: Moment, row: RelationRow, changes: Iterable[Change]
) -> RelationRow:
    """Record each change in the row and in the history, and bring the status along."""
    under = Record(actor=actor, moment=moment, relation_id=row.id)
    for change in changes:
        match change:
            case PathwayStopped() | PathwayWithdrawn():
                record_pathway(
                    session, session.get_one(PathwayRow, change.pathway_id), change, under
                )
                close_tasks_of_relation(session, actor, moment, row.id)
                continue
            case RelationEnrolled():
                row.enrolled_on = change.enrolled_on
            case RelationTakenOut():
                row.enrolled_on = None
            case RelationEnded():
                row.ended_on = change.ended_on
            case RelationReopened():
                row.ended_on = None
        row.revision += 1
        append(session, change, under)
    reassess(session, moment, [row.id])
    return row
