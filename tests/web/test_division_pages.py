"""The page of a division that buys from a supplier, and the supplier's page that shows them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import DivisionRow, OrganisationRow, RelationRow, SpendRow
from tests import stage
from tests.web.elements import elements


@pytest.fixture
def row(session: Session, moment, customer: OrganisationRow) -> RelationRow:
    with unit_of_work():
        actor = stage.user_actor(session, customer)
        given = {"name": "Zoë", "division": "Schoonmaak", "spend": 100}
        return add_supplier(session, actor, moment, given)


def filled_in(**fields: str) -> dict[str, str]:
    return {"division": "Catering", "buyer_id": "", **fields}


def test_a_division_is_added_changed_and_taken_away(
    as_buyer: FlaskClient, session: Session, row: RelationRow
) -> None:
    address = f"/suppliers/{row.id}/divisions/new"
    form = elements(as_buyer.get(address).text)
    assert [one["value"] for one in form.one("datalist", id="divisions").all("option")] == [
        "Schoonmaak"
    ]
    assert form.one("label", for_="spend_0").text.startswith("Inkoop 2026")
    data = filled_in(site="Zuid", creditor_numbers="fs1|FS2", spend_0="1.200", spend_1="900,50")
    assert as_buyer.post(address, data=data).status_code == 303
    shown = elements(as_buyer.get(f"/suppliers/{row.id}").text).one(id="divisions").text
    assert "Catering / Zuid Inkoop 2026: € 1.200 · 2025: € 900" in shown.replace("\u00a0", " ")
    assert "Crediteurnummers FS1, FS2" in shown
    line = session.scalars(select(DivisionRow).where(DivisionRow.division == "Catering")).one()
    session.add(SpendRow(division_id=line.id, year=2019, amount=7))
    session.commit()
    page = elements(as_buyer.get(f"/suppliers/{row.id}/divisions/{line.id}").text)
    assert page.one(id="spend_1")["value"] == "900,50"
    assert "2019: € 7" in page.one(id="main").text.replace("\u00a0", " ")
    change = f"/suppliers/{row.id}/divisions/{line.id}"
    assert as_buyer.post(change, data=filled_in(site="Zuid", spend_0="1300")).status_code == 303
    years = select(SpendRow.year).join(DivisionRow).where(DivisionRow.division == "Catering")
    assert sorted(session.scalars(years)) == [2019, 2026]
    assert as_buyer.post(f"{change}/remove").status_code == 303
    assert session.scalars(select(DivisionRow.division)).all() == ["Schoonmaak"]


def test_a_mistake_keeps_what_was_typed(as_buyer: FlaskClient, row: RelationRow) -> None:
    address = f"/suppliers/{row.id}/divisions/new"
    wrong = as_buyer.post(address, data=filled_in(spend_1="veel", contract="C-1"))
    assert wrong.status_code == 422
    page = elements(wrong.text)
    assert "veel is geen bedrag" in page.one(id="spend_1-error").text
    assert page.one(id="contract")["value"] == "C-1"
    known = as_buyer.post(address, data=filled_in(division="Schoonmaak"))
    assert "Schoonmaak staat er al." in elements(known.text).one(id="division-error").text
    odd = as_buyer.post(address, data=filled_in(creditor_numbers="F 1"))
    assert "geen crediteurnummer" in elements(odd.text).one(id="creditor_numbers-error").text


def test_the_data_page_leads_to_the_divisions_where_there_are_several(
    as_buyer: FlaskClient, session: Session, row: RelationRow
) -> None:
    edit = f"/suppliers/{row.id}/edit"
    assert elements(as_buyer.get(edit).text).one(id="division")["value"] == "Schoonmaak"
    as_buyer.post(f"/suppliers/{row.id}/divisions/new", data=filled_in(spend_0="5"))
    page = elements(as_buyer.get(edit).text)
    assert page.all(id="spend") == []
    assert f"/suppliers/{row.id}#divisions" in [link["href"] for link in page.all("a")]
    data = {"name": "Zoë B.V.", "country": "NL", "buyer_id": "", "has_no_alternative": "y"}
    assert as_buyer.post(edit, data=data).status_code == 303
    session.expire_all()
    assert (row.name, row.spend, row.has_no_alternative) == ("Zoë B.V.", 105, True)
    listed = elements(as_buyer.get("/suppliers?alternative=none").text).one("tbody").text
    assert "Catering" in listed and "Schoonmaak" in listed
