"""Mail in sight of the buyer: tomorrow, a supplier, a preview, holding and the log."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.domain.plans import Step
from onboarding.store.tables import ContactRow, MessageRow, OrganisationRow, PersonRow
from tests import stage
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed


@pytest.fixture
def scene(session: Session, clock: SettableClock) -> Scene:
    """On a Thursday; a step is due on Monday, so that a reminder goes on Friday."""
    scene = a_scene(session)
    agreed(session, scene, clock.moment(), Step(title="plan", due_on=date(2026, 11, 30)))
    for row in session.scalars(select(MessageRow)):
        session.delete(row)
    session.commit()
    clock.forward(days=2)
    return scene


@pytest.fixture
def buyer(app: Flask, session: Session, scene: Scene, clock: SettableClock) -> FlaskClient:
    person = session.get_one(PersonRow, scene.buyer.person_id)
    return stage.log_in(app.test_client(), session, clock.real_now(), person, scene.customer)


def test_tomorrows_mail_is_read_held_and_released(
    buyer: FlaskClient, session: Session, scene: Scene
) -> None:
    assert "Morgen: 1 mail" in buyer.get("/mail").text
    supplier = f"/suppliers/{scene.relation.id}"
    assert f'href="{supplier}/mail"' in buyer.get(supplier).text
    page = buyer.get(f"{supplier}/mail").text
    assert "voorspeld" in page and "3 dagen voor de dag van een stap" in page
    found = re.search(r'href="([^"]*/mail/coming/[^"]*)"', page)
    assert found is not None
    where = found.group(1)
    seen = buyer.get(where).text
    assert "Beste Signatory," in seen and "(link)" in seen and "Niet eerder" not in seen
    assert buyer.post(f"{where}/hold", data={"reason": " "}).status_code == 400
    said = {"reason": "Ik bel zelf even."}
    assert buyer.post(f"{where}/hold", data=said).location == f"{supplier}/mail"
    assert "Morgen: 0 mails" in buyer.get("/mail").text
    held = buyer.get(f"{supplier}/mail").text
    assert "Ik bel zelf even." in held and "/release" in held
    assert "hield een herinnering" in buyer.get(supplier).text
    assert buyer.post(f"{where}/release").status_code == 303
    assert "Morgen: 1 mail" in buyer.get("/mail").text
    assert buyer.post(f"{where}/release").status_code == 404


def test_the_log_tells_what_did_not_arrive_and_why_it_was_sent(
    buyer: FlaskClient, session: Session, scene: Scene
) -> None:
    person_id = session.scalars(select(ContactRow.person_id)).one()
    letter = stage.a_dead_letter(session, scene.relation, person_id=person_id)
    overtaken = stage.a_reminder(
        session, scene.relation, person_id=person_id, state="superseded", end_reason="answered"
    )
    overtaken.ended_at = overtaken.owed_at
    session.commit()
    page = buyer.get(f"/suppliers/{scene.relation.id}/mail").text
    assert "Klaar: plan van aanpak" in page and "Niet aangekomen: het adres neemt geen mail" in page
    assert "Niet verstuurd: er was al antwoord" in page
    kept = buyer.get(f"/suppliers/{scene.relation.id}/mail/{letter.mail_id}").text
    assert "Klaar" in kept and "Waarom deze mail" in kept


def test_of_a_mail_that_lets_somebody_in_nothing_is_shown(
    buyer: FlaskClient, session: Session, scene: Scene
) -> None:
    person_id = session.scalars(select(ContactRow.person_id)).one()
    key = f"login-link:9:{person_id}"
    stage.a_reminder(session, scene.relation, person_id=person_id, kind="login-link", key=key)
    session.commit()
    page = buyer.get(f"/suppliers/{scene.relation.id}/mail/coming/{key}").text
    assert "alleen wie hem krijgt" in page and "Tegenhouden" not in page


def test_a_mail_of_another_supplier_is_not_here(
    buyer: FlaskClient, session: Session, scene: Scene
) -> None:
    other = stage.a_relation(session, scene.customer, "Ander B.V.")
    mail = stage.a_mail(session, other)
    row = stage.a_reminder(session, other)
    session.commit()
    here = f"/suppliers/{scene.relation.id}/mail"
    assert buyer.get(f"{here}/{mail.id}").status_code == 404
    assert buyer.get(f"{here}/coming/{row.key}").status_code == 404
    said = {"reason": "Nee"}
    assert buyer.post(f"{here}/coming/{row.key}/hold", data=said).status_code == 404


def test_who_reads_sees_all_and_holds_nothing(
    app: Flask, session: Session, scene: Scene, clock: SettableClock
) -> None:
    customer = session.get_one(OrganisationRow, scene.customer.id)
    reader = stage.a_user(session, customer, Role.READER)
    client = stage.log_in(app.test_client(), session, clock.real_now(), reader, customer)
    assert "Morgen: 1 mail" in client.get("/mail").text
    page = client.get(f"/suppliers/{scene.relation.id}/mail").text
    found = re.search(r'href="([^"]*/mail/coming/[^"]*)"', page)
    assert found is not None
    assert "Tegenhouden" not in client.get(found.group(1)).text
