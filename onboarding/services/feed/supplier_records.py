"""Suppliers as other programs read and write them: named by a reference, one record each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Actor
from onboarding.domain.references import Ref, RefKind, RefUnknown
from onboarding.services.feed.references import find_supplier
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.contacts import emails_of
from onboarding.store.divisions import lines_of
from onboarding.store.references import former_numbers_of
from onboarding.store.relations import lock_relations
from onboarding.store.suppliers import (
    buyers_of,
    creditor_numbers_of,
    lock_customer,
    supplier_values,
)
from onboarding.store.tables import PersonRow, RelationRow

BY_PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRecord:
    """What the customer holds of a supplier; `values` are the fields of `domain.suppliers`.

    `buyer` is the buyer's e-mail address, `emails` has those of the divisions' buyers by their id.
    """

    relation_id: int
    values: Mapping[str, Any]
    former_kvk_numbers: tuple[str, ...]
    buyer: str | None
    emails: Mapping[int, str | None]
    enrolled_on: date | None
    ended_on: date | None


# Refuses a change of what the program did not see: `judge(record)`, None for a new supplier.
Judge = Callable[[SupplierRecord | None], None]


def read_supplier(session: Session, actor: Actor, ref: Ref) -> SupplierRecord:
    """The supplier's record. Raises RefUnknown, RefAmbiguous."""
    found = find_supplier(session, actor, ref)
    return _record(session, session.get_one(RelationRow, found.relation_id))


def create_supplier(
    session: Session, actor: Actor, moment: Moment, given: Mapping[str, Any]
) -> SupplierRecord:
    """Add a supplier by its number: the Dutch one, or that of a register abroad.

    Raises SupplierKnown where it is there already, so that sending it again adds nothing;
    InputInvalid.
    """
    lock_customer(session, actor.customer_id)
    values = _with_buyers(session, actor, given, {})
    if not values.get("kvk_number") and not values.get("foreign_number"):
        raise InputInvalid(field="foreign_number", reason="required")
    return _record(session, add_supplier(session, actor, moment, values, BY_PROGRAM))


def put_supplier(
    session: Session,
    actor: Actor,
    moment: Moment,
    ref: Ref,
    given: Mapping[str, Any],
    judge: Judge,
) -> tuple[SupplierRecord, bool]:
    """Change the fields given, or add the supplier with this KvK number; tells whether it is new.

    Raises RefUnknown for another reference that nobody has, RefAmbiguous, SupplierKnown,
    InputInvalid, and what `judge` raises.
    """
    lock_customer(session, actor.customer_id)
    try:
        found = find_supplier(session, actor, ref)
    except RefUnknown:
        if ref.kind is not RefKind.KVK:
            raise
        judge(None)
        values = _with_buyers(session, actor, given, {})
        number = values.setdefault("kvk_number", ref.value)
        if number != ref.value:
            raise InputInvalid(
                field="kvk_number", reason="differs-from-address", given=number
            ) from None
        added = add_supplier(session, actor, moment, values, BY_PROGRAM)
        return _record(session, added), True
    record = _record(session, lock_relations(session, [found.relation_id])[0])
    judge(record)
    values = _with_buyers(session, actor, given, record.emails)
    row = change_supplier(session, actor, moment, found.relation_id, values, origin=BY_PROGRAM)
    return _record(session, row), False


def _with_buyers(
    session: Session, actor: Actor, given: Mapping[str, Any], stood: Mapping[int, str | None]
) -> dict[str, Any]:
    """The values with addresses of buyers turned into who they are.

    `divisions` are given as lines, each with the address of who buys there.
    """
    buyers = {buyer.email: buyer.id for buyer in buyers_of(session, actor.customer_id)}

    def who(address: str | None, known: Mapping[str | None, int], field: str) -> int | None:
        if not address:
            return None
        if address.lower() not in known:
            raise InputInvalid(field=field, reason="not-a-buyer", given=address)
        return known[address.lower()]

    values = {field: value for field, value in given.items() if field != "buyer"}
    if "buyer" in given:
        values["buyer_id"] = who(given["buyer"], buyers, "buyer")
    if "divisions" in given:
        there = {email: person_id for person_id, email in stood.items()} | buyers
        values["divisions"] = [
            replace(line, buyer_id=who(address, there, "divisions"))
            for line, address in given["divisions"]
        ]
    return values


def _record(session: Session, row: RelationRow) -> SupplierRecord:
    numbers = creditor_numbers_of(session, [row.id])[row.id]
    lines = lines_of(session, [row.id])[row.id]
    buyer = session.get(PersonRow, row.buyer_id) if row.buyer_id else None
    return SupplierRecord(
        relation_id=row.id,
        values=supplier_values(row, numbers, lines),
        former_kvk_numbers=former_numbers_of(session, row.id),
        buyer=buyer.email if buyer else None,
        emails=emails_of(session, [line.buyer_id for line in lines if line.buyer_id]),
        enrolled_on=row.enrolled_on,
        ended_on=row.ended_on,
    )
