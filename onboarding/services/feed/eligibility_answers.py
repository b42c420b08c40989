"""Answers programs: may they buy from this supplier, on which day, as known at which instant.

What is told was stored; nothing is calculated from facts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import NamedTuple

from sqlalchemy.engine import Connection

from onboarding.clock import Moment
from onboarding.domain.eligibility import Period
from onboarding.domain.references import NotYetKnown, Ref
from onboarding.services.feed.references import the_one
from onboarding.services.sessions import sha256
from onboarding.store.eligibility import SupplierTold, look_up
from onboarding.store.eligibility_pages import Listed as Listed
from onboarding.store.eligibility_pages import page_of_rows
from onboarding.store.eligibility_rows import ID as ID
from onboarding.store.eligibility_rows import REASONS as REASONS
from onboarding.store.eligibility_rows import STATUS_TOLD as STATUS_TOLD
from onboarding.store.eligibility_rows import Written as Written
from onboarding.store.eligibility_timelines import TimelineTold, look_up_timeline
from onboarding.store.readers import one_read
from onboarding.store.tokens import Program

FIRST_PAGE, PAGE = 100, 2000  # the first rows soon, then many at once
SCAN, LARGEST_SCAN = 200, 1000  # suppliers looked through at once, for a page that leaves many out


class Answer(NamedTuple):
    """A supplier's buying status on a day, as its row, with the instant at which it was known."""

    row: Written
    on: date
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


class Asked(NamedTuple):
    """The day and the instant of a question; without `known_at`: as known now."""

    on: date
    moment: Moment
    known_at: datetime | None = None

    def not_yet_known(self, ref: Ref) -> NotYetKnown:
        return NotYetKnown(ref=str(ref), on=self.on, known_at=self.known_at)


class Lookup(NamedTuple):
    """What one statement found: the program, if its token works, and what it may be told."""

    program: Program | None
    ref: Ref
    asked: Asked
    found: Sequence[SupplierTold]

    def answer(self) -> Answer:
        """The status. Raises RefUnknown, RefAmbiguous, NotYetKnown."""
        asked = self.asked
        supplier = the_one(self.ref, self.found)
        if supplier.row is None or supplier.known_from is None:
            raise asked.not_yet_known(self.ref)
        known_at = asked.known_at or max(asked.moment.now, supplier.known_from)
        return Answer(supplier.row, asked.on, known_at)


class TimelineLookup(NamedTuple):
    """The same of the whole timeline."""

    program: Program | None
    ref: Ref
    asked: Asked
    found: Sequence[TimelineTold]

    def timeline(self) -> TimelineAnswer:
        """Every period, passed ones too. Raises RefUnknown, RefAmbiguous, NotYetKnown."""
        asked = self.asked
        supplier = the_one(self.ref, self.found)
        if not supplier.told:
            raise asked.not_yet_known(self.ref)
        newest = max(one.known_from for one in supplier.told)
        return TimelineAnswer(
            relation_id=supplier.relation_id,
            kvk_number=supplier.kvk_number,
            name=supplier.name,
            periods=joined(one.period for one in supplier.told),
            on=asked.on,
            known_at=asked.known_at or max(asked.moment.now, newest),
        )


def look_up_status(
    connection: Connection, token: str, now: datetime, ref: Ref, asked: Asked
) -> Lookup:
    """Token and status in one statement; `now` is the instant that tokens live on."""
    program, found = look_up(
        connection, sha256(token), now, ref, asked.on, asked.known_at, asked.moment.today
    )
    return Lookup(program, ref, asked, found)


def look_up_through_time(
    connection: Connection, token: str, now: datetime, ref: Ref, asked: Asked
) -> TimelineLookup:
    """Token and timeline in one statement."""
    program, found = look_up_timeline(connection, sha256(token), now, ref, asked.known_at)
    return TimelineLookup(program, ref, asked, found)


def joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods that follow each other, with those of one verdict as one."""
    found: list[Period] = []
    for period in periods:
        if found and found[-1].verdict == period.verdict:
            found[-1] = replace(found[-1], ends_on=period.ends_on)
        else:
            found.append(period)
    return tuple(found)


def list_statuses(listed: Listed, *, after_id: int, limit: int) -> list[Written]:
    """The next suppliers of the list, by id; one of which nothing was known then is left out."""
    rows: list[Written] = []
    following: int | None = after_id
    scanned, scan = 0, limit if listed.is_whole else max(limit, SCAN)
    while following is not None and len(rows) < limit:
        with one_read() as connection:
            found, following = page_of_rows(connection, listed, after_id=following, limit=scan)
        rows += found
        scanned += scan
        scan = limit if listed.is_whole else _next_scan(limit - len(rows), len(rows) / scanned)
    return rows[:limit]


def _next_scan(lacking: int, share: float) -> int:
    """How many suppliers hold what a page lacks, where so many of those seen were held.

    A quarter more, and one of a few sizes: each has a statement of its own.
    """
    likely = lacking / share * 1.25 if share else LARGEST_SCAN
    return min(ceil(likely / SCAN) * SCAN, LARGEST_SCAN)


def pages_of_statuses(listed: Listed) -> Iterator[Sequence[Written]]:
    """The whole list; no transaction is open while a page is written."""
    after_id: int | None = 0
    size = FIRST_PAGE
    while after_id is not None:
        with one_read() as connection:
            rows, after_id = page_of_rows(connection, listed, after_id=after_id, limit=size)
        if rows:
            yield rows
        size = PAGE
