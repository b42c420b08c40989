"""A reader follows a supplier from its page, and sees what changed."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.jobs import runs
from onboarding.services.statuses import reassess
from onboarding.store.tables import PersonRow, RelationRow
from tests.settable_clock import SettableClock
from tests.web.elements import elements


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_follow_see_and_stop(
    app: Flask,
    as_buyer: FlaskClient,
    session: Session,
    relation: RelationRow,
    clock: SettableClock,
) -> None:
    session.commit()
    page = f"/suppliers/{relation.id}"
    assert "Volg deze leverancier" in text(as_buyer, page)
    assert "Gevolgd:" not in text(as_buyer, "/")
    assert "U volgt nog geen leverancier" in text(as_buyer, "/watched")
    answer = as_buyer.post(f"{page}/follow")
    assert (answer.status_code, answer.location) == (303, page)
    assert "Niet meer volgen" in text(as_buyer, page)
    assert "Gevolgd: 0 wijzigingen deze week" in text(as_buyer, "/")
    reassess(session, clock.moment(), [relation.id])
    session.commit()
    runs.announce(app)
    assert "Gevolgd: 1 wijziging deze week" in text(as_buyer, "/")
    assert relation.name in text(as_buyer, "/watched")
    answer = as_buyer.post(f"{page}/unfollow", data={"next": "watched"})
    assert (answer.status_code, answer.location) == (303, "/watched")
    assert "U volgt nog geen leverancier" in text(as_buyer, "/watched")
    assert "Volg deze leverancier" in text(as_buyer, page)


def test_all_of_mine(as_buyer: FlaskClient) -> None:
    answer = as_buyer.post("/watched/mine")
    assert (answer.status_code, answer.location) == (303, "/watched")


def test_a_reader_follows_too(
    as_reader: FlaskClient, session: Session, relation: RelationRow
) -> None:
    session.commit()
    assert as_reader.post(f"/suppliers/{relation.id}/follow").status_code == 303
    assert relation.name in text(as_reader, "/watched")
    assert "Volg al mijn leveranciers" not in text(as_reader, "/watched")
    assert "/watched" in text(as_reader, "/account")


def test_when_mail_comes_is_chosen_on_the_page(
    as_buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    session.commit()
    as_buyer.post(f"/suppliers/{relation.id}/follow")
    assert as_buyer.post("/watched/mail", data={"rhythm": "hourly"}).status_code == 422
    saved = as_buyer.post("/watched/mail", data={"rhythm": "weekly"}, follow_redirects=True)
    page = elements(saved.text)
    [chosen] = [one for one in page.all("input", type="radio") if "checked" in one.attributes]
    assert chosen["value"] == "weekly"
    assert session.scalars(
        select(PersonRow.watch_rhythm).where(PersonRow.watch_rhythm != "daily")
    ).one()
