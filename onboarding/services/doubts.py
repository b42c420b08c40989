"""Contacts who say that they are not the right person: reminders wait, and a buyer answers.

Nobody is invited because of it: who would be the right person is told to the buyer only, and
forgotten when the buyer has answered.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.doubts import Another, confirm, doubt
from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Duty
from onboarding.services.mail.messages import Owed, owe_to_buyer
from onboarding.services.tasks import Task, owe_task
from onboarding.store.contacts import contact_of, takes_mail
from onboarding.store.history import Record, append
from onboarding.store.relations import lock_visible_relation, visible_relation
from onboarding.store.tables import ContactRow, PersonRow, TaskRow

WRONG_PERSON = "wrong-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtView:
    """What somebody said about being the contact, and who gets the reminders meanwhile."""

    contact: ContactRow
    person: PersonRow
    said_on: date | None
    another: Another
    others: tuple[str, ...]


def say_wrong_person(
    session: Session, actor: Actor, moment: Moment, relation_id: int, told: Another
) -> bool:
    """The reader is not the right person (any more). False where that was said and waits still.

    Reminders to this person wait from now on; warnings, answers and links to log in do not. Raises
    NotFound for who is no contact here.
    """
    relation = lock_visible_relation(session, actor, relation_id)
    row = _contact_of_person(session, relation_id, actor.person_id)
    if row is None:
        raise NotFound(what="contact")
    if row.doubted_at is not None:
        return False
    change = doubt(actor, relation_id, names_another=bool(told))
    record = Record(actor=actor, moment=moment, relation_id=relation_id, is_shared=False)
    event = append(session, change, record)
    row.doubted_at = moment.now
    person = session.get_one(PersonRow, row.person_id)
    facts = {
        "contact_id": row.id,
        "person_id": person.id,
        "person": person.name,
        "name": told.name,
        "email": told.email,
        "phone": told.phone,
    }
    # The number of the fact in the history makes each occasion one of its own.
    about = str(event.id)
    task = Task(kind=WRONG_PERSON, about=about, due_on=moment.today, facts=facts)
    owe_task(session, moment, relation, task)
    owed = Owed(
        kind=MessageKind.WRONG_PERSON,
        about=about,
        facts={"doubt_id": event.id, "contact_id": row.id},
        relation_id=relation_id,
    )
    owe_to_buyer(session, moment, relation, owed)
    return True


def read_doubt(
    session: Session, actor: Actor, relation_id: int, contact_id: int
) -> DoubtView | None:
    """What a contact said that no buyer has answered; None where nothing waits.

    Raises NotFound for a contact of another relation, or one that was retired.
    """
    visible_relation(session, actor, relation_id)
    row = contact_of(session, relation_id, contact_id)
    if row.doubted_at is None:
        return None
    tasks = _open_tasks(session, relation_id, row.person_id)
    facts = tasks[0].facts if tasks else {}
    return DoubtView(
        contact=row,
        person=session.get_one(PersonRow, row.person_id),
        said_on=tasks[0].due_on if tasks else None,
        another=Another(**{name: facts.get(name) or "" for name in ("name", "email", "phone")}),
        others=_others(session, relation_id),
    )


def has_doubt(session: Session, actor: Actor) -> bool:
    """Whether this contact said so, and no buyer has answered yet."""
    contact = _contact_of_person(session, actor.relation_id or 0, actor.person_id)
    return is_doubted(contact)


def confirm_contact(
    session: Session, actor: Actor, moment: Moment, relation_id: int, contact_id: int
) -> None:
    """It is the right person after all: the reminders go on. Raises MoveRefused where nothing
    waits any more.
    """
    actor.must(Duty.BUY)
    lock_visible_relation(session, actor, relation_id)
    row = contact_of(session, relation_id, contact_id)
    session.refresh(row)
    if row.doubted_at is None:
        raise MoveRefused(from_state="confirmed", to_state="confirmed")
    change = confirm(actor, relation_id, row.person_id)
    record = Record(actor=actor, moment=moment, relation_id=relation_id, is_shared=False)
    append(session, change, record)
    close_doubt(session, actor, moment, row, "right-person")


def close_doubt(
    session: Session, actor: Actor, moment: Moment, row: ContactRow, outcome: str
) -> None:
    """It is answered: the task is done, and the name that was given is forgotten."""
    row.doubted_at = None
    for task in _open_tasks(session, row.relation_id, row.person_id):
        task.done_at, task.done_by, task.outcome = moment.now, actor.person_id, outcome
        task.facts = {**task.facts, "person": "", "name": "", "email": "", "phone": ""}


def _open_tasks(session: Session, relation_id: int, person_id: int) -> list[TaskRow]:
    rows = session.scalars(
        select(TaskRow)
        .where(
            TaskRow.relation_id == relation_id,
            TaskRow.kind == WRONG_PERSON,
            TaskRow.done_at.is_(None),
        )
        .order_by(TaskRow.id)
    )
    return [row for row in rows if row.facts.get("person_id") == person_id]


def _contact_of_person(
    session: Session, relation_id: int, person_id: int | None
) -> ContactRow | None:
    return session.scalars(
        select(ContactRow)
        .where(
            ContactRow.relation_id == relation_id,
            ContactRow.person_id == person_id,
            ContactRow.retired_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()


def _others(session: Session, relation_id: int) -> tuple[str, ...]:
    """The names of who gets the reminders meanwhile."""
    names = session.scalars(
        select(PersonRow.name)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(
            ContactRow.relation_id == relation_id, ContactRow.doubted_at.is_(None), *takes_mail()
        )
        .order_by(PersonRow.name)
    )
    return tuple(names)


def is_doubted(contact: ContactRow | None) -> bool:
    """Whether this contact says not to be the right person."""
    return contact is not None and contact.retired_at is None and contact.doubted_at is not None


def facts_for_mail(session: Session, doubt_id: int) -> dict[str, str]:
    """What the buyer's mail tells of it."""
    task = session.scalars(
        select(TaskRow).where(TaskRow.key == f"{WRONG_PERSON}:{doubt_id}")
    ).first()
    names = ("person", "name", "email", "phone")
    return {name: str(task.facts.get(name) or "") for name in names} if task else {}
