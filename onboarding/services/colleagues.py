"""Buyers hand over: for some days to a deputy, or for good to a successor."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.colleagues import (
    Absence,
    AbsenceCleared,
    check_successor,
    direct_answers,
    plan_absence,
)
from onboarding.domain.errors import NotFound
from onboarding.domain.identifiers import email_from
from onboarding.domain.people import Actor, Duty
from onboarding.services.suppliers import change_suppliers
from onboarding.store import colleagues as store
from onboarding.store.batches import hand_batches_over, has_batches
from onboarding.store.colleagues import Buyer
from onboarding.store.history import Record
from onboarding.store.suppliers import buyers_of, lock_customer

HANDED_OVER = "hand-over"


def list_colleagues(session: Session, actor: Actor, moment: Moment) -> list[Buyer]:
    actor.must(Duty.READ)
    return store.colleagues(session, actor.customer_id, moment.today)


def colleague(session: Session, actor: Actor, moment: Moment, person_id: int) -> Buyer:
    """One buyer: itself, or anybody for a manager. Raises NotFound for others."""
    for one in list_colleagues(session, actor, moment):
        if one.person.id == person_id:
            actor.must(Duty.BUY if actor.person_id == person_id else Duty.GOVERN)
            return one
    raise NotFound(person=person_id)


def set_absence(
    session: Session,
    actor: Actor,
    moment: Moment,
    person_id: int,
    *,
    deputy_id: int | None,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    """Plan an absence with a deputy, or clear it where no deputy is named."""
    lock_customer(session, actor.customer_id)
    colleague(session, actor, moment, person_id)
    absence = None
    if deputy_id is not None and ends_on is not None:
        absence = Absence(deputy_id=deputy_id, starts_on=starts_on or moment.today, ends_on=ends_on)
    change = plan_absence(person_id, absence, _buyers(session, actor), actor, moment.today)
    store.record(session, change, _under(actor, moment))


def set_reply_to(
    session: Session, actor: Actor, moment: Moment, person_id: int, reply_to: str | None
) -> None:
    """Answers to this buyer's mail go to an address of the team. Raises InputInvalid."""
    lock_customer(session, actor.customer_id)
    colleague(session, actor, moment, person_id)
    address = email_from(reply_to, field="reply_to") if reply_to else None
    store.record(session, direct_answers(person_id, address, actor), _under(actor, moment))


def hand_over(session: Session, actor: Actor, moment: Moment, from_id: int, to_id: int) -> int:
    """Every supplier of one buyer goes to another, with what was not mailed yet.

    Tasks and answers to mail follow the supplier; proposals planned for a later day go in the name
    of the other. Returns how many suppliers went.
    """
    lock_customer(session, actor.customer_id)
    check_successor(from_id, to_id, _buyers(session, actor), actor)
    ids = store.relations_in_hand(session, actor.customer_id, from_id)
    change_suppliers(session, actor, moment, {one: {"buyer_id": to_id} for one in ids}, HANDED_OVER)
    store.readdress(session, ids, from_id, to_id)
    hand_batches_over(session, actor.customer_id, from_id, to_id)
    return len(ids)


def let_go(
    session: Session, actor: Actor, moment: Moment, person_id: int, successor_id: int | None
) -> None:
    """Before a buyer leaves: its suppliers need a successor, and nobody relies on it any more.

    So does what it still has under way for many suppliers. Raises InputInvalid for a successor
    that is missing or no buyer.
    """
    in_hand = store.relations_in_hand(session, actor.customer_id, person_id)
    if in_hand or has_batches(session, actor.customer_id, person_id):
        hand_over(session, actor, moment, person_id, successor_id or 0)
    for other in store.who_rely_on(session, actor.customer_id, person_id):
        store.record(session, AbsenceCleared(person_id=other), _under(actor, moment))


def _buyers(session: Session, actor: Actor) -> frozenset[int]:
    return frozenset(person.id for person in buyers_of(session, actor.customer_id))


def _under(actor: Actor, moment: Moment) -> Record:
    return Record(actor=actor, moment=moment, is_shared=False)
