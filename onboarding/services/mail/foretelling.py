"""What will be sent to suppliers if nothing changes: owed already, or foretold as the sweep owes.

Nothing is stored. What is foretold carries the key under which the sweep will owe it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select, Subquery

from onboarding.clock import Moment
from onboarding.domain.mail_choices import MailRhythm, is_wanted
from onboarding.domain.messages import REMINDERS, MessageKind
from onboarding.domain.people import Role
from onboarding.domain.reminders import SENDS_FROM
from onboarding.services.mail.piles import newest_stages, part, piles, urgency
from onboarding.services.mail.sweep import Sweep, milestone_reminders, together
from onboarding.services.mail.sweep_cadences import certificates_ending, proposal_reminders
from onboarding.services.statuses import policies_of
from onboarding.store import foretelling as store
from onboarding.store import owing, stages
from onboarding.store.contact_absences import keys_there
from onboarding.store.foretelling import Known
from onboarding.store.tables import MessageRow

DAYS_AHEAD = timedelta(days=30)
CADENCES = (milestone_reminders, proposal_reminders, certificates_ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A message that will go if nothing changes; one that is foretold stands in no table."""

    row: MessageRow
    falls_on: date
    is_foretold: bool = False

    @property
    def falls_at(self) -> datetime:
        """The start of its day, in UTC: before any mail goes."""
        return datetime.combine(self.falls_on, datetime.min.time(), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingMail:
    """What travels together to one person on one day."""

    on: date
    person_id: int
    parts: tuple[Coming, ...]

    @property
    def key(self) -> str:
        return self.parts[0].row.key

    @property
    def is_foretold(self) -> bool:
        return any(one.is_foretold for one in self.parts)

    def is_about(self, relation_ids: Iterable[int]) -> bool:
        wanted = set(relation_ids)
        return any(one.row.relation_id in wanted for one in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`mails` by day; `held` are messages that a buyer holds; `waiting` have no day now, and
    `unwanted` will not go: the reader declined them.
    """

    mails: tuple[ComingMail, ...]
    held: tuple[MessageRow, ...]
    waiting: tuple[Coming, ...]
    unwanted: tuple[Coming, ...]
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretelling(Sweep):
    """A sweep of the days to come, which owes nothing: it keeps what it would owe."""

    relations: Select[Any]
    until: date
    found: list[Coming] = field(default_factory=list)

    def beside(self, column: Any) -> ColumnElement[Any]:
        return column  # type: ignore[no-any-return]  # begins with the suppliers asked for

    def stages(
        self, column: Any, days: tuple[int, ...], since: Any
    ) -> list[tuple[int, ColumnElement[bool]]]:
        return stages.stages_to_come(column, days, since, self.today, self.until)

    def owe(
        self,
        kind: MessageKind,
        sources: Sequence[Select[Any]],
        to: Subquery,
        *,
        is_counted: bool = True,
    ) -> int:
        if kind not in REMINDERS:
            return 0
        rows = owing.foretell_messages(
            self.session, kind, together(sources), to, self.relations, self.values()
        )
        self.found.extend(
            Coming(row=store.as_message(row, self.customer_id, kind), falls_on=row.falls_on)
            for row in rows
        )
        return 0

    def owe_tasks(self, kind: str, role: Role, sources: Sequence[Select[Any]]) -> int:
        return 0


def horizon(today: date) -> date:
    return today + DAYS_AHEAD


def foretold_of(
    session: Session,
    moment: Moment,
    customer_id: int,
    relation_ids: Sequence[int] | Select[Any],
    until: date,
) -> list[Coming]:
    """What the sweeps of today and of the days until then will owe to these suppliers."""
    policy = policies_of(session, customer_id).on(moment.today)
    relations = relation_ids if isinstance(relation_ids, Select) else store.relations(relation_ids)
    look = Foretelling(
        session=session,
        moment=moment,
        customer_id=customer_id,
        policy=policy,
        relations=relations,
        until=until,
    )
    for cadence in CADENCES:
        cadence(look)
    return [Coming(row=one.row, falls_on=one.falls_on, is_foretold=True) for one in look.found]


def forecast(
    session: Session,
    moment: Moment,
    zone: tzinfo,
    customer_id: int,
    relations: Select[Any],
    until: date,
) -> Forecast:
    """What goes to these suppliers on which day until then; a fixed number of statements."""
    policy = policies_of(session, customer_id).on(moment.today)
    local = moment.now.astimezone(zone)
    # A contact of several suppliers gets one mail: what else is in it is read too.
    wanted, relations = relations, store.with_shared_contacts(customer_id, relations)
    stored = store.unsent_to_suppliers(session, customer_id, relations)
    coming = [
        Coming(row=row, falls_on=_falls_on(row, local))
        for row in stored
        if row.state in store.UNSENT
    ]
    coming += foretold_of(session, moment, customer_id, relations, until)
    notices = store.prepared_notices(session, customer_id, relations, until)
    held = [row for row in stored if row.state == "held"]
    about = [*(one.row for one in coming), *(row for row, _ in notices), *held]
    known = store.known_about(session, about, moment.today)
    coming += [
        Coming(row=row, falls_on=max(on, moment.today), is_foretold=True)
        for row, on in (*notices, *store.also_to_deputies(known, notices))
    ]
    coming = [_put_off(one, known) for one in coming if known.is_still_due(one.row)]
    unwanted = [one for one in coming if not known.is_wanted(one.row)]
    coming = [one for one in coming if known.is_wanted(one.row)]
    waiting = [one for one in coming if known.waits(one.row)]
    going = [one for one in coming if not known.waits(one.row)]
    mails = _live_through(session, going, local, until, policy.calendar, known)
    asked = store.which_of(session, known.relations, wanted)
    asked_mails = (mail for mail in mails if mail.is_about(asked))
    return Forecast(
        mails=tuple(sorted(asked_mails, key=lambda mail: (mail.on, known.name(mail.person_id)))),
        held=tuple(row for row in held if known.is_still_due(row) and row.relation_id in asked),
        waiting=tuple(one for one in waiting if one.row.relation_id in asked),
        unwanted=tuple(one for one in unwanted if one.row.relation_id in asked),
        known=known,
    )


def _falls_on(row: MessageRow, local: datetime) -> date:
    """From when it can go; a step's reminder travels with any digest before its own day."""
    if row.kind == MessageKind.MILESTONE_REMINDER:
        return local.date()
    return max(local.date(), row.due_at.astimezone(local.tzinfo).date())


def _put_off(one: Coming, known: Known) -> Coming:
    first = known.not_before(one.row)
    return replace(one, falls_on=max(one.falls_on, first)) if first else one


def _live_through(
    session: Session,
    coming: Sequence[Coming],
    local: datetime,
    until: date,
    calendar: Any,
    known: Known,
) -> list[ComingMail]:
    """Live through the days as the delivery will: what goes on which, to whom, and with what."""
    waiting = {id(one.row): one for one in coming}
    taken = _with_deputies_already(session, coming, known)
    found = []
    day = local.date()
    while waiting and day <= until:
        at = datetime.combine(day, SENDS_FROM, local.tzinfo)
        for person_id, ones in _by_reader(waiting, day, known, taken).items():
            rows, older = newest_stages([one.row for one in ones])
            for pile in piles(rows):
                going, _ = part(
                    pile,
                    max(at, local),
                    lambda number: calendar.with_closures(known.closures.get(number or 0, ())),
                    MailRhythm(known.people[person_id].mail_rhythm),
                )
                if going:
                    parts = [waiting.pop(id(row)) for row in sorted(going, key=urgency)]
                    to_reader = tuple(_for_reader(one, person_id) for one in parts)
                    found.append(ComingMail(on=day, person_id=person_id, parts=to_reader))
            for row in older:
                waiting.pop(id(row))
        day += timedelta(days=1)
    return found


def _by_reader(
    waiting: dict[int, Coming], day: date, known: Known, taken: set[str]
) -> dict[int, list[Coming]]:
    """What can go that day, by who gets it then; what the deputy has already goes no more."""
    found: dict[int, list[Coming]] = defaultdict(list)
    claimed = set(taken)
    for place, one in list(waiting.items()):
        if one.falls_on > day:
            continue
        reader = known.reader_on(one.row, day)
        if reader != one.row.person_id:
            key = _key_for(one.row, reader)
            is_wanted_there = is_wanted(one.row.kind, known.people[reader].mail_rhythm)
            if key in claimed or not is_wanted_there:
                waiting.pop(place)
                continue
            claimed.add(key)
        found[reader].append(one)
    return found


def _with_deputies_already(session: Session, coming: Sequence[Coming], known: Known) -> set[str]:
    """The keys of what deputies have, or will have, in their own right."""
    if not known.absences:
        return set()
    deputies = {one.row.deputy_id for one in known.absences}
    keys = {
        _key_for(one.row, deputy)
        for one in coming
        for deputy in deputies
        if one.row.kind in REMINDERS and deputy != one.row.person_id
    }
    return keys_there(session, keys) | {one.row.key for one in coming}


def _key_for(row: MessageRow, person_id: int) -> str:
    return f"{row.key.removesuffix(str(row.person_id))}{person_id}"


def _for_reader(one: Coming, person_id: int) -> Coming:
    """As the reader of that day gets it, under the key by which it can be held now."""
    if person_id == one.row.person_id:
        return one
    whose = store.owner(one.row)
    row = store.copy_for(one.row, person_id, None if whose == person_id else whose)
    return replace(one, row=row)
