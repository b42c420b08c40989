"""The people on a supplier's side: found or made by address, and what they had under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Role
from onboarding.store.database import insert_ignoring
from onboarding.store.tables import ContactRow, MessageRow, PersonRow, RelationRow

UNSENT = ("planned", "queued", "held")


def takes_mail() -> tuple[ColumnElement[bool], ...]:
    """What holds for a contact, joined with its person, to whom mail about a relation goes."""
    return (
        ContactRow.retired_at.is_(None),
        ContactRow.role != Role.ADVISER,
        PersonRow.email.is_not(None),
        PersonRow.mail_refused_at.is_(None),
    )


@dataclass(frozen=True, slots=True)
class ContactWithPerson:
    """A contact, and who that is."""

    contact: ContactRow
    person: PersonRow


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """Who answers for a supplier, under which number, and when anybody last spoke."""

    name: str
    phone: str | None
    contact_on: date | None


def contacts_of(
    session: Session, relation_id: int, *, with_retired: bool = False
) -> list[ContactWithPerson]:
    """The main contact first, then by name."""
    query = (
        select(ContactRow, PersonRow)
        .join(PersonRow, PersonRow.id == ContactRow.person_id)
        .where(ContactRow.relation_id == relation_id)
        .order_by(ContactRow.is_main.desc(), PersonRow.name, ContactRow.id)
    )
    if not with_retired:
        query = query.where(ContactRow.retired_at.is_(None))
    return [ContactWithPerson(contact, person) for contact, person in session.execute(query)]


def contact_of(session: Session, relation_id: int, contact_id: int) -> ContactRow:
    """A contact of this relation who was not retired. Raises NotFound for any other."""
    row = session.get(ContactRow, contact_id)
    if row is None or row.relation_id != relation_id or row.retired_at is not None:
        raise NotFound(contact=contact_id)
    return row


def person_by_email(session: Session, email: str) -> PersonRow | None:
    return session.scalars(select(PersonRow).where(PersonRow.email == email)).first()


def person_for(
    session: Session,
    moment: Moment,
    *,
    email: str | None,
    name: str,
    phone: str | None,
    locale: str,
) -> PersonRow:
    """The person with this address, as it knows itself; made where nobody has it yet."""
    values = {
        "email": email,
        "name": name,
        "phone": phone,
        "locale": locale,
        "created_at": moment.now,
    }
    if email is None:
        person = PersonRow(**values)
        session.add(person)
        session.flush()
        return person
    insert_ignoring(session, PersonRow.__table__, [values])
    return session.scalars(select(PersonRow).where(PersonRow.email == email)).one()


def names_of(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(set(person_ids)))
    )
    return {person_id: name for person_id, name in rows}


def unmark_main(session: Session, relation_id: int) -> None:
    session.execute(
        update(ContactRow).where(ContactRow.relation_id == relation_id).values(is_main=False)
    )


def supersede_unsent(
    session: Session, moment: Moment, relation_id: int, reason: str, person_id: int | None = None
) -> None:
    """What was owed about the relation, to one person or to all, need not be sent any more."""
    query = update(MessageRow).where(
        MessageRow.relation_id == relation_id, MessageRow.state.in_(UNSENT)
    )
    if person_id is not None:
        query = query.where(MessageRow.person_id == person_id)
    session.execute(
        query.values(state="superseded", ended_at=moment.now, end_reason=reason).execution_options(
            synchronize_session=False
        )
    )


def emails_of(session: Session, person_ids: Sequence[int]) -> dict[int, str | None]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.email).where(PersonRow.id.in_(set(person_ids)))
    )
    return {person_id: email for person_id, email in rows}


def whom_to_call(session: Session, relation_ids: Sequence[int]) -> dict[int, WhomToCall]:
    """For each supplier its main contact, or the first with a phone, and the last contact."""
    rows = session.execute(
        select(RelationRow.id, PersonRow.name, PersonRow.phone, RelationRow.contact_on)
        .join(ContactRow, ContactRow.relation_id == RelationRow.id)
        .join(PersonRow, PersonRow.id == ContactRow.person_id)
        .where(RelationRow.id.in_(relation_ids), ContactRow.retired_at.is_(None))
        .order_by(PersonRow.phone.is_(None).desc(), ContactRow.is_main, ContactRow.id.desc())
    )
    return {relation_id: WhomToCall(*known) for relation_id, *known in rows}
