"""Buyers of a customer: who stands in for whom today, where answers go, and what is in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Subquery, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from onboarding.domain.colleagues import (
    Absence,
    AbsenceCleared,
    AbsencePlanned,
    AnswersDirected,
)
from onboarding.store.history import Record, append
from onboarding.store.suppliers import buyers_of
from onboarding.store.tables import BuyerSettingsRow, MessageRow, PersonRow, RelationRow

UNSENT = ("planned", "queued")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """Who answers for a buyer today: itself, or its deputy until a day; and the address."""

    person: PersonRow
    reply_to: str | None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A buyer in the list of colleagues; `absence` is one that is not over."""

    person: PersonRow
    suppliers: int
    reply_to: str | None
    absence: Absence | None
    deputy: str | None


def is_away(on: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(BuyerSettingsRow.away_from <= on, BuyerSettingsRow.away_until >= on)


_DEPUTY = aliased(PersonRow)
REACHABLE = (
    select(PersonRow, BuyerSettingsRow, _DEPUTY)
    .outerjoin(
        BuyerSettingsRow,
        and_(
            BuyerSettingsRow.person_id == PersonRow.id,
            BuyerSettingsRow.customer_id == bindparam("customer"),
        ),
    )
    .outerjoin(_DEPUTY, and_(_DEPUTY.id == BuyerSettingsRow.deputy_id, is_away(bindparam("on"))))
    .where(PersonRow.id == bindparam("buyer"))
)


def acting_buyers(on: date | BindParameter[date]) -> Subquery:
    """For each relation with a buyer: who has it in hand on that day."""
    return (
        select(
            RelationRow.id.label("relation_id"),
            func.coalesce(BuyerSettingsRow.deputy_id, RelationRow.buyer_id).label("person_id"),
        )
        .outerjoin(
            BuyerSettingsRow,
            and_(
                BuyerSettingsRow.customer_id == RelationRow.customer_id,
                BuyerSettingsRow.person_id == RelationRow.buyer_id,
                is_away(on),
            ),
        )
        .where(RelationRow.buyer_id.is_not(None))
        .subquery()
    )


def stands_in_for(session: Session, customer_id: int, person_id: int, on: date) -> list[PersonRow]:
    """Whose work this person has in hand today."""
    return list(
        session.scalars(
            select(PersonRow)
            .join(BuyerSettingsRow, BuyerSettingsRow.person_id == PersonRow.id)
            .where(
                BuyerSettingsRow.customer_id == customer_id,
                BuyerSettingsRow.deputy_id == person_id,
                is_away(on),
            )
            .order_by(PersonRow.name)
        )
    )


def reachable(
    session: Session, customer_id: int, buyer_id: int | None, on: date
) -> Reachable | None:
    """Who answers for this buyer today, one statement; None where there is no buyer."""
    if buyer_id is None:
        return None
    asked = {"buyer": buyer_id, "customer": customer_id, "on": on}
    found = session.execute(REACHABLE, asked).first()
    if found is None:
        return None
    person, settings, other = found
    return Reachable(
        person=other or person,
        reply_to=settings.reply_to if settings else None,
        until=settings.away_until if other else None,
    )


def colleagues(session: Session, customer_id: int, on: date) -> list[Buyer]:
    """The buyers by name, with what they have in hand; three statements for all."""
    people = buyers_of(session, customer_id)
    counted = session.execute(
        select(RelationRow.buyer_id, func.count())
        .where(
            RelationRow.customer_id == customer_id,
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > on),
        )
        .group_by(RelationRow.buyer_id)
    )
    suppliers = dict(counted.tuples().all())
    deputy = aliased(PersonRow)
    rows = session.execute(
        select(BuyerSettingsRow, deputy.name)
        .outerjoin(deputy, deputy.id == BuyerSettingsRow.deputy_id)
        .where(BuyerSettingsRow.customer_id == customer_id)
    )
    settings = {row.person_id: (row, name) for row, name in rows}
    return [
        _buyer(person, suppliers.get(person.id, 0), *settings.get(person.id, (None, None)), on)
        for person in people
    ]


def relations_in_hand(session: Session, customer_id: int, person_id: int) -> list[int]:
    return list(
        session.scalars(
            select(RelationRow.id)
            .where(RelationRow.customer_id == customer_id, RelationRow.buyer_id == person_id)
            .order_by(RelationRow.id)
        )
    )


def record(
    session: Session, change: AbsencePlanned | AbsenceCleared | AnswersDirected, under: Record
) -> None:
    """Keep what was decided about one buyer; the customer is locked."""
    row = _settings(session, under.actor.customer_id, change.person_id)
    match change:
        case AbsencePlanned():
            row.deputy_id = change.deputy_id
            row.away_from, row.away_until = change.starts_on, change.ends_on
        case AbsenceCleared():
            row.deputy_id = row.away_from = row.away_until = None
        case AnswersDirected():
            row.reply_to = change.reply_to
    append(session, change, under)


def who_rely_on(session: Session, customer_id: int, deputy_id: int) -> list[int]:
    """Who named this person as their deputy."""
    return list(
        session.scalars(
            select(BuyerSettingsRow.person_id).where(
                BuyerSettingsRow.customer_id == customer_id,
                BuyerSettingsRow.deputy_id == deputy_id,
            )
        )
    )


def readdress(session: Session, relation_ids: Sequence[int], from_id: int, to_id: int) -> int:
    """Let what was not sent yet go to who took over; returns how many messages that were.

    What that person is owed already is not owed twice.
    """
    if not relation_ids:
        return 0
    rows = list(
        session.scalars(
            select(MessageRow)
            .where(
                MessageRow.relation_id.in_(relation_ids),
                MessageRow.person_id == from_id,
                MessageRow.state.in_(UNSENT),
                MessageRow.mail_id.is_(None),
            )
            .order_by(MessageRow.id)
            .with_for_update()
        )
    )
    keys = {row.id: f"{row.key.rpartition(':')[0]}:{to_id}" for row in rows}
    owed = set(session.scalars(select(MessageRow.key).where(MessageRow.key.in_(keys.values()))))
    for row in rows:
        if keys[row.id] in owed:
            row.state, row.end_reason = "superseded", "handed-over"
        else:
            row.key, row.person_id = keys[row.id], to_id
    session.flush()
    return len(rows)


def _settings(session: Session, customer_id: int, person_id: int) -> BuyerSettingsRow:
    row = session.scalars(
        select(BuyerSettingsRow).where(
            BuyerSettingsRow.customer_id == customer_id, BuyerSettingsRow.person_id == person_id
        )
    ).first()
    if row is None:
        row = BuyerSettingsRow(customer_id=customer_id, person_id=person_id)
        session.add(row)
    return row


def _buyer(
    person: PersonRow,
    suppliers: int,
    settings: BuyerSettingsRow | None,
    deputy: str | None,
    on: date,
) -> Buyer:
    absence = None
    if settings and settings.deputy_id and settings.away_from and settings.away_until:
        absence = Absence(
            deputy_id=settings.deputy_id,
            starts_on=settings.away_from,
            ends_on=settings.away_until,
        )
    is_over = absence is None or absence.ends_on < on
    return Buyer(
        person=person,
        suppliers=suppliers,
        reply_to=settings.reply_to if settings else None,
        absence=None if is_over else absence,
        deputy=None if is_over else deputy,
    )
