"""Taking back on the pages, on both sides: a change, a request about a day, a draft, a grant."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor
from onboarding.services.pathway.amendments import counter_amendment, propose_amendment
from onboarding.services.pathway.negotiation import withdraw_proposal
from onboarding.services.pathway.requests import ask_for_date
from onboarding.store.amendments import agreed_plan
from onboarding.store.tables import (
    AmendmentRow,
    DateRequestRow,
    EventRow,
    MilestoneRow,
    PathwayRow,
)
from tests import pathway_stage as pathways
from tests.web.conftest import Enter
from tests.web.elements import elements


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def lies_open(session: Session, scene: pathways.Scene, moment: Moment, by: Actor) -> AmendmentRow:
    row, _ = pathways.agreed(session, scene, moment)
    steps = list(agreed_plan(session, row).steps)
    steps[0] = pathways.moved(steps[0], 7)
    number = propose_amendment(session, by, moment, row.id, steps=steps, reason="Bouwvak")
    session.commit()
    return session.get_one(AmendmentRow, number)


def asked(
    session: Session, scene: pathways.Scene, moment: Moment
) -> tuple[MilestoneRow, DateRequestRow]:
    _, (step, *_) = pathways.agreed(session, scene, moment)
    day = step.due_on + timedelta(7)
    ask_for_date(session, scene.signatory, moment, step.id, wished_on=day, reason="Verhuizing")
    session.commit()
    return step, session.scalars(select(DateRequestRow)).one()


def main(client: FlaskClient, address: str) -> str:
    return elements(client.get(address).text).one("main").text


def test_the_buyer_takes_its_change_back_and_both_read_it(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    amendment = lies_open(session, scene, moment, scene.buyer)
    buyer, kim = enter(scene.buyer), enter(scene.signatory)
    ours = f"/amendments/{amendment.id}"
    theirs = f"/portal/{scene.relation.id}/amendments/{amendment.id}"
    assert "Neem het voorstel terug" in main(buyer, ours)
    assert "terug" not in main(kim, theirs)
    done = buyer.post(f"{ours}/withdraw", data={"revision": "1", "note": "Toch niet nodig."})
    assert done.status_code == 303
    for client, address in ((buyer, ours), (kim, theirs)):
        page = main(client, address)
        assert "Teruggenomen op" in page and "Toch niet nodig." in page
    history = main(buyer, f"/suppliers/{scene.relation.id}")
    assert "nam het voorstel om het traject te wijzigen terug: Toch niet nodig." in history
    assert buyer.post(f"{ours}/withdraw", data={"revision": "1"}).status_code == 409


def test_the_supplier_takes_its_change_back(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    amendment = lies_open(session, scene, moment, scene.signatory)
    theirs = f"/portal/{scene.relation.id}/amendments/{amendment.id}"
    kim = enter(scene.signatory)
    assert "nog minstens vijf werkdagen" in main(kim, theirs)
    assert "Neem het voorstel terug" not in main(enter(scene.buyer), f"/amendments/{amendment.id}")
    assert kim.post(f"{theirs}/withdraw", data={"revision": "1"}).status_code == 303
    session.refresh(amendment)
    assert amendment.state == "withdrawn"


@pytest.mark.parametrize("by_buyer", [True, False])
def test_who_was_answered_meanwhile_reads_the_answer(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter, by_buyer: bool
) -> None:
    first, second = scene.buyer, scene.signatory
    if not by_buyer:
        first, second = second, first
    amendment = lies_open(session, scene, moment, first)
    steps = list(agreed_plan(session, session.get_one(PathwayRow, amendment.pathway_id)).steps)
    steps[0] = pathways.moved(steps[0], 14)
    counter_amendment(
        session, second, moment, amendment.id, revision=1, steps=steps, reason="Nog later"
    )
    session.commit()
    where = f"/amendments/{amendment.id}"
    if not by_buyer:
        where = f"/portal/{scene.relation.id}{where}"
    answer = enter(first).post(f"{where}/withdraw", data={"revision": "1"})
    assert answer.status_code == 409 and "Nog later" in answer.text
    session.refresh(amendment)
    assert amendment.state == "open"


def test_a_request_is_taken_back_on_the_page_of_its_step(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    step, request = asked(session, scene, moment)
    where = f"/portal/{scene.relation.id}/steps/{step.id}"
    kim, buyer = enter(scene.signatory), enter(scene.buyer)
    assert "Toch niet nodig: neem het terug" in main(kim, where)
    other = session.scalars(select(MilestoneRow).where(MilestoneRow.id != step.id)).first()
    assert other is not None
    wrong = f"/portal/{scene.relation.id}/steps/{other.id}/requests/{request.id}/take-back"
    assert kim.post(wrong).status_code == 404
    done = kim.post(f"{where}/requests/{request.id}/take-back", follow_redirects=True)
    assert "en nam dat terug" in done.text
    assert "Toch niet nodig: neem het terug" not in done.text
    assert "De leverancier nam dit terug op" in main(buyer, f"/requests/{request.id}")
    assert kim.post(f"{where}/requests/{request.id}/take-back").status_code == 409


def test_a_buyer_writes_down_that_it_is_taken_back(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    _, request = asked(session, scene, moment)
    buyer, where = enter(scene.buyer), f"/suppliers/{scene.relation.id}/contact"
    assert "Ze vragen geen andere datum meer" in main(buyer, where)
    said = {
        "about": str(request.id),
        "said_by": str(scene.signatory.person_id),
        "channel": "phone",
        "said_on": moment.today.isoformat(),
    }
    assert buyer.post(f"{where}/withdraw-request", data=said).status_code == 303
    event = session.scalars(select(EventRow).where(EventRow.code == "request-withdrawn")).one()
    assert (event.said_by, event.channel) == (scene.signatory.person_id, "phone")
    assert "Ze vragen geen andere datum meer" not in main(buyer, where)


def test_a_buyer_writes_down_that_a_change_is_taken_back(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    amendment = lies_open(session, scene, moment, scene.signatory)
    buyer, where = enter(scene.buyer), f"/suppliers/{scene.relation.id}/contact"
    assert "Waarom ze het vroegen: Bouwvak" in main(buyer, f"{where}/withdraw-amendment")
    said = {
        "about": str(amendment.id),
        "said_by": str(scene.signatory.person_id),
        "channel": "phone",
        "said_on": moment.today.isoformat(),
        "revision": "1",
        "note": "Verhuizing gaat niet door.",
    }
    assert buyer.post(f"{where}/withdraw-amendment", data=said).status_code == 303
    session.refresh(amendment)
    assert (amendment.state, amendment.answer) == ("withdrawn", "Verhuizing gaat niet door.")


def test_a_draft_is_thrown_away_unless_it_was_proposed(
    session: Session, scene: pathways.Scene, moment: Moment, enter: Enter
) -> None:
    buyer, supplier = enter(scene.buyer), f"/suppliers/{scene.relation.id}"
    row = pathways.a_draft(session, scene, moment)
    session.commit()
    assert "Gooi het concept weg" in main(buyer, supplier)
    done = buyer.post(f"/pathways/{row.id}/drop", follow_redirects=True)
    assert "Het concept is weggegooid" in done.text
    assert session.scalars(select(PathwayRow)).all() == []
    seen = pathways.proposed(session, scene, moment)
    withdraw_proposal(session, scene.buyer, moment, seen.id)
    session.commit()
    page = main(buyer, supplier)
    assert "Gooi het concept weg" not in page
    assert "heeft er een voorstel van gezien" in page
    assert buyer.post(f"/pathways/{seen.id}/drop").status_code == 409
