"""Putting off the reminders about a step or a supplier until after a day, and ending that."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor, Duty
from onboarding.domain.snoozes import go_on, put_off
from onboarding.store import snoozes as store
from onboarding.store.history import Record
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import MilestoneRow, RelationRow, SnoozeRow


def put_off_reminders(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    *,
    until_on: date,
    reason: str,
    milestone_id: int | None = None,
) -> SnoozeRow:
    """No reminders until after that day; the supplier can read why. It takes the place of one
    about the same that runs. Days and warnings stay as they are.
    """
    actor.must(Duty.BUY)
    lock_visible_relation(session, actor, relation_id)
    deadline_on = None
    if milestone_id is not None:
        deadline_on = _step(session, relation_id, milestone_id).deadline_on
    change = put_off(until_on, reason, deadline_on, actor, moment.today)
    for row in store.own(session, relation_id, milestone_id, moment.today):
        row.ended_on = moment.today
    return store.record_put_off(session, change, _under(actor, moment, relation_id, milestone_id))


def let_reminders_go_on(
    session: Session, actor: Actor, moment: Moment, snooze_id: int
) -> SnoozeRow:
    """Before the day that was named. Raises MoveRefused for one that is over."""
    actor.must(Duty.BUY)
    row = visible_snooze(session, actor, snooze_id)
    lock_visible_relation(session, actor, row.relation_id)
    session.refresh(row)
    change = go_on(row.until_on, row.ended_on, actor, moment.today)
    under = _under(actor, moment, row.relation_id, row.milestone_id)
    store.record_go_on(session, row, change, under)
    return row


def visible_snooze(session: Session, actor: Actor, snooze_id: int) -> SnoozeRow:
    row = session.get(SnoozeRow, snooze_id)
    if row is None:
        raise NotFound(what="snooze")
    visible_relation(session, actor, row.relation_id)
    return row


def visible_step(
    session: Session, actor: Actor, milestone_id: int
) -> tuple[RelationRow, MilestoneRow]:
    row = session.get(MilestoneRow, milestone_id)
    if row is None:
        raise NotFound(what="milestone")
    return visible_relation(session, actor, row.relation_id), row


def _step(session: Session, relation_id: int, milestone_id: int) -> MilestoneRow:
    row = session.get(MilestoneRow, milestone_id)
    if row is None or row.relation_id != relation_id:
        raise NotFound(what="milestone")
    return row


def _under(actor: Actor, moment: Moment, relation_id: int, milestone_id: int | None) -> Record:
    return Record(actor=actor, moment=moment, relation_id=relation_id, milestone_id=milestone_id)
