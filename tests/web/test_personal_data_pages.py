"""Reporting personal data in the portal, and what a manager does with it on the work list."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.conversations import write_note
from onboarding.store.tables import EventRow, EvidenceRow, TaskRow
from tests import pathway_stage as pathways
from tests import proof_things
from tests.web.conftest import Enter
from tests.web.elements import elements

TEXT = "Fatima de Vries is ziek en ligt in het ziekenhuis."


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def note(session: Session, scene: pathways.Scene, moment: Moment) -> int:
    _, steps = pathways.agreed(session, scene, moment)
    number = write_note(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        text=TEXT,
        is_shared=True,
        milestone_id=steps[0].id,
    )
    session.commit()
    return number


def test_from_the_conversation_to_the_manager_and_gone(
    session: Session, scene: pathways.Scene, note: int, enter: Enter
) -> None:
    kim, manager = enter(scene.signatory), enter(scene.manager)
    step = session.get_one(EventRow, note).milestone_id
    address = f"/portal/{scene.relation.id}/events/{note}/personal-data"
    assert f'href="{address}"' in kim.get(f"/portal/{scene.relation.id}/steps/{step}").text
    page = kim.get(address).text
    assert TEXT in page and "Meld het" in page
    assert kim.post(address, data={"seen": "x" * 201}).status_code == 422
    sent = kim.post(address, data={"seen": "Een naam"}, follow_redirects=True)
    assert "U krijgt een mail als het klaar is" in sent.text
    assert "Dit is gemeld op" in kim.get(address).text
    again = kim.post(address, follow_redirects=True)
    assert "Dit is al gemeld" in again.text
    task = session.scalars(select(TaskRow).where(TaskRow.kind == "personal-data")).one()
    where = f"/personal-data/{task.id}"
    home = manager.get("/?show=all").text
    assert "Meldt persoonsgegevens in een tekst" in home and where in home
    assert where not in enter(scene.buyer).get("/?show=all").text
    report = elements(manager.get(where).text).one("main").text
    assert TEXT in report and "Een naam" in report and "Haal het overal weg" in report
    gone = manager.post(f"/events/{note}/personal-data", data={"reason": "Gezondheid"})
    assert gone.status_code == 303
    assert "Het is weggehaald" in manager.get(where).text
    assert where not in manager.get("/?show=all").text
    assert "het is weggehaald" in kim.get(address).text


def test_a_file_is_reported_and_stands(
    session: Session, scene: pathways.Scene, note: int, enter: Enter
) -> None:
    row = proof_things.a_file(session, scene.relation)
    row.milestone_id = session.get_one(EventRow, note).milestone_id
    session.commit()
    kim, manager = enter(scene.signatory), enter(scene.manager)
    address = f"/portal/{scene.relation.id}/files/{row.id}/personal-data"
    assert (
        f'href="{address}"' in kim.get(f"/portal/{scene.relation.id}/steps/{row.milestone_id}").text
    )
    assert "plan.png" in kim.get(address).text
    assert kim.post(address).status_code == 303
    task = session.scalars(select(TaskRow).where(TaskRow.kind == "personal-data")).one()
    where = f"/personal-data/{task.id}"
    page = manager.get(where).text
    assert f'href="/evidence/{row.id}"' in page
    assert f'action="/evidence/{row.id}/personal-data"' in page
    assert manager.post(f"{where}/keep", data={"answer": ""}).status_code == 400
    kept = manager.post(f"{where}/keep", data={"answer": "Openbaar."}, follow_redirects=True)
    assert "het blijft staan" in kept.text
    assert manager.post(f"{where}/keep", data={"answer": "Weer."}).status_code == 409
    assert session.get_one(EvidenceRow, row.id).removed_at is None


def test_what_is_not_shared_is_not_there(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    internal = write_note(session, scene.buyer, moment, scene.relation.id, text=TEXT)
    row = proof_things.a_file(session, scene.relation)
    row.is_shared = False
    session.commit()
    kim, here = enter(scene.signatory), f"/portal/{scene.relation.id}"
    for address in (f"{here}/events/{internal}", f"{here}/files/{row.id}"):
        assert kim.get(f"{address}/personal-data").status_code == 404
        assert kim.post(f"{address}/personal-data").status_code == 404
    assert session.scalars(select(TaskRow).where(TaskRow.kind == "personal-data")).all() == []
