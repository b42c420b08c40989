"""Suppliers as records: adding, changing and assigning, with what came before in the history.

Values are a mapping of the fields in `domain.suppliers.FIELDS`; fields that are not given stay as
they are. Every function locks first and ends with the buying status in step.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import Lines, settled
from onboarding.domain.errors import InputInvalid, VersionOutdated
from onboarding.domain.people import Actor, Duty
from onboarding.domain.suppliers import (
    SupplierAdded,
    SupplierChanged,
    SupplierKnown,
    changes,
    clean,
)
from onboarding.i18n.countries import country_code
from onboarding.services.feed.announcements import announce_data
from onboarding.services.statuses import reassess
from onboarding.store.divisions import lines_of
from onboarding.store.history import Record, append_all, check_not_sent_twice
from onboarding.store.relations import (
    lock_relations,
    lock_visible_relation,
    visible_relation,
)
from onboarding.store.suppliers import (
    add_relations,
    buyers_of,
    creditor_numbers_of,
    holder_of,
    holder_of_foreign,
    lock_customer,
    supplier_values,
    write_values,
)
from onboarding.store.tables import RelationRow

BY_HAND = "by-hand"


def add_supplier(
    session: Session, actor: Actor, moment: Moment, given: Mapping[str, Any], origin: str = BY_HAND
) -> RelationRow:
    """A new supplier; nothing is asked of it and its status says so.

    Raises InputInvalid for the first value that cannot be used, SupplierKnown where its KvK
    number is known already, SentTwice.
    """
    actor.must(Duty.BUY)
    lock_customer(session, actor.customer_id)
    values = usable(session, actor, {"name": "", **given})
    check_unknown(session, actor, values.get("kvk_number"))
    _check_foreign(session, actor, values.get("country"), values.get("foreign_number"))
    added = SupplierAdded(name=values["name"], kvk_number=values.get("kvk_number"), origin=origin)
    if not values.get("foreign_number"):  # else that tells of a second click, and was checked
        check_not_sent_twice(session, added, Record(actor=actor, moment=moment))
    [relation_id] = add_suppliers(session, actor, moment, [values], origin)
    return session.get_one(RelationRow, relation_id)


def change_supplier(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    given: Mapping[str, Any],
    seen: int | None = None,
    origin: str = BY_HAND,
) -> RelationRow:
    """Change the fields given; a new KvK number leaves the old one leading here too.

    `seen` is the revision that the actor looked at. Raises VersionOutdated where that is not the
    current one, InputInvalid, SupplierKnown.
    """
    actor.must(Duty.BUY)
    visible_relation(session, actor, relation_id)
    lock_customer(session, actor.customer_id)
    row = lock_visible_relation(session, actor, relation_id)
    if seen is not None and seen != row.revision:
        raise VersionOutdated(seen=seen, current=row.revision)
    values = usable(session, actor, given, lines_of(session, [relation_id])[relation_id])
    number = values.get("kvk_number")
    if number is not None and number != row.kvk_number:
        check_unknown(session, actor, number, besides=relation_id)
    country = values.get("country", row.country)
    foreign = values.get("foreign_number", row.foreign_number)
    if (country, foreign) != (row.country, row.foreign_number):
        _check_foreign(session, actor, country, foreign, besides=relation_id)
    change_suppliers(session, actor, moment, {relation_id: values}, origin)
    return row


def assign_buyer(
    session: Session, actor: Actor, moment: Moment, relation_id: int, buyer_id: int | None
) -> RelationRow:
    """Give the supplier to a buyer, or to nobody."""
    return change_supplier(session, actor, moment, relation_id, {"buyer_id": buyer_id})


def usable(
    session: Session, actor: Actor, given: Mapping[str, Any], before: Lines = ()
) -> dict[str, Any]:
    """The values in their stored form. Raises InputInvalid for the first that cannot be used.

    Who buys for a division already may have left since.
    """
    cleaned = clean(given)
    if cleaned.mistakes:
        raise cleaned.mistakes[0]
    values = cleaned.values
    if "country" in values and country_code(values["country"]) is None:
        raise InputInvalid(field="country", reason="not-a-country", given=values["country"])
    asked = {line.buyer_id for line in values.get("divisions", ())}
    asked -= {line.buyer_id for line in before}
    asked = (asked | {values.get("buyer_id")}) - {None}
    if asked:
        buyers = {person.id for person in buyers_of(session, actor.customer_id)}
        for buyer_id in asked - buyers:
            raise InputInvalid(field="buyer_id", reason="not-a-buyer", given=buyer_id)
    return values


def add_suppliers(
    session: Session,
    actor: Actor,
    moment: Moment,
    added: Sequence[Mapping[str, Any]],
    origin: str,
) -> list[int]:
    """Any number of new suppliers of which all is checked, in sets; the customer is locked."""
    if not added:
        return []
    added = [settled(values, (), moment.today.year) for values in added]
    ids = add_relations(session, actor.customer_id, moment, added)
    append_all(
        session,
        [
            (
                SupplierAdded(
                    name=values["name"], kvk_number=values.get("kvk_number"), origin=origin
                ),
                Record(actor=actor, moment=moment, relation_id=relation_id, is_shared=False),
            )
            for relation_id, values in zip(ids, added, strict=True)
        ],
    )
    reassess(session, moment, ids)
    return ids


def change_suppliers(
    session: Session,
    actor: Actor,
    moment: Moment,
    wanted: Mapping[int, Mapping[str, Any]],
    origin: str,
) -> list[int]:
    """Any number of changes of which all is checked; returns the ids of what differed.

    What is said of a supplier as a whole concerns its only division. Raises InputInvalid where
    it has several, among which that cannot be divided.
    """
    rows = lock_relations(session, sorted(wanted))
    numbers = creditor_numbers_of(session, sorted(wanted))
    lines = lines_of(session, sorted(wanted))
    recorded = []
    for row in rows:
        before = supplier_values(row, numbers[row.id], lines[row.id])
        values = settled(wanted[row.id], lines[row.id], moment.today.year)
        values = {field: value for field, value in values.items() if value != before[field]}
        changed = changes(before, values)
        if not changed:
            continue
        write_values(session, row, before, values, moment)
        change = SupplierChanged(changed=changed, origin=origin)
        record = Record(actor=actor, moment=moment, relation_id=row.id, is_shared=False)
        recorded.append((change, record))
    session.flush()
    append_all(session, recorded)
    changed_ids = [record.relation_id for _, record in recorded if record.relation_id is not None]
    announce_data(session, moment, changed_ids)
    reassess(session, moment, changed_ids)
    return changed_ids


def check_unknown(
    session: Session, actor: Actor, kvk_number: str | None, besides: int | None = None
) -> None:
    """Raises SupplierKnown where another supplier has the number, or had it before."""
    if kvk_number is None:
        return
    holder = holder_of(session, actor.customer_id, kvk_number)
    if holder is not None and holder.id != besides:
        raise SupplierKnown(kvk_number=kvk_number, relation=holder.id, name=holder.name)


def _check_foreign(
    session: Session,
    actor: Actor,
    country: str | None,
    number: str | None,
    besides: int | None = None,
) -> None:
    """The same of a number in a register abroad."""
    if number is None:
        return
    country = country or "NL"
    holder = holder_of_foreign(session, actor.customer_id, country, number)
    if holder is not None and holder.id != besides:
        raise SupplierKnown(
            foreign_number=number, country=country, relation=holder.id, name=holder.name
        )
