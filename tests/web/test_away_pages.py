"""“Away for a while”, behind a link, logged in and by phone; and what the buyer sees of it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.access import LinkPurpose
from onboarding.domain.people import Role
from onboarding.store.tables import ContactAbsenceRow, ContactRow, StatementRow
from tests import pathway_stage, stage
from tests.conftest import SettableClock
from tests.link_things import a_link
from tests.pathway_stage import Scene

DAYS = {"starts_on": "2026-12-01", "ends_on": "2026-12-11"}


@pytest.fixture
def scene(session: Session) -> Scene:
    return pathway_stage.a_scene(session)


@pytest.fixture
def piet(session: Session, scene: Scene) -> int:
    row = stage.a_contact(session, scene.relation, Role.CONTACT, name="Piet Puk")
    session.commit()
    return row.person_id


def planned(session: Session) -> list[tuple[int, int, str, str, bool]]:
    session.expire_all()
    return [
        (row.person_id, row.deputy_id, str(row.starts_on), str(row.ends_on), bool(row.ended_on))
        for row in session.scalars(select(ContactAbsenceRow).order_by(ContactAbsenceRow.id))
    ]


@pytest.mark.parametrize(
    ("purpose", "page"), [(LinkPurpose.MAIL_CHOICE, "mail"), (LinkPurpose.WRONG_PERSON, "not-me")]
)
def test_behind_a_link(
    app: Flask,
    client: FlaskClient,
    session: Session,
    scene: Scene,
    clock: SettableClock,
    piet: int,
    purpose: LinkPurpose,
    page: str,
) -> None:
    kim = scene.signatory.person_id or 0
    token = a_link(app, session, clock.real_now(), kim, scene.relation.id, purpose=purpose)[1]
    first = f"/portal/{page}/{token}"
    where = f"{first}/away"
    assert where in client.get(first).text
    asked = client.get(where)
    assert asked.status_code == 200 and "Piet Puk" in asked.text and "/invite" not in asked.text
    assert client.post(where, data={**DAYS, "deputy": "0"}).status_code == 422
    assert planned(session) == []
    assert client.post(where, data={**DAYS, "deputy": str(piet)}).location == where
    assert planned(session) == [(kim, piet, "2026-12-01", "2026-12-11", False)]
    assert "Piet Puk krijgt dan uw herinneringen" in client.get(where).text
    assert client.post(where, data={"back": "1"}).location == where
    assert [one[-1] for one in planned(session)] == [True]
    assert client.post(where, data={"back": "1"}).status_code == 404


def test_logged_in_and_seen_by_the_buyer(
    enter: Any, session: Session, scene: Scene, piet: int
) -> None:
    theirs, ours = enter(scene.signatory), enter(scene.buyer)
    where = f"/portal/{scene.relation.id}/away"
    assert where in theirs.get(f"/portal/{scene.relation.id}").text
    assert "/people/invite" in theirs.get(where).text
    assert theirs.post(where, data={**DAYS, "deputy": str(piet)}).location == where
    assert "Piet Puk neemt waar" in theirs.get(f"/portal/{scene.relation.id}/people").text
    page = ours.get(f"/suppliers/{scene.relation.id}").text
    assert "weg van 1 dec 2026 tot en met 11 dec 2026: Piet Puk krijgt de herinneringen" in page
    contact = session.scalars(
        select(ContactRow.id).where(ContactRow.person_id == scene.signatory.person_id)
    ).one()
    back = f"/suppliers/{scene.relation.id}/contacts/{contact}/back"
    assert back in page
    assert ours.post(back).status_code == 303
    assert [one[-1] for one in planned(session)] == [True]
    assert ours.post(back).status_code == 404


def test_said_by_phone(enter: Any, session: Session, scene: Scene, piet: int) -> None:
    ours, kim = enter(scene.buyer), scene.signatory.person_id
    where = f"/suppliers/{scene.relation.id}/contact/away"
    assert "Een contactpersoon is een tijd weg" in ours.get(where).text
    form = {"about": "0", "said_by": str(piet), "channel": "phone", "said_on": "2026-11-24", **DAYS}
    same = ours.post(where, data={**form, "away": str(kim), "deputy": str(kim)})
    assert same.status_code == 422 and "Kies een andere contactpersoon" in same.text
    assert ours.post(where, data={**form, "away": str(kim), "deputy": str(piet)}).status_code == 303
    assert planned(session) == [(kim, piet, "2026-12-01", "2026-12-11", False)]
    assert session.scalars(select(StatementRow.code)).all() == ["contact-away"]
