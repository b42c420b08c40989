"""Another KvK number: the old one leads to the supplier, and what counted is looked at anew."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import VersionOutdated
from onboarding.domain.kvk_numbers import (
    KvkNumberChanged,
    KvkNumberCorrected,
    change_kvk_number,
    correct_kvk_number,
)
from onboarding.domain.people import Actor, Duty
from onboarding.services.feed.announcements import announce_data
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import check_unknown
from onboarding.store.history import Record, append
from onboarding.store.references import keep_former_number
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import RelationRow

Decide = Callable[[RelationRow], KvkNumberChanged | KvkNumberCorrected]


def take_new_number(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    text: str,
    from_on: date,
    reason: str,
    seen: int | None = None,
) -> RelationRow:
    """Record the number that a supplier has after a takeover, from a day that has come.

    Raises SupplierKnown where another supplier has or had it, InputInvalid, VersionOutdated.
    """

    def decide(row: RelationRow) -> KvkNumberChanged:
        return change_kvk_number(row.id, row.kvk_number, text, from_on, reason, actor, moment.today)

    return _record(session, actor, moment, relation_id, decide, seen)


def correct_number(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    text: str,
    reason: str,
    seen: int | None = None,
) -> RelationRow:
    """Put the right number in the place of one that was never the supplier's."""

    def decide(row: RelationRow) -> KvkNumberCorrected:
        return correct_kvk_number(row.id, row.kvk_number, text, reason, actor)

    return _record(session, actor, moment, relation_id, decide, seen)


def _record(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    decide: Decide,
    seen: int | None,
) -> RelationRow:
    actor.must(Duty.BUY)
    visible_relation(session, actor, relation_id)
    lock_customer(session, actor.customer_id)
    row = lock_visible_relation(session, actor, relation_id)
    if seen is not None and seen != row.revision:
        raise VersionOutdated(seen=seen, current=row.revision)
    change = decide(row)
    check_unknown(session, actor, change.becomes, besides=row.id)
    if isinstance(change, KvkNumberChanged):
        until_on = change.from_on - timedelta(days=1)
        keep_former_number(session, row.id, change.was, until_on, becomes=change.becomes)
    else:
        keep_former_number(session, row.id, None, moment.today, becomes=change.becomes)
    row.kvk_number = change.becomes
    row.revision += 1
    append(session, change, Record(actor=actor, moment=moment, relation_id=row.id))
    announce_data(session, moment, [row.id])
    reassess(session, moment, [row.id])
    return row
