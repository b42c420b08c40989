"""Contacts who are away: what holds on a day, and whose reminders change hands because of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement, Subquery

from onboarding.domain.contact_absences import ContactAway, ContactBack
from onboarding.domain.mail_choices import NEVER_URGENT, MailRhythm
from onboarding.domain.messages import REMINDERS
from onboarding.domain.people import Role
from onboarding.store.history import Record, append
from onboarding.store.messages import UNSENT
from onboarding.store.stages import TODAY
from onboarding.store.tables import ContactAbsenceRow, ContactRow, MessageRow, PersonRow

Away = ContactAbsenceRow
IS_UNSENT_REMINDER = and_(
    MessageRow.state.in_(UNSENT), MessageRow.kind.in_([kind.value for kind in REMINDERS])
)


@dataclass(frozen=True, slots=True)
class Absence:
    """One that is not over, with the names of both; `can` where the deputy can stand in at all."""

    row: ContactAbsenceRow
    person: str
    deputy: str
    can: bool

    def covers(self, on: date) -> bool:
        row = self.row
        is_called_off = row.ended_on is not None and row.ended_on <= on
        return row.starts_on <= on <= row.ends_on and not is_called_off


@dataclass(frozen=True, slots=True)
class Moving:
    """An unsent reminder, who has it, and who is to get it."""

    id: int
    key: str
    from_id: int
    to_id: int

    @property
    def new_key(self) -> str:
        """To whom is the last part of a key."""
        return f"{self.key.removesuffix(str(self.from_id))}{self.to_id}"


def covers(on: date | BindParameter[date], away: Any = Away) -> ColumnElement[bool]:
    return and_(
        away.starts_on <= on,
        away.ends_on >= on,
        or_(away.ended_on.is_(None), away.ended_on > on),
    )


def _takes_reminders(person_id: Any) -> ColumnElement[bool]:
    """An active contact of the absence's relation whose address works, and no wrong person."""
    return exists().where(
        ContactRow.person_id == person_id,
        ContactRow.relation_id == Away.relation_id,
        ContactRow.retired_at.is_(None),
        ContactRow.doubted_at.is_(None),
        ContactRow.role != Role.ADVISER,
        PersonRow.id == ContactRow.person_id,
        PersonRow.email.is_not(None),
        PersonRow.mail_refused_at.is_(None),
        PersonRow.mail_rhythm != MailRhythm.NONE,
    )


def _can() -> ColumnElement[bool]:
    """Who is away gets reminders, and the deputy can: else nothing changes."""
    return and_(_takes_reminders(Away.person_id), _takes_reminders(Away.deputy_id))


def standing_in(on: date | BindParameter[date]) -> Subquery:
    """Who stands in for whom that day; who is away too stands in for nobody."""
    other = aliased(ContactAbsenceRow)
    is_away_too = exists().where(
        other.relation_id == Away.relation_id,
        other.person_id == Away.deputy_id,
        covers(on, other),
    )
    columns = (Away.relation_id, Away.person_id, Away.deputy_id)
    return select(*columns).where(covers(on), _can(), ~is_away_too).distinct().subquery()


def _to_deputies(on: date | BindParameter[date]) -> Select[Any]:
    """The unsent reminders of who is away that day; only those that the person wants."""
    deputies = standing_in(on)
    return (
        select(MessageRow.id, MessageRow.key, MessageRow.person_id, deputies.c.deputy_id)
        .join(
            deputies,
            and_(
                deputies.c.relation_id == MessageRow.relation_id,
                deputies.c.person_id == MessageRow.person_id,
            ),
        )
        .join(PersonRow, PersonRow.id == MessageRow.person_id)
        .where(
            IS_UNSENT_REMINDER,
            MessageRow.stands_for.is_(None),
            or_(
                PersonRow.mail_rhythm != MailRhythm.URGENT,
                MessageRow.kind.not_in([kind.value for kind in NEVER_URGENT]),
            ),
        )
    )


def _back_from_deputies(on: date | BindParameter[date]) -> Select[Any]:
    """The unsent reminders with a deputy who does not stand in that day."""
    deputies = standing_in(on)
    stands_in = exists().where(
        deputies.c.relation_id == MessageRow.relation_id,
        deputies.c.person_id == MessageRow.stands_for,
        deputies.c.deputy_id == MessageRow.person_id,
    )
    return select(MessageRow.id, MessageRow.key, MessageRow.person_id, MessageRow.stands_for).where(
        IS_UNSENT_REMINDER, MessageRow.stands_for.is_not(None), ~stands_in
    )


# Built once: the one runs with every delivery, the other with every message to a supplier.
ANYTHING_TO_MOVE = select(or_(_back_from_deputies(TODAY).exists(), _to_deputies(TODAY).exists()))

STAND_INS = standing_in(TODAY)
DEPUTIES = select(STAND_INS.c.person_id, STAND_INS.c.deputy_id).where(
    STAND_INS.c.relation_id == bindparam("relation_id")
)


def is_anything_to_move(session: Session, on: date) -> bool:
    """Whether a reminder is with somebody else than who must get it that day."""
    return bool(session.scalar(ANYTHING_TO_MOVE, {"today": on}))


def to_deputies(session: Session, on: date, relation_id: int | None = None) -> list[Moving]:
    """The reminders that go to a deputy that day, locked; of one relation where it is named."""
    return _locked(session, _to_deputies(on), relation_id)


def back_from_deputies(session: Session, on: date, relation_id: int | None = None) -> list[Moving]:
    """The reminders that go back that day, locked; of one relation where it is named."""
    return _locked(session, _back_from_deputies(on), relation_id)


def _locked(session: Session, query: Select[Any], relation_id: int | None) -> list[Moving]:
    """Only what no other worker has in hand, until the transaction ends."""
    if relation_id is not None:
        query = query.where(MessageRow.relation_id == relation_id)
    query = query.with_for_update(of=MessageRow, skip_locked=True)
    return [Moving(*row) for row in session.execute(query.order_by(MessageRow.id))]


def keys_there(session: Session, keys: Iterable[str]) -> set[str]:
    return set(session.scalars(select(MessageRow.key).where(MessageRow.key.in_(list(keys)))))


def deputies_today(session: Session, relation_id: int, on: date) -> dict[int, int]:
    """Who stands in for whom, by who is away."""
    rows = session.execute(DEPUTIES, {"relation_id": relation_id, "today": on})
    return {person_id: deputy_id for person_id, deputy_id in rows}


def ahead(session: Session, relation_ids: Iterable[int], today: date) -> list[Absence]:
    """The absences in these relations that are not over, the first one first."""
    person, deputy = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(ContactAbsenceRow, person.name, deputy.name, _can())
        .join(person, person.id == Away.person_id)
        .join(deputy, deputy.id == Away.deputy_id)
        .where(
            Away.relation_id.in_(list(relation_ids)),
            Away.ends_on >= today,
            or_(Away.ended_on.is_(None), Away.ended_on > today),
        )
        .order_by(Away.starts_on, Away.id)
    )
    return [Absence(*row) for row in rows]


def stands_in_until(session: Session, row: MessageRow, on: date) -> date | None:
    """Until when the reader of this message stands in for somebody; None where that is over."""
    return session.scalar(
        select(Away.ends_on).where(
            Away.relation_id == row.relation_id,
            Away.person_id == row.stands_for,
            Away.deputy_id == row.person_id,
            covers(on),
        )
    )


def possible_deputies(session: Session, relation_id: int, person_id: int) -> Sequence[PersonRow]:
    """The other contacts of the relation who get mail and reminders, by name."""
    return session.scalars(
        select(PersonRow)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(
            ContactRow.relation_id == relation_id,
            ContactRow.person_id != person_id,
            ContactRow.retired_at.is_(None),
            ContactRow.doubted_at.is_(None),
            ContactRow.role != Role.ADVISER,
            PersonRow.email.is_not(None),
            PersonRow.mail_refused_at.is_(None),
            PersonRow.mail_rhythm != MailRhythm.NONE,
        )
        .order_by(PersonRow.name, PersonRow.id)
    ).all()


def record_away(session: Session, change: ContactAway, under: Record) -> ContactAbsenceRow:
    row = ContactAbsenceRow(
        relation_id=change.relation_id,
        person_id=change.person_id,
        deputy_id=change.deputy_id,
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        made_on=under.moment.today,
    )
    session.add(row)
    append(session, change, under)
    return row


def record_back(
    session: Session, row: ContactAbsenceRow, change: ContactBack, under: Record
) -> None:
    row.ended_on = under.moment.today
    append(session, change, under)
