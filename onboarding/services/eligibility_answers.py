"""Answers programs: may they buy from this supplier, on which day, as known at which instant.

What is told was stored; nothing is calculated from facts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Period, Status
from onboarding.domain.references import NotYetKnown, Ref
from onboarding.services.references import the_one
from onboarding.services.sessions import sha256
from onboarding.services.status_reading import Reading, reading
from onboarding.store.eligibility import SupplierTold, look_up, suppliers_told
from onboarding.store.eligibility_pages import Listed as Listed
from onboarding.store.eligibility_pages import page_of_ids, page_of_rows
from onboarding.store.tokens import Program

FIRST_PAGE, PAGE = 100, 2000  # the first rows soon, then many at once
SCAN = 1000  # at least, for a page that leaves many out


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A supplier's buying status, with the instant at which it was known so."""

    relation_id: int
    kvk_number: str | None
    name: str
    reading: Reading
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAnswer:
    """What a supplier's status was, is and will be if nothing new is recorded.

    The periods follow each other without gap; the last ends on 9999-12-31.
    """

    relation_id: int
    kvk_number: str | None
    name: str
    periods: Sequence[Period]
    on: date
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
        return _answer(supplier, told, self._known_at(supplier))

    def timeline(self) -> TimelineAnswer:
        """Every period, passed ones too. Raises RefUnknown, RefAmbiguous, NotYetKnown."""
        asked = self.asked
        supplier = the_one(self.ref, self.found)
        if not supplier.told:
            raise NotYetKnown(ref=str(self.ref), on=asked.on, known_at=asked.known_at)
        return TimelineAnswer(
            relation_id=supplier.relation_id,
            kvk_number=supplier.kvk_number,
            name=supplier.name,
            periods=joined(one.period for one in supplier.told),
            on=asked.on,
            known_at=self._known_at(supplier),
        )

    def _known_at(self, supplier: SupplierTold) -> datetime:
        newest = max(one.known_from for one in supplier.told)
        return self.asked.known_at or max(self.asked.moment.now, newest)


def look_up_status(
    connection: Connection,
    token: str,
    now: datetime,
    ref: Ref,
    asked: Asked,
    *,
    is_whole: bool = False,
) -> Lookup:
    """Token and status in one statement; `now` is the instant that tokens live on.

    The `is_whole` timeline is needed for `timeline()`.
    """
    program, found = look_up(
        connection, sha256(token), now, ref, asked.on, asked.known_at, is_whole=is_whole
    )
    return Lookup(program, ref, asked, found)


def joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods that follow each other, with those of one verdict as one."""
    found: list[Period] = []
    for period in periods:
        if found and found[-1].verdict == period.verdict:
            found[-1] = replace(found[-1], ends_on=period.ends_on)
        else:
            found.append(period)
    return tuple(found)


def list_statuses(session: Session, listed: Listed, *, after_id: int, limit: int) -> list[Answer]:
    """The next suppliers of the list, by id; one of which nothing was known then is left out."""
    ids: list[int] = []
    following: int | None = after_id
    is_whole = len(listed.statuses) == len(Status) and listed.changed_since is None
    scan = limit if is_whole else max(limit, SCAN)
    while following is not None and len(ids) < limit:
        found, following = page_of_ids(session, listed, after_id=following, limit=scan)
        ids += found
    ids = ids[:limit]
    on, known_at = listed.on, listed.known_at
    answers = (answer_of(one, on, known_at) for one in suppliers_told(session, ids, on, known_at))
    return [answer for answer in answers if answer is not None]


def pages_of_statuses(session: Session, listed: Listed) -> Iterator[Sequence[Row[Any]]]:
    """The whole list, as rows of `page_of_rows`; no transaction is open while a page is written."""
    after_id: int | None = 0
    size = FIRST_PAGE
    while after_id is not None:
        rows, after_id = page_of_rows(session, listed, after_id=after_id, limit=size)
        session.rollback()
        if rows:
            yield rows
        size = PAGE


def answer_of(supplier: SupplierTold, on: date, known_at: datetime) -> Answer | None:
    """The supplier's status on the day; None where nothing was known of that day."""
    told = reading(supplier.relation_id, supplier.told, on)
    return _answer(supplier, told, known_at) if told is not None else None


def _answer(supplier: SupplierTold, told: Reading, known_at: datetime) -> Answer:
    return Answer(
        relation_id=supplier.relation_id,
        kvk_number=supplier.kvk_number,
        name=supplier.name,
        reading=told,
        known_at=known_at,
    )
