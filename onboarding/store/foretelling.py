"""What the foretelling of mail reads: unsent messages, prepared notices, what they are about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import Select

from onboarding.domain.mail_choices import is_wanted
from onboarding.domain.messages import REMINDERS, MessageKind, is_task
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.notices import NoticeState
from onboarding.domain.workdays import DAY, Span
from onboarding.store import owing
from onboarding.store.colleagues import acting_buyers
from onboarding.store.contact_absences import Absence, ahead
from onboarding.store.messages import UNSENT
from onboarding.store.snoozes import covers, running
from onboarding.store.tables import (
    ClosureRow,
    ContactRow,
    MessageRow,
    MilestoneRow,
    NoticeRow,
    PersonRow,
    RelationRow,
    SnoozeRow,
)

__all__ = ["UNSENT", "Known"]

TASKS = tuple(kind for kind in MessageKind if is_task(kind))
OPEN = (MilestoneState.PLANNED, MilestoneState.STARTED)


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that messages are about, by number, read in sets."""

    people: dict[int, PersonRow]
    relations: dict[int, RelationRow]
    steps: dict[int, MilestoneRow]
    closures: dict[int, list[Span]]
    doubted: set[tuple[int, int]]
    put_off: list[SnoozeRow]
    absences: list[Absence]

    def name(self, person_id: int) -> str:
        return self.people[person_id].name

    def is_still_due(self, row: MessageRow) -> bool:
        """Not where the step is done or its day moved: the delivery will leave it out."""
        step = self.steps.get(row.milestone_id or 0)
        if row.kind != MessageKind.MILESTONE_REMINDER or step is None:
            return True
        day = step.deadline_on.isoformat() if step.deadline_on else ""
        return step.state in OPEN and row.facts.get("deadline_on", day) == day

    def is_wanted(self, row: MessageRow) -> bool:
        """Whether who owns it did not decline it."""
        return is_wanted(row.kind, self.people[owner(row)].mail_rhythm)

    def reader_on(self, row: MessageRow, day: date) -> int:
        """Who gets it if it goes that day: the deputy of who is away then."""
        if row.kind not in REMINDERS:
            return row.person_id
        there = [one for one in self.absences if one.row.relation_id == row.relation_id]
        away = {one.row.person_id: one for one in there if one.covers(day)}
        absence = away.get(owner(row))
        if absence is None or not absence.can or absence.row.deputy_id in away:
            return owner(row)
        return absence.row.deputy_id

    def not_before(self, row: MessageRow) -> date | None:
        """The first day after the reminders are put off; None where they are not."""
        until = covers(self.put_off, row.relation_id, row.milestone_id)
        return until + DAY if until and row.kind in REMINDERS else None

    def waits(self, row: MessageRow) -> bool:
        """Whether it has no day now: a buyer must first say who the right person is."""
        return row.kind in REMINDERS and (row.relation_id or 0, owner(row)) in self.doubted


def owner(row: MessageRow) -> int:
    """Whose it is, also while a deputy has it."""
    return row.stands_for or row.person_id


def relations(relation_ids: Sequence[int]) -> Select[Any]:
    return select(RelationRow.id).where(RelationRow.id.in_(relation_ids))


def relations_in_hand(customer_id: int, person_id: int | None, on: date) -> Select[Any]:
    """Those that somebody has in hand that day; all of the customer for nobody in particular."""
    if person_id is None:
        return select(RelationRow.id).where(RelationRow.customer_id == customer_id)
    acting = acting_buyers(on)
    return (
        select(RelationRow.id)
        .join(acting, acting.c.relation_id == RelationRow.id)
        .where(RelationRow.customer_id == customer_id, acting.c.person_id == person_id)
    )


def with_shared_contacts(customer_id: int, wanted: Select[Any]) -> Select[Any]:
    """These relations of the customer, and those of which the same people are contacts."""
    one, other = aliased(ContactRow), aliased(ContactRow)
    shared = (
        select(other.relation_id)
        .join(one, one.person_id == other.person_id)
        .where(one.relation_id.in_(wanted), one.retired_at.is_(None), other.retired_at.is_(None))
    )
    return select(RelationRow.id).where(
        RelationRow.customer_id == customer_id,
        or_(RelationRow.id.in_(wanted), RelationRow.id.in_(shared)),
    )


def which_of(session: Session, relation_ids: Iterable[int], wanted: Select[Any]) -> set[int]:
    return set(
        session.scalars(
            select(RelationRow.id).where(
                RelationRow.id.in_(list(relation_ids)), RelationRow.id.in_(wanted)
            )
        )
    )


def as_message(row: Any, customer_id: int, kind: str) -> MessageRow:
    """A message as the sweep would owe it; in no session."""
    return MessageRow(
        key=row.key,
        customer_id=customer_id,
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
        person_id=row.person_id,
        kind=kind,
        facts=row.facts,
    )


def unsent_to_suppliers(
    session: Session, customer_id: int, relations: Select[Any]
) -> list[MessageRow]:
    """What contacts of these suppliers are owed, held by a buyer or not."""
    return list(
        session.scalars(
            select(MessageRow)
            .where(
                MessageRow.customer_id == customer_id,
                MessageRow.relation_id.in_(relations),
                MessageRow.state.in_((*UNSENT, "held")),
                MessageRow.kind.not_in(TASKS),
                exists().where(
                    ContactRow.relation_id == MessageRow.relation_id,
                    ContactRow.person_id == MessageRow.person_id,
                ),
            )
            .order_by(MessageRow.id)
        )
    )


def prepared_notices(
    session: Session, customer_id: int, relations: Select[Any], until: date
) -> list[tuple[MessageRow, date]]:
    """Warnings that are not written yet, as messages, with the day planned for them."""
    to = owing.suppliers_readers()
    rows = session.execute(
        select(NoticeRow, to.c.person_id)
        .join(to, to.c.relation_id == NoticeRow.relation_id)
        .where(
            NoticeRow.relation_id.in_(relations),
            NoticeRow.state == NoticeState.PREPARED,
            NoticeRow.planned_on <= until,
            NoticeRow.text_on.is_(None),
        )
        .order_by(NoticeRow.id, to.c.person_id)
    )
    return [(_as_notice(notice, customer_id, reader), notice.planned_on) for notice, reader in rows]


def also_to_deputies(
    known: Known, notices: Sequence[tuple[MessageRow, date]]
) -> list[tuple[MessageRow, date]]:
    """A warning goes to who is away and to the deputy."""
    found = []
    there = {row.key for row, _ in notices}
    for row, on in notices:
        for one in known.absences:
            is_away = (one.row.relation_id, one.row.person_id) == (row.relation_id, row.person_id)
            key = f"{row.key.removesuffix(str(row.person_id))}{one.row.deputy_id}"
            if is_away and one.can and one.covers(on) and key not in there:
                found.append((copy_for(row, one.row.deputy_id, row.person_id, key=key), on))
    return found


def copy_for(
    row: MessageRow, person_id: int, stands_for: int | None, key: str | None = None
) -> MessageRow:
    """The message as another person will get it; in no session."""
    return MessageRow(
        id=row.id,
        key=key or row.key,
        customer_id=row.customer_id,
        relation_id=row.relation_id,
        milestone_id=row.milestone_id,
        person_id=person_id,
        stands_for=stands_for,
        kind=row.kind,
        facts=row.facts,
    )


def _as_notice(notice: NoticeRow, customer_id: int, person_id: int) -> MessageRow:
    kind = MessageKind.FORMAL_NOTICE
    return MessageRow(
        key=f"{kind}:{notice.id}:{notice.planned_on}:{person_id}",
        customer_id=customer_id,
        relation_id=notice.relation_id,
        milestone_id=notice.milestone_id,
        person_id=person_id,
        kind=kind,
        facts={"notice_id": notice.id, "missed_on": notice.missed_on.isoformat()},
    )


def known_about(session: Session, rows: Iterable[MessageRow], today: date) -> Known:
    """Seven statements, whatever the number of messages."""
    rows = list(rows)
    relation_ids = {row.relation_id for row in rows if row.relation_id is not None}
    steps = {row.milestone_id for row in rows if row.milestone_id is not None}
    closures: dict[int, list[Span]] = defaultdict(list)
    for row in session.scalars(select(ClosureRow).where(ClosureRow.relation_id.in_(relation_ids))):
        closures[row.relation_id].append(Span(row.starts_on, row.ends_on))
    absences = ahead(session, relation_ids, today)
    people = {one.row.deputy_id for one in absences}
    people |= {person_id for row in rows for person_id in (row.person_id, owner(row))}
    doubted = session.execute(
        select(ContactRow.relation_id, ContactRow.person_id).where(
            ContactRow.relation_id.in_(relation_ids),
            ContactRow.retired_at.is_(None),
            ContactRow.doubted_at.is_not(None),
        )
    )
    return Known(
        people=_by_id(session, PersonRow, people),
        relations=_by_id(session, RelationRow, relation_ids),
        steps=_by_id(session, MilestoneRow, steps),
        closures=closures,
        doubted=set(doubted.tuples()),
        put_off=running(session, relation_ids, today),
        absences=absences,
    )


def _by_id(session: Session, table: Any, ids: set[int]) -> dict[int, Any]:
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(ids)))}
