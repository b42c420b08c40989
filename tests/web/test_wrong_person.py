"""“Not the right person?” from a mail, and what the buyer does with it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.doubts import Another
from onboarding.services.contacts import retire_contact
from onboarding.services.doubts import say_wrong_person
from onboarding.store.tables import ContactRow, EventRow, LoginSessionRow, PersonRow, TaskRow
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.link_things import a_link
from tests.pathway_stage import Scene
from tests.web.elements import elements


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def contact(session: Session, scene: Scene) -> ContactRow:
    return session.scalars(select(ContactRow)).one()


@pytest.fixture
def where(app: Flask, session: Session, clock: SettableClock, contact: ContactRow) -> str:
    now = clock.real_now()
    return f"/portal/not-me/{a_link(app, session, now, contact.person_id, contact.relation_id)[1]}"


@pytest.fixture
def buyer(app: Flask, session: Session, scene: Scene, clock: SettableClock) -> FlaskClient:
    person = session.get_one(PersonRow, scene.buyer.person_id)
    return stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)


def doubted(session: Session, scene: Scene, contact: ContactRow, moment: Moment, name="") -> str:
    told = Another(name=name, email="piet@voorbeeld.example") if name else Another()
    say_wrong_person(session, scene.signatory, moment, scene.relation.id, told)
    session.commit()
    return f"/suppliers/{scene.relation.id}/contacts/{contact.id}/doubt"


def test_a_get_shows_and_a_post_says(
    client: FlaskClient, session: Session, where: str, contact: ContactRow
) -> None:
    page = client.get(where)
    assert page.status_code == 200 and "Ik ben niet de juiste persoon" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    session.refresh(contact)
    assert contact.doubted_at is None
    data = {"name": "Piet Puk", "email": "piet@voorbeeld.example", "phone": ""}
    assert client.post(where, data=data).location == where
    told = client.get(where).text
    assert "Wij weten nu dat dit niet voor u is." in told
    assert "Ik ben niet de juiste persoon" not in told and "Piet" not in told
    session.refresh(contact)
    assert contact.doubted_at is not None and contact.retired_at is None


def test_nothing_needs_to_be_known_and_twice_is_once(
    client: FlaskClient, session: Session, where: str
) -> None:
    assert client.post(where).status_code == 303
    assert client.post(where, data={"name": "Piet"}).status_code == 303
    assert session.scalars(select(EventRow.code)).all().count("contact-doubted") == 1
    assert session.scalars(select(TaskRow)).one().facts["name"] == ""
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 0


def test_an_address_that_is_none_is_told_beside_its_field(
    client: FlaskClient, session: Session, where: str, contact: ContactRow
) -> None:
    answer = client.post(where, data={"name": "Piet", "email": "piet"})
    assert answer.status_code == 422 and 'value="Piet"' in answer.text
    assert elements(answer.text).one("p", id="email-error")
    session.refresh(contact)
    assert contact.doubted_at is None


def test_who_is_no_contact_any_more_says_nothing(
    client: FlaskClient,
    session: Session,
    where: str,
    scene: Scene,
    contact: ContactRow,
    moment: Moment,
) -> None:
    retire_contact(session, scene.buyer, moment, scene.relation.id, contact.id)
    session.commit()
    assert client.get(where).status_code == client.post(where).status_code == 410
    assert session.scalars(select(TaskRow)).all() == []


def test_the_buyer_is_asked_and_invites_who_was_named(
    buyer: FlaskClient, session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    where = doubted(session, scene, contact, moment, "Piet Puk")
    work = buyer.get("/").text
    assert "Iemand anders aanwijzen" in work and where in work
    page = buyer.get(where).text
    assert "Piet Puk" in page and "Wij hebben niemand uitgenodigd." in page
    assert "Niemand krijgt nu de herinneringen" in page
    found = re.search(r'href="([^"]*contacts/new[^"]*)"', page)
    assert found is not None
    form = buyer.get(found.group(1)).text
    assert 'value="Piet Puk"' in form and 'value="piet@voorbeeld.example"' in form
    assert "Piet Puk" not in buyer.get(f"/suppliers/{scene.relation.id}/contacts/new").text
    supplier = buyer.get(f"/suppliers/{scene.relation.id}").text
    assert "zegt niet de juiste persoon te zijn; herinneringen wachten" in supplier


def test_the_buyer_says_that_it_is_the_right_person(
    buyer: FlaskClient, session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    where = doubted(session, scene, contact, moment)
    assert "Er is niemand genoemd." in buyer.get(where).text
    assert buyer.post(where).location.endswith(f"/suppliers/{scene.relation.id}")
    session.refresh(contact)
    assert contact.doubted_at is None
    assert buyer.post(where).status_code == 409
    assert buyer.get(where).status_code == 303  # answered: to the supplier
    assert "Iemand anders aanwijzen" not in buyer.get("/").text


def test_retiring_the_contact_answers_it(
    buyer: FlaskClient, session: Session, scene: Scene, contact: ContactRow, moment: Moment
) -> None:
    where = doubted(session, scene, contact, moment, "Piet Puk")
    retire = where.replace("/doubt", "/retire")
    assert retire in buyer.get(where).text
    assert buyer.post(retire, data={"reason": "Uit dienst"}).status_code == 303
    assert session.scalars(select(TaskRow.outcome)).one() == "retired"
    assert buyer.get(where).status_code == 404
    history = buyer.get(f"/suppliers/{scene.relation.id}").text
    assert "gaf door niet (meer) de juiste persoon te zijn" in history
