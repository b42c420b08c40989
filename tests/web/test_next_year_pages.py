"""The year after a pathway that is done, as a buyer meets it."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.jobs import runs
from onboarding.services.decisions import take_decision
from onboarding.store.tables import EventRow, PathwayRow, PersonRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.template_things import completed


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def buyer(app: Flask, session: Session, scene: pathways.Scene, moment: Moment) -> FlaskClient:
    person = session.get_one(PersonRow, scene.buyer.person_id)
    return stage.log_in(app.test_client(), session, moment.now, person, scene.customer)


def test_from_the_work_list_to_a_draft(
    app: Flask,
    buyer: FlaskClient,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
) -> None:
    done = completed(session, scene.relation, starts_on=date(2026, 1, 5))
    take_decision(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        DecisionKind.EXEMPT,
        reason="Eenmanszaak.",
        starts_on=moment.today,
        ends_on=date(2027, 3, 1),
    )
    session.commit()
    runs.sweep(app, moment)
    address = f"/pathways/{done.id}/next-year"
    assert address in buyer.get("/").text
    assert address in buyer.get(f"/pathways/{done.id}").text
    page = buyer.get(address).text
    assert "begint op dinsdag 5 januari 2027" in page
    assert "Jaarlijkse andere bijdrage" in page
    assert "Dat eindigt in het nieuwe jaar." in page
    made = buyer.post(address)
    row = session.scalars(select(PathwayRow).where(PathwayRow.id != done.id)).one()
    assert made.location == f"/pathways/{row.id}/check"
    assert "Jaarlijkse andere bijdrage" in buyer.get(made.location).text
    assert address not in buyer.get("/").text
    assert buyer.get(address).location == f"/pathways/{done.id}"
    assert buyer.post(address).status_code == 409


def test_leaving_it_out_asks_why(
    buyer: FlaskClient, session: Session, scene: pathways.Scene
) -> None:
    done = completed(session, scene.relation)
    address = f"/pathways/{done.id}/next-year/skip"
    refused = buyer.post(address, data={"reason": " "})
    assert refused.status_code == 400 and "Waarom is er geen" in refused.text
    assert buyer.post(address, data={"reason": "Stopt in maart."}).status_code == 303
    event = session.scalars(select(EventRow).where(EventRow.code == "next-year-skipped")).one()
    assert event.facts["reason"] == "Stopt in maart."
