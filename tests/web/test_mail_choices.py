"""The page on which a contact chooses its mail, from a link and from its account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.access import LinkPurpose
from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.people import Role
from onboarding.services.contacts import retire_contact
from onboarding.services.mail.choices import choose_mail
from onboarding.store.tables import ContactRow, EventRow, PersonRow
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.link_things import a_link
from tests.pathway_stage import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def contact(session: Session, scene: Scene) -> ContactRow:
    return session.scalars(select(ContactRow)).one()


@pytest.fixture
def person(session: Session, contact: ContactRow) -> PersonRow:
    return session.get_one(PersonRow, contact.person_id)


@pytest.fixture
def where(app: Flask, session: Session, clock: SettableClock, contact: ContactRow) -> str:
    purpose = LinkPurpose.MAIL_CHOICE
    now, of = clock.real_now(), (contact.person_id, contact.relation_id)
    return f"/portal/mail/{a_link(app, session, now, *of, purpose=purpose)[1]}"


def test_a_get_shows_and_a_post_changes(
    client: FlaskClient, session: Session, where: str, person: PersonRow
) -> None:
    page = client.get(where)
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Deze mail kunt u niet uitzetten" in page.text
    assert "een waarschuwing met hersteltijd" in page.text
    session.refresh(person)
    assert (person.mail_rhythm, person.locale) == ("usual", "nl")
    assert client.post(where, data={"rhythm": "weekly", "locale": "en"}).location == where
    session.refresh(person)
    assert (person.mail_rhythm, person.locale) == ("weekly", "en")
    assert "Only on Monday" in client.get(where).text


def test_what_is_no_choice_changes_nothing(
    client: FlaskClient, session: Session, where: str, person: PersonRow
) -> None:
    for data in ({"rhythm": "never", "locale": "nl"}, {"rhythm": "none", "locale": "xx"}, {}):
        assert client.post(where, data=data).status_code == 422
    session.refresh(person)
    assert person.mail_rhythm == "usual"


def test_who_is_no_contact_any_more_chooses_nothing(
    client: FlaskClient,
    session: Session,
    where: str,
    scene: Scene,
    contact: ContactRow,
    moment: Moment,
) -> None:
    retire_contact(session, scene.buyer, moment, scene.relation.id, contact.id)
    session.commit()
    for address in (where, f"{where}/off"):
        assert client.get(address).status_code == client.post(address).status_code == 410


def test_who_is_logged_in_chooses_on_the_account_page(
    app: Flask, session: Session, clock: SettableClock, person: PersonRow, scene: Scene
) -> None:
    theirs = stage.log_in(app.test_client(), session, clock.real_now(), person, None)
    assert "/account/mail" in theirs.get("/account").text
    assert "Geen herinneringen" in theirs.get("/account/mail").text
    answer = theirs.post("/account/mail", data={"rhythm": "none", "locale": "nl"})
    assert answer.location == "/account/mail"
    session.refresh(person)
    assert person.mail_rhythm == "none"
    assert "omdat u dat vroeg" in theirs.get("/account/mail").text
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    ours = stage.log_in(app.test_client(), session, clock.real_now(), buyer, scene.customer)
    assert "/account/mail" not in ours.get("/account").text
    assert ours.get("/account/mail").status_code == 404


def test_the_buyer_reads_it_with_the_contact_and_in_the_history(
    app: Flask,
    session: Session,
    clock: SettableClock,
    scene: Scene,
    person: PersonRow,
) -> None:
    choose_mail(session, clock.moment(), person.id, MailRhythm.NONE)
    session.commit()
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    ours = stage.log_in(app.test_client(), session, clock.real_now(), buyer, scene.customer)
    page = ours.get(f"/suppliers/{scene.relation.id}").text
    assert "krijgt geen herinneringen, op eigen verzoek sinds 24 nov 2026: bel" in page
    assert "wil geen herinneringen meer" in page


def test_each_buyer_reads_it_of_its_own_supplier(
    session: Session, moment: Moment, scene: Scene, person: PersonRow
) -> None:
    other = stage.a_relation(session, stage.a_customer(session, "Ander"), "Zelfde leverancier")
    stage.a_contact(session, other, Role.ADVISER, person=person)
    choose_mail(session, moment, person.id, MailRhythm.WEEKLY)
    session.commit()
    told = select(EventRow.customer_id, EventRow.relation_id)
    rows = session.execute(told.where(EventRow.code == "reminders-chosen")).all()
    assert sorted(rows) == sorted(
        [(scene.customer.id, scene.relation.id), (other.customer_id, other.id)]
    )
