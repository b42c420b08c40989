"""Answers programs: may they buy from this supplier, on which day, as known at which instant.

What is told was stored; nothing is calculated from facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Status
from onboarding.domain.references import NotYetKnown, Ref
from onboarding.services.references import the_one
from onboarding.services.sessions import sha256
from onboarding.services.status_reading import Reading, reading
from onboarding.store.eligibility import SupplierTold, look_up, suppliers_told
from onboarding.store.eligibility_pages import page_of_ids
from onboarding.store.tokens import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A supplier's buying status, with the instant at which it was known so."""

    relation_id: int
    kvk_number: str | None
    name: str
    reading: Reading
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The day and the instant of a question; without `known_at`: as known now."""

    on: date
    moment: Moment
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one statement found: the program, if its token works, and what it may be told."""

    program: Program | None
    ref: Ref
    asked: Asked
    found: Sequence[SupplierTold]

    def answer(self) -> Answer:
        """The status. Raises RefUnknown, RefAmbiguous, NotYetKnown."""
        asked = self.asked
        supplier = the_one(self.ref, self.found)
        told = reading(supplier.relation_id, supplier.told, asked.on)
        if told is None:
            raise NotYetKnown(ref=str(self.ref), on=asked.on, known_at=asked.known_at)
        newest = max(one.known_from for one in supplier.told)
        return _answer(supplier, told, asked.known_at or max(asked.moment.now, newest))


def look_up_status(session: Session, token: str, now: datetime, ref: Ref, asked: Asked) -> Lookup:
    """Token and status in one statement; `now` is the instant that tokens live on."""
    program, found = look_up(session, sha256(token), now, ref, asked.on, asked.known_at)
    return Lookup(program, ref, asked, found)


def list_statuses(
    session: Session,
    customer_id: int,
    on: date,
    known_at: datetime,
    *,
    statuses: Sequence[Status],
    after_id: int,
    limit: int,
) -> list[Answer]:
    """The next suppliers of the customer, by id, whose status on the day is one of these.

    One of which nothing was known then is left out.
    """
    ids = page_of_ids(
        session,
        customer_id,
        on=on,
        known_at=known_at,
        statuses=statuses,
        after_id=after_id,
        limit=limit,
    )
    answers = []
    for supplier in suppliers_told(session, ids, on, known_at):
        told = reading(supplier.relation_id, supplier.told, on)
        if told is not None:
            answers.append(_answer(supplier, told, known_at))
    return answers


def _answer(supplier: SupplierTold, told: Reading, known_at: datetime) -> Answer:
    return Answer(
        relation_id=supplier.relation_id,
        kvk_number=supplier.kvk_number,
        name=supplier.name,
        reading=told,
        known_at=known_at,
    )
