"""The page on which a supplier tells when it is closed, and where a buyer reads it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.store.tables import ClosureRow, PersonRow, StatementRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock

DAYS = {"starts_on": "2026-12-07", "ends_on": "2026-12-20"}


@pytest.fixture
def scene(session: Session, moment: Moment) -> pathways.Scene:
    scene = pathways.a_scene(session)
    pathways.agreed(session, scene, moment)
    session.commit()
    return scene


@pytest.fixture
def log_in(app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock) -> Any:
    def enter(person_id: int | None, *, is_user: bool = False) -> FlaskClient:
        person = session.get_one(PersonRow, person_id)
        place = scene.customer if is_user else None
        return stage.log_in(app.test_client(), session, clock.real_now(), person, place)

    return enter


def words(answer: Any) -> str:
    return " ".join(answer.text.split())


def test_told_seen_by_both_and_called_off(
    log_in: Any, session: Session, scene: pathways.Scene
) -> None:
    kim = log_in(scene.signatory.person_id)
    address = f"/portal/{scene.relation.id}/closed"
    assert f'href="{address}"' in kim.get(f"/portal/{scene.relation.id}").text
    assert kim.post(address, data=DAYS).location == address
    page = words(kim.get(address))
    assert "Gesloten van maandag 7 december 2026 tot en met zondag 20 december 2026" in page
    assert "Plan van aanpak" in page or "plan: dinsdag 8 december 2026" in page
    assert "Plan van aanpak met directie-akkoord: dinsdag 8 december 2026" in page
    assert "Andere datum vragen" in page
    buyer = log_in(scene.buyer.person_id, is_user=True)
    page = words(buyer.get(f"/suppliers/{scene.relation.id}"))
    assert "Gesloten van" in page
    assert "is gesloten van maandag 7 december 2026 tot en met" in page
    closure = session.scalars(select(ClosureRow)).one()
    assert kim.post(f"{address}/{closure.id}/off").location == address
    assert "Gesloten van" not in words(kim.get(address))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_on": ""}, "Kies een dag."),
        ({"ends_on": "2026-12-01"}, "Kies een dag op of na maandag 7 december 2026."),
        ({"starts_on": "2026-11-02"}, "Deze dag is voorbij."),
        ({"ends_on": "2027-03-01"}, "Kies zondag 17 januari 2027 of eerder."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    log_in: Any, session: Session, scene: pathways.Scene, typed: dict[str, str], said: str
) -> None:
    kim = log_in(scene.signatory.person_id)
    data = {**DAYS, **typed}
    answer = kim.post(f"/portal/{scene.relation.id}/closed", data=data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert all(f'value="{value}"' in answer.text for value in data.values() if value)
    assert session.scalars(select(ClosureRow)).first() is None


def test_known_days_are_named(log_in: Any, session: Session, scene: pathways.Scene) -> None:
    kim = log_in(scene.signatory.person_id)
    address = f"/portal/{scene.relation.id}/closed"
    kim.post(address, data=DAYS)
    answer = kim.post(address, data={"starts_on": "2026-12-20", "ends_on": "2026-12-27"})
    said = "maandag 7 december 2026 tot en met zondag 20 december 2026 is al bekend."
    assert said in words(answer).lower()


def test_an_adviser_reads_it(log_in: Any, session: Session, scene: pathways.Scene) -> None:
    adviser = stage.contact_actor(session, scene.relation, Role.ADVISER)
    session.commit()
    page = log_in(adviser.person_id).get(f"/portal/{scene.relation.id}/closed")
    assert "Een collega die voor" in page.text and 'name="starts_on"' not in page.text


def test_said_by_phone(log_in: Any, session: Session, scene: pathways.Scene) -> None:
    buyer = log_in(scene.buyer.person_id, is_user=True)
    address = f"/suppliers/{scene.relation.id}/contact/closure"
    assert "Zij zijn een tijd gesloten" in buyer.get(address).text
    form = {
        "about": "0",
        "said_by": str(scene.signatory.person_id),
        "channel": "phone",
        "said_on": "2026-11-24",
        **DAYS,
    }
    assert buyer.post(address, data=form).status_code == 303
    assert session.scalars(select(ClosureRow)).one().relation_id == scene.relation.id
    assert session.scalars(select(StatementRow.code)).all() == ["closure-added"]
