"""A contact says not to be the right person: a task for the buyer, and nobody is let in."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.doubts import Another, another
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Role
from onboarding.services.contacts import invite_contact, retire_contact
from onboarding.services.doubts import (
    confirm_contact,
    facts_for_mail,
    read_doubt,
    say_wrong_person,
)
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.work_list import read_work_list
from onboarding.store.tables import (
    ContactRow,
    EventRow,
    LoginLinkRow,
    MessageRow,
    PersonRow,
    TaskRow,
)
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.pathway_stage import Scene

PIET = Another(name="Piet Puk", email="piet@voorbeeld.example", phone="06 12345678")


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def contact(session: Session, scene: Scene) -> ContactRow:
    return session.scalars(select(ContactRow)).one()


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def task_of(session: Session) -> TaskRow:
    return session.scalars(select(TaskRow).where(TaskRow.done_at.is_(None))).one()


def test_it_becomes_a_task_and_a_mail_and_lets_nobody_in(
    session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    people, links = count(session, PersonRow), count(session, LoginLinkRow)
    assert say_wrong_person(session, scene.signatory, moment, scene.relation.id, PIET)
    assert contact.doubted_at == moment.now and contact.retired_at is None
    (event,) = session.scalars(select(EventRow).where(EventRow.code == "contact-doubted"))
    assert event.actor_id == contact.person_id
    assert event.facts["names_another"] is True
    assert "Piet" not in str(event.facts), "names do not stand in the history"
    task = task_of(session)
    assert task.key == f"wrong-person:{event.id}"
    (message,) = session.scalars(select(MessageRow).where(MessageRow.kind == "wrong-person"))
    assert (message.person_id, message.key) == (
        scene.buyer.person_id,
        f"wrong-person:{event.id}:{scene.buyer.person_id}",
    )
    assert "Piet" not in str(message.facts)
    assert facts_for_mail(session, event.id)["name"] == "Piet Puk"
    work = read_work_list(session, scene.buyer, moment, mine=True)
    (item,) = work.answer.items
    assert (item.what, item.detail["contact_id"]) == ("wrong-person", contact.id)
    assert (count(session, PersonRow), count(session, LoginLinkRow)) == (people, links)


def test_said_again_it_is_told_once_and_after_an_answer_anew(
    session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    here = scene.relation.id
    assert say_wrong_person(session, scene.signatory, moment, here, PIET)
    assert not say_wrong_person(session, scene.signatory, moment, here, Another())
    assert count(session, TaskRow) == 1
    confirm_contact(session, scene.buyer, moment, here, contact.id)
    assert contact.doubted_at is None
    assert session.scalars(select(TaskRow.outcome)).one() == "right-person"
    with pytest.raises(MoveRefused):
        confirm_contact(session, scene.buyer, moment, here, contact.id)
    assert say_wrong_person(session, scene.signatory, moment, here, Another())
    assert count(session, TaskRow) == 2


@pytest.mark.parametrize("retires", [True, False])
def test_the_name_that_was_given_is_forgotten_with_the_answer(
    session: Session, scene: Scene, contact: ContactRow, moment: Moment, retires: bool
) -> None:
    here = scene.relation.id
    say_wrong_person(session, scene.signatory, moment, here, PIET)
    found = read_doubt(session, scene.buyer, here, contact.id)
    assert found is not None
    assert (found.another, found.others, found.said_on) == (PIET, (), moment.today)
    if retires:
        retire_contact(session, scene.buyer, moment, here, contact.id)
    else:
        confirm_contact(session, scene.buyer, moment, here, contact.id)
    task = session.scalars(select(TaskRow)).one()
    assert task.done_at is not None and contact.doubted_at is None
    assert not {"Piet Puk", PIET.email, PIET.phone} & set(task.facts.values())
    answered = read_work_list(session, scene.buyer, moment, mine=True)
    assert answered.answer.total == 0


def test_who_came_instead_is_reminded(
    session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    here = scene.relation.id
    say_wrong_person(session, scene.signatory, moment, here, PIET)
    assert PIET.email
    invite_contact(
        session,
        scene.buyer,
        moment,
        here,
        name=PIET.name,
        email=PIET.email,
        role=Role.CONTACT,
        is_main=True,
    )
    found = read_doubt(session, scene.buyer, here, contact.id)
    assert found is not None and found.others == ("Piet Puk",)


def test_only_a_contact_says_it_and_only_of_itself(
    session: Session, scene: Scene, moment: Moment
) -> None:
    with pytest.raises(NotFound):
        say_wrong_person(session, scene.buyer, moment, scene.relation.id, Another())
    other = stage.a_relation(session, scene.customer, "Ander")
    with pytest.raises(NotFound):
        say_wrong_person(session, scene.signatory, moment, other.id, Another())
    stranger = replace(scene.signatory, person_id=stage.a_person(session).id)
    with pytest.raises(NotFound):
        say_wrong_person(session, stranger, moment, scene.relation.id, Another())
    adviser = stage.contact_actor(session, scene.relation, Role.ADVISER)
    assert say_wrong_person(session, adviser, moment, scene.relation.id, Another())
    assert session.scalars(
        select(ContactRow.person_id).where(ContactRow.doubted_at.is_not(None))
    ).all() == [adviser.person_id]


def test_a_reader_does_not_answer_it(
    session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, Another())
    reader = stage.user_actor(session, scene.customer, Role.READER)
    with pytest.raises(NotAllowed):
        confirm_contact(session, reader, moment, scene.relation.id, contact.id)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (("", "geen adres", ""), "email"),
        (("x" * 201, "", ""), "name"),
        (("", "", "0" * 41), "phone"),
    ],
)
def test_what_cannot_be_is_refused(fields: tuple[str, str, str], field: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        another(*fields)
    assert refused.value.facts["field"] == field


def test_a_merge_keeps_what_waits_and_where_it_is_answered(
    session: Session, scene: Scene, contact: ContactRow, clock: SettableClock
) -> None:
    moment = clock.moment()
    stays = stage.a_relation(session, scene.customer, "Blijft")
    person = session.get_one(PersonRow, contact.person_id)
    there = stage.a_contact(session, stays, Role.CONTACT, person=person)
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, PIET)
    choice = Choice(stays_id=stays.id, goes_id=scene.relation.id)
    merge_suppliers(session, scene.buyer, moment, choice)
    session.expire_all()
    assert there.doubted_at is not None
    assert task_of(session).facts["contact_id"] == there.id
    found = read_doubt(session, scene.buyer, stays.id, there.id)
    assert found is not None and found.another == PIET
