"""A proposal is read, agreed to, countered or declined, and never by somebody who saw another."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.pathway.negotiation import propose_pathway, withdraw_proposal
from onboarding.store.tables import MilestoneRow, PathwayRow, PathwayVersionRow, PersonRow
from tests import pathway_stage
from tests.pathway_stage import Scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def row(session: Session, moment: Moment, scene: Scene) -> PathwayRow:
    row = pathway_stage.proposed(session, scene, moment)
    session.commit()
    return row


@pytest.fixture
def kim(session: Session, scene: Scene, log_in_as) -> FlaskClient:
    return log_in_as(session.get_one(PersonRow, scene.signatory.person_id))


def address(row: PathwayRow, *more: str) -> str:
    return "/".join([f"/portal/{row.relation_id}/pathways/{row.id}", *more])


def test_it_is_read_as_a_whole_with_days_in_words(kim: FlaskClient, row: PathwayRow) -> None:
    page = kim.get(address(row)).text
    for words in ("Plan van aanpak", "dinsdag 8 december 2026", "Dit doen wij.", "Ik ga akkoord"):
        assert words in page


def test_a_signatory_agrees_in_a_function(
    kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    data = {"revision": row.revision, "function": "Directeur"}
    answer = kim.post(address(row, "agree"), data=data)
    assert (answer.status_code, answer.location) == (303, f"/portal/{row.relation_id}")
    session.refresh(row)
    assert row.state == "agreed"
    version = session.scalars(select(PathwayVersionRow)).one()
    assert version.for_supplier["function"] == "Directeur"
    assert "Afgesproken." in kim.get(answer.location).text


def test_a_function_is_needed(kim: FlaskClient, session: Session, row: PathwayRow) -> None:
    answer = kim.post(address(row, "agree"), data={"revision": row.revision, "function": " "})
    assert answer.status_code == 422 and "Vul uw functie in" in answer.text
    session.refresh(row)
    assert row.state == "proposed"


def test_who_saw_another_version_is_told(
    kim: FlaskClient, session: Session, moment: Moment, scene: Scene, row: PathwayRow
) -> None:
    seen = row.revision
    withdraw_proposal(session, scene.buyer, moment, row.id)
    propose_pathway(session, scene.buyer, moment, scene.relation.id, row.revision)
    session.commit()
    answer = kim.post(address(row, "agree"), data={"revision": seen, "function": "Directeur"})
    assert answer.status_code == 409
    assert "Er is niets verstuurd of afgesproken." in answer.text
    session.refresh(row)
    assert row.state == "proposed"


def test_moved_days_are_shown_before_agreeing(
    kim: FlaskClient, session: Session, row: PathwayRow, clock, scene: Scene, log_in_as
) -> None:
    clock.forward(days=10)
    client = log_in_as(session.get_one(PersonRow, scene.signatory.person_id))
    page = client.get(address(row)).text
    assert "De startdag in dit voorstel is voorbij." in page
    assert "vrijdag 18 december 2026" in page and "Was dinsdag 8 december 2026." in page
    client.post(address(row, "agree"), data={"revision": row.revision, "function": "Directeur"})
    first = session.scalars(select(MilestoneRow).order_by(MilestoneRow.position)).first()
    assert first is not None and first.due_on.isoformat() == "2026-12-18"


def test_other_days_are_proposed(kim: FlaskClient, session: Session, row: PathwayRow) -> None:
    page = kim.get(address(row, "counter")).text
    assert 'name="due-0"' in page and 'value="2026-12-08"' in page
    days = ["2026-12-15", "2026-12-22", "2027-01-19", "2027-01-26"]
    data = {f"due-{n}": day for n, day in enumerate(days)}
    data |= {"revision": row.revision, "message": "Wij verhuizen in december."}
    assert kim.post(address(row, "counter"), data=data).status_code == 303
    session.refresh(row)
    assert row.state == "countered"
    assert row.steps[0]["due_on"] == "2026-12-15"


def test_what_is_no_day_is_told_and_nothing_is_lost(
    kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    data = {"due-0": "morgen", "due-1": "2026-12-22", "due-2": "2027-01-19", "due-3": "2027-01-26"}
    data |= {"revision": str(row.revision), "message": "Wij verhuizen."}
    answer = kim.post(address(row, "counter"), data=data)
    assert answer.status_code == 422
    assert "Dit is geen dag." in answer.text
    assert "Wij verhuizen." in answer.text and 'value="2026-12-22"' in answer.text
    assert "<title>Fout:" in answer.text


def test_a_refused_day_names_the_step(kim: FlaskClient, session: Session, row: PathwayRow) -> None:
    early = (row.starts_on - timedelta(days=20)).isoformat()
    data = {f"due-{n}": early for n in range(4)}
    data |= {"revision": str(row.revision), "message": "Liever eerder."}
    answer = kim.post(address(row, "counter"), data=data)
    assert answer.status_code == 422 and "Stap 1: kies een dag op of na" in answer.text


def test_a_proposal_is_declined_with_a_reason(
    kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    assert kim.post(address(row, "decline"), data={"reason": ""}).status_code == 422
    data = {"reason": "Wij stoppen met het bedrijf."}
    assert kim.post(address(row, "decline"), data=data).status_code == 303
    session.refresh(row)
    assert (row.state, row.over_reason) == ("declined", "Wij stoppen met het bedrijf.")


def test_an_agreed_pathway_is_stopped_with_a_reason(
    kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    kim.post(address(row, "agree"), data={"revision": row.revision, "function": "Directeur"})
    assert kim.post(address(row, "stop"), data={"reason": "Te duur."}).status_code == 303
    session.refresh(row)
    assert row.state == "stopped"
