"""Reading one supplier for its page: how it stands, who is there, and everything that happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.closures import Closure
from onboarding.domain.eligibility import Period
from onboarding.domain.people import Actor, Duty
from onboarding.domain.redaction import texts_of
from onboarding.domain.suppliers import CreditorNumber
from onboarding.services.pathway.turns import Turn, turns_of
from onboarding.services.status_reading import Reading, read_status, whole_timeline
from onboarding.store.closures import closures_of
from onboarding.store.contact_absences import Absence
from onboarding.store.contact_absences import ahead as absences_of
from onboarding.store.contacts import ContactWithPerson, contacts_of, names_of
from onboarding.store.history import of_relation
from onboarding.store.relations import visible_relation
from onboarding.store.statements import statements_about
from onboarding.store.suppliers import creditor_numbers_of, former_numbers_of
from onboarding.store.tables import EventRow, MilestoneRow, RelationRow

EVENTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """Something that happened; `who` is None for the tool, people in `facts` have their names.

    `said_on` and `said_by` tell of what a buyer recorded for the supplier when and by whom it was
    said, and `statement_id` where that stands; `changed` lists the fields of a supplier that
    were changed, with names for people. One that `has_text` holds words that somebody wrote.
    """

    id: int
    at: datetime
    code: str
    facts: dict[str, Any]
    who: str | None
    side: str
    channel: str | None
    said_by: str | None
    said_on: date | None
    statement_id: int | None
    is_shared: bool
    has_text: bool = False
    changed: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierView:
    """A supplier as its page shows it. `coming` are the periods from today on."""

    relation: RelationRow
    reading: Reading | None
    turn: Turn
    buyer: str | None
    numbers: tuple[CreditorNumber, ...]
    former_numbers: tuple[str, ...]
    contacts: Sequence[ContactWithPerson]
    closures: Sequence[Closure]
    absences: Sequence[Absence]
    coming: tuple[Period, ...]
    events: Sequence[HistoryEvent]
    older_than: int | None


def read_supplier(
    session: Session,
    actor: Actor,
    moment: Moment,
    relation_id: int,
    before_id: int | None = None,
) -> SupplierView:
    """The supplier, with the latest events or those before `before_id`. Raises NotFound."""
    actor.must(Duty.READ)
    row = visible_relation(session, actor, relation_id)
    rows = of_relation(
        session, relation_id, shared_only=False, before_id=before_id, limit=EVENTS_AT_ONCE + 1
    )
    shown, more = rows[:EVENTS_AT_ONCE], rows[EVENTS_AT_ONCE:]
    people = names_of(session, [row.buyer_id] if row.buyer_id else [])
    periods = whole_timeline(session, relation_id)
    return SupplierView(
        relation=row,
        reading=read_status(session, relation_id, moment.today),
        turn=turns_of(session, [relation_id], moment.today)[relation_id],
        buyer=people.get(row.buyer_id or 0),
        numbers=creditor_numbers_of(session, [relation_id])[relation_id],
        former_numbers=former_numbers_of(session, relation_id),
        contacts=contacts_of(session, relation_id),
        closures=closures_of(session, relation_id, moment.today),
        absences=absences_of(session, [relation_id], moment.today),
        coming=told_apart(period for period in periods if period.ends_on >= moment.today),
        events=tell_events(session, shown),
        older_than=shown[-1].id if more else None,
    )


def told_apart(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods that follow each other and read the same, as under a newer policy, are one."""
    found: list[Period] = []
    for period in periods:
        if found and _words(found[-1]) == _words(period):
            found[-1] = replace(found[-1], ends_on=period.ends_on)
        else:
            found.append(period)
    return tuple(found)


def _words(period: Period) -> tuple[object, ...]:
    return period.status, period.verdict.reasons, period.verdict.warnings


def tell_events(session: Session, rows: Sequence[EventRow]) -> list[HistoryEvent]:
    """Events with the names of people and the titles of steps, three queries for all."""
    ids = {i for row in rows for i in (row.actor_id, row.said_by, *_people(row.facts)) if i}
    names = names_of(session, list(ids))
    titles = _titles(session, [row.milestone_id for row in rows if row.milestone_id])
    statements = statements_about(session, [row.id for row in rows if row.said_by])
    return [_event(row, names, titles, statements) for row in rows]


def _event(
    row: EventRow, names: dict[int, str], titles: dict[int, str], statements: dict[int, int]
) -> HistoryEvent:
    facts = dict(row.facts)
    if row.milestone_id in titles:
        facts.setdefault("milestone", titles[row.milestone_id])
    if facts.get("person_id") in names:
        facts["person"] = names[facts["person_id"]]
    changed = [dict(one) for one in facts.pop("changed", []) if isinstance(one, dict)]
    for one in changed:
        if one.get("field") == "buyer_id":
            one |= {k: names.get(int(one[k])) for k in ("was", "becomes") if one.get(k)}
    return HistoryEvent(
        id=row.id,
        at=row.at,
        code=row.code,
        facts=facts,
        who=names.get(row.actor_id or 0),
        side=row.actor_side,
        channel=row.channel,
        said_by=names.get(row.said_by or 0),
        said_on=row.said_on,
        statement_id=statements.get(row.id),
        is_shared=row.is_shared,
        has_text=bool(texts_of(row.facts)),
        changed=tuple(changed),
    )


def _people(facts: dict[str, Any]) -> list[int]:
    """The people that facts name by id."""
    named = [facts["person_id"]] if isinstance(facts.get("person_id"), int) else []
    for one in facts.get("changed", ()):
        if isinstance(one, dict) and one.get("field") == "buyer_id":
            named += [int(one[k]) for k in ("was", "becomes") if one.get(k)]
    return named


def _titles(session: Session, milestone_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(MilestoneRow.id, MilestoneRow.title).where(MilestoneRow.id.in_(set(milestone_ids)))
    )
    return {milestone_id: title for milestone_id, title in rows}
