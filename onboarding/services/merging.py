"""Two records of one supplier become one: all that hangs on the one moves to the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import VersionOutdated
from onboarding.domain.merging import Record, SuppliersMerged, check_merge, joined, kept_values
from onboarding.domain.organisations import Relation
from onboarding.domain.people import Actor, Duty
from onboarding.domain.suppliers import changes
from onboarding.services.feed.announcements import announce_data
from onboarding.services.statuses import reassess
from onboarding.store import history
from onboarding.store.divisions import lines_of, write_lines
from onboarding.store.facts import load_facts
from onboarding.store.merging import move_all, put_away
from onboarding.store.prepared import let_go
from onboarding.store.references import keep_former_number
from onboarding.store.relations import lock_relations, visible_relation
from onboarding.store.seals import head_of
from onboarding.store.suppliers import (
    creditor_numbers_of,
    lock_customer,
    supplier_values,
    write_values,
)
from onboarding.store.tables import RelationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was decided on the page: which record stays, and what of the other's data it takes.

    `others` are fields; with `add_up` the spend of one division in one year is that of both
    together. `seen` are the revisions that the actor looked at, by relation.
    """

    stays_id: int
    goes_id: int
    others: Collection[str] = ()
    add_up: bool = False
    seen: Mapping[int, int] | None = None


def merge_suppliers(session: Session, actor: Actor, moment: Moment, choice: Choice) -> RelationRow:
    """Make the two one. Days that passed stay as they were; from today the status follows from
    all that is known of both. Raises NotFound, MergeRefused, VersionOutdated.
    """
    actor.must(Duty.BUY)
    lock_customer(session, actor.customer_id)
    let_go(session, lock_relations(session, (choice.stays_id, choice.goes_id)))
    stays = visible_relation(session, actor, choice.stays_id)
    goes = visible_relation(session, actor, choice.goes_id)
    rows = {stays.id: stays, goes.id: goes}
    for relation_id, seen in (choice.seen or {}).items():
        if relation_id in rows and rows[relation_id].revision != seen:
            raise VersionOutdated(seen=seen, current=rows[relation_id].revision)
    left = check_merge(record_of(session, stays), record_of(session, goes), actor)
    before, other = values_of(session, stays), values_of(session, goes)
    number, has_ended = goes.kvk_number, goes.ended_on is not None
    name, enrolled_on, contact_on = goes.name, goes.enrolled_on, goes.contact_on
    move_all(session, moment, stays, goes, left.id if left else None)
    write_lines(session, goes, ())
    put_away(session, actor, moment, stays, goes)
    lines = joined(before["divisions"], other["divisions"], add_up=choice.add_up)
    values = {**kept_values(before, other, choice.others), "divisions": lines}
    values = {field: value for field, value in values.items() if value != before[field]}
    write_values(session, stays, before, values, moment)
    if number is not None and number != stays.kvk_number:
        keep_former_number(session, stays.id, number, moment.today, becomes=stays.kvk_number)
    if not has_ended:
        stays.enrolled_on = min(filter(None, (stays.enrolled_on, enrolled_on)), default=None)
    stays.contact_on = max(filter(None, (stays.contact_on, contact_on)), default=None)
    change = SuppliersMerged(
        relation_id=stays.id,
        former_id=goes.id,
        former_name=name,
        former_kvk_number=number,
        changed=changes(before, values),
        former_sha256=head_of(session, goes.id).sha256,
    )
    under = history.Record(actor=actor, moment=moment, relation_id=stays.id, is_shared=False)
    history.append(session, change, under)
    announce_data(session, moment, [stays.id])
    reassess(session, moment, [stays.id])
    return stays


def record_of(session: Session, row: RelationRow) -> Record:
    """The record as the rules of merging see it."""
    relation = Relation(id=row.id, enrolled_on=row.enrolled_on, ended_on=row.ended_on)
    pathways = load_facts(session, [row.id])[row.id].pathways
    return Record(relation=relation, name=row.name, pathways=pathways)


def values_of(session: Session, row: RelationRow) -> dict[str, Any]:
    numbers = creditor_numbers_of(session, [row.id])[row.id]
    return supplier_values(row, numbers, lines_of(session, [row.id])[row.id])
