"""The first page of a supplier: what is next, by when, what lies with us, and with whom to talk."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.requests import ask_for_date
from onboarding.store.tables import PersonRow
from tests import pathway_stage, proof_things, stage
from tests.pathway_stage import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    scene = pathway_stage.a_scene(session)
    buyer = session.get_one(PersonRow, scene.buyer.person_id)
    buyer.name, buyer.phone = "Marieke de Boer", "030 123 45 67"
    session.get_one(PersonRow, scene.signatory.person_id).name = "Kim Jansen"
    return scene


@pytest.fixture
def kim(session: Session, scene: Scene, log_in_as) -> FlaskClient:
    return log_in_as(session.get_one(PersonRow, scene.signatory.person_id))


def home(client: FlaskClient, scene: Scene) -> str:
    answer = client.get(f"/portal/{scene.relation.id}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_one_relation_is_shown_at_once(kim: FlaskClient, scene: Scene) -> None:
    assert kim.get("/portal").location == f"/portal/{scene.relation.id}"


def test_a_contact_of_several_relations_chooses(
    kim: FlaskClient, session: Session, scene: Scene
) -> None:
    other = stage.a_relation(session, scene.customer, "Bakkerij Sterk")
    person = session.get_one(PersonRow, scene.signatory.person_id)
    stage.a_contact(session, other, Role.CONTACT, person=person)
    session.commit()
    page = kim.get("/portal").text
    assert f'href="/portal/{scene.relation.id}"' in page and f'href="/portal/{other.id}"' in page


def test_a_supplier_on_the_buyers_first_page_finds_its_own(kim: FlaskClient) -> None:
    assert kim.get("/").location == "/portal"


def test_nothing_asked_is_said(kim: FlaskClient, scene: Scene) -> None:
    page = home(kim, scene)
    assert "Dag Kim. U hoeft nu niets te doen." in page
    assert "Marieke de Boer" in page and 'href="tel:0301234567"' in page


def test_a_proposal_is_offered_to_read(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene
) -> None:
    row = pathway_stage.proposed(session, scene, moment)
    session.commit()
    page = home(kim, scene)
    assert "Wij doen u een voorstel." in page
    assert f"/portal/{scene.relation.id}/pathways/{row.id}" in page


def test_a_draft_is_not_told(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene
) -> None:
    row = pathway_stage.a_draft(session, scene, moment)
    session.commit()
    assert "U hoeft nu niets te doen" in home(kim, scene)
    assert kim.get(f"/portal/{scene.relation.id}/pathways/{row.id}").status_code == 404


def test_the_next_step_comes_first(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene
) -> None:
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    page = home(kim, scene)
    assert "Dag Kim. Uw volgende stap: Plan van aanpak" in page
    assert "uiterlijk dinsdag 8 december 2026." in page
    assert "Over 14 dagen, 10 werkdagen." in page
    assert "één of twee bladzijden is genoeg" in page
    for words in ("Klaar, versturen", "Lukt niet op tijd", "Vraag"):
        assert words in page
    assert page.index("Uw volgende stap") < page.index("Alle stappen")


def test_what_lies_with_us_is_told_since_when(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene
) -> None:
    _, steps = pathway_stage.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, steps[0].id, note="Klaar")
    wished = steps[1].due_on + timedelta(days=14)
    ask_for_date(
        session, scene.signatory, moment, steps[1].id, wished_on=wished, reason="Verhuizing"
    )
    session.commit()
    page = home(kim, scene)
    assert "Wij lezen: Plan van aanpak" in page
    assert "Wacht op ons sinds dinsdag 24 november 2026." in page
    assert "U vroeg een andere datum voor: MijnPSO-account" in page
    assert "Tot wij antwoorden, bent u niet te laat." in page


def test_a_late_step_says_so_calmly(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene, clock
) -> None:
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    clock.forward(days=16)
    # The log-in has ended too; somebody else of the supplier looks.
    page = _fresh(kim, session, scene, clock)
    assert "2 dagen te laat" in page and "Laat ons weten wat u nodig hebt" in page


def _fresh(kim: FlaskClient, session: Session, scene: Scene, clock) -> str:
    person = session.get_one(PersonRow, scene.signatory.person_id)
    return home(stage.log_in(kim, session, clock.real_now(), person), scene)


def test_an_adviser_fills_in_and_does_not_send(
    session: Session, moment: Moment, scene: Scene, log_in_as
) -> None:
    pathway_stage.agreed(session, scene, moment)
    adviser = stage.a_contact(session, scene.relation, Role.ADVISER)
    client = log_in_as(session.get_one(PersonRow, adviser.person_id))
    page = home(client, scene)
    assert "Invullen" in page and "Klaar, versturen" not in page
    assert "een collega bij Drukkerij De Linde B.V. verstuurt" in page


def test_an_announced_block_stands_on_top(kim: FlaskClient, session: Session, scene: Scene) -> None:
    proof_things.a_block(session, scene.relation, starts_on=date(2026, 12, 31))
    session.commit()
    page = home(kim, scene)
    assert "Vanaf donderdag 31 december 2026 plaatsen wij geen nieuwe opdrachten" in page
    assert "Lopende opdrachten en facturen gaan door." in page


def test_a_block_that_was_not_announced_is_not_told(
    kim: FlaskClient, session: Session, scene: Scene
) -> None:
    row = proof_things.a_block(session, scene.relation, announced_on=None)
    session.commit()
    assert "geen nieuwe opdrachten bij u" not in home(kim, scene)
    assert kim.get(f"/portal/{scene.relation.id}/decisions/{row.id}").status_code == 404
