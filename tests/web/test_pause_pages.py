"""Pauses on the pages: granted by the buyer, asked by the supplier and answered, and ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.domain.workdays import Span
from onboarding.services.pathway.holds import ask_for_hold, hold_pathway
from onboarding.store.tables import HoldRow, PathwayRow, PersonRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock

FIRST, LAST = date(2026, 11, 30), date(2026, 12, 13)  # two weeks
DAYS = {"starts_on": FIRST.isoformat(), "ends_on": LAST.isoformat()}
PAUSE = Span(FIRST, LAST)


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def row(session: Session, scene: pathways.Scene, moment: Moment) -> PathwayRow:
    row, _ = pathways.agreed(session, scene, moment)
    session.commit()
    return row


@pytest.fixture
def log_in(app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock) -> Any:
    def enter(person_id: int | None, *, is_user: bool = True) -> FlaskClient:
        person = session.get_one(PersonRow, person_id)
        place = scene.customer if is_user else None
        return stage.log_in(app.test_client(), session, clock.real_now(), person, place)

    return enter


@pytest.fixture
def buyer(log_in: Any, scene: pathways.Scene) -> FlaskClient:
    return log_in(scene.buyer.person_id)


@pytest.fixture
def kim(log_in: Any, scene: pathways.Scene) -> FlaskClient:
    return log_in(scene.signatory.person_id, is_user=False)


def words(answer: Any) -> str:
    return " ".join(answer.text.split())


def test_the_buyer_sees_what_moves_and_pauses(
    buyer: FlaskClient, session: Session, row: PathwayRow
) -> None:
    address = f"/pathways/{row.id}/pause"
    assert f'href="{address}"' in buyer.get(f"/pathways/{row.id}").text
    looked = buyer.post(address, data={**DAYS, "do": "look"})
    assert looked.status_code == 200
    assert "dinsdag 8 december 2026" in looked.text  # the agreed day of the plan
    assert "dinsdag 22 december 2026" in looked.text
    assert session.scalars(select(HoldRow)).first() is None
    done = buyer.post(address, data={**DAYS, "reason": "Verbouwing bij ons", "do": "pause"})
    assert (done.status_code, done.location) == (303, address)
    session.refresh(row)
    assert (row.state, row.hold_ends_on) == ("on-hold", LAST)
    page = words(buyer.get(address))
    assert "Gepauzeerd tot en met zondag 13 december 2026" in page
    assert "Verbouwing bij ons" in page and "dinsdag 22 december 2026" in page


# What is typed, and what the buyer and the supplier read.
WRONG = (
    ({"ends_on": ""}, "Vul een datum in, zoals 2027-03-31.", "Kies een dag."),
    ({"ends_on": "2026-11-29"}, *("Kies een dag op of na maandag 30 november 2026.",) * 2),
    ({"starts_on": "2026-11-20"}, *("Deze dag is voorbij.",) * 2),
    ({"reason": " "}, "Vul dit in.", "Schrijf een paar woorden."),
)


def test_a_pause_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    buyer: FlaskClient, kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    portal = f"/portal/{row.relation_id}/pathways/{row.id}/pause"
    for typed, to_buyer, to_supplier in WRONG:
        data = {**DAYS, "reason": "Verhuizing", **typed}
        first, second = (
            buyer.post(f"/pathways/{row.id}/pause", data=data),
            kim.post(portal, data=data),
        )
        assert (first.status_code, second.status_code) == (400, 422)
        for answer, said in ((first, to_buyer), (second, to_supplier)):
            assert said in answer.text
            assert f'value="{data["starts_on"]}"' in answer.text
            assert data["reason"] in answer.text
    assert session.scalars(select(HoldRow)).first() is None


def test_asked_it_waits_with_the_dates_that_stand_still(
    buyer: FlaskClient, kim: FlaskClient, session: Session, row: PathwayRow
) -> None:
    address = f"/portal/{row.relation_id}/pathways/{row.id}/pause"
    assert "Tijdens een pauze hoeft u niets te doen." in kim.get(address).text
    assert kim.post(address, data={**DAYS, "reason": "Verhuizing"}).status_code == 303
    page = words(kim.get(address))
    assert "Wacht op ons sinds dinsdag 24 november 2026." in page
    assert "staan deze datums stil" in page and "MijnPSO-account" in page
    assert "U vroeg om een pauze." in kim.get(f"/portal/{row.relation_id}").text
    again = kim.post(address, data={**DAYS, "reason": "Nog eens"})
    assert again.status_code == 422
    hold = session.scalars(select(HoldRow)).one()
    assert f'href="/holds/{hold.id}"' in buyer.get("/").text
    assert buyer.get(f"/pathways/{row.id}/pause").location == f"/holds/{hold.id}"
    assert "Wacht op ons sinds 24 nov 2026" in buyer.get(f"/holds/{hold.id}").text


@pytest.fixture
def asked(session: Session, scene: pathways.Scene, moment: Moment, row: PathwayRow) -> HoldRow:
    hold = ask_for_hold(session, scene.signatory, moment, row.id, span=PAUSE, reason="Verhuizing")
    session.commit()
    return session.get_one(HoldRow, hold)


def test_it_is_granted_until_another_day(
    buyer: FlaskClient, kim: FlaskClient, session: Session, row: PathwayRow, asked: HoldRow
) -> None:
    address = f"/holds/{asked.id}"
    assert "dinsdag 22 december 2026" in buyer.get(address).text
    missing = buyer.post(address, data={"decision": "other", "note": "Korter"})
    assert missing.status_code == 400 and "Korter" in missing.text
    turned = buyer.post(address, data={"decision": "other", "ends_on": "2026-11-29"})
    assert turned.status_code == 400 and WRONG[1][1] in turned.text
    looked = buyer.post(address, data={"decision": "other", "ends_on": "2026-12-06", "do": "look"})
    assert "tot en met zondag 6 december 2026" in looked.text
    assert "dinsdag 15 december 2026" in looked.text
    done = buyer.post(address, data={"decision": "other", "ends_on": "2026-12-06", "note": "Zo"})
    assert done.status_code == 303
    session.refresh(row)
    assert (row.state, row.hold_ends_on) == ("on-hold", date(2026, 12, 6))
    assert "gepauzeerd tot en met zondag 6 december 2026" in words(buyer.get(address))
    assert "gepauzeerd tot en met zondag 6 december 2026" in words(
        kim.get(f"/portal/{row.relation_id}/pathways/{row.id}/pause")
    )
    late = buyer.post(address, data={"decision": "asked"})
    assert late.status_code == 409


def test_it_is_refused_with_a_reason_only(
    buyer: FlaskClient, kim: FlaskClient, session: Session, row: PathwayRow, asked: HoldRow
) -> None:
    address = f"/holds/{asked.id}"
    wrong = buyer.post(address, data={"decision": "refused", "note": " "})
    assert wrong.status_code == 400 and "Vul dit in" in wrong.text
    assert buyer.post(address, data={"decision": "refused", "note": "Te lang"}).status_code == 303
    session.refresh(asked)
    assert (asked.state, asked.answer) == ("refused", "Te lang")
    page = words(kim.get(f"/portal/{row.relation_id}/pathways/{row.id}/pause"))
    assert "konden wij geen pauze geven. Te lang" in page and "Om een pauze vragen" in page


def test_a_running_pause_is_shown_and_ended(
    log_in: Any,
    session: Session,
    scene: pathways.Scene,
    moment: Moment,
    clock: SettableClock,
    row: PathwayRow,
) -> None:
    span = Span(moment.today, moment.today + timedelta(13))
    hold_pathway(session, scene.buyer, moment, row.id, span=span, reason="Verbouwing")
    session.commit()
    kim = log_in(scene.signatory.person_id, is_user=False)
    page = words(kim.get(f"/portal/{row.relation_id}"))
    assert "De stappen zijn gepauzeerd tot en met maandag 7 december 2026." in page
    assert "hoeft u niets te doen" in page and "Klaar, versturen" not in page
    clock.forward(days=2)
    buyer = log_in(scene.buyer.person_id)
    assert "Gepauzeerd tot en met" in buyer.get("/suppliers").text
    assert "Pauze stoppen" in buyer.get(f"/pathways/{row.id}/pause").text
    assert buyer.post(f"/pathways/{row.id}/pause/end").status_code == 303
    session.refresh(row)
    assert (row.state, row.hold_ends_on) == ("agreed", moment.today + timedelta(1))
    assert "Eerste dag van de pauze" in buyer.get(f"/pathways/{row.id}/pause").text


def test_an_adviser_reads_and_does_not_ask(
    log_in: Any, session: Session, scene: pathways.Scene, row: PathwayRow
) -> None:
    adviser = stage.a_contact(session, scene.relation, Role.ADVISER)
    client = log_in(adviser.person_id, is_user=False)
    address = f"/portal/{row.relation_id}/pathways/{row.id}/pause"
    page = client.get(address).text
    assert "Een collega die voor Drukkerij De Linde B.V. mag melden" in page
    assert "<textarea" not in page
    assert client.post(address, data={**DAYS, "reason": "Druk"}).status_code == 403
