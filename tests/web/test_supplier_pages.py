"""Pages about suppliers: the list, one supplier, its data, its contacts, in and out."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.services.relations import enrol_supplier
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import ContactRow, OrganisationRow, PersonRow, RelationRow
from tests import pathway_stage, stage
from tests.web.elements import Element, elements


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def manager(
    client: FlaskClient, session: Session, clock: Any, customer: OrganisationRow
) -> FlaskClient:
    person = stage.a_user(session, customer, Role.MANAGER)
    return stage.log_in(client, session, clock.real_now(), person, customer)


@pytest.fixture
def row(session: Session, moment: Any, customer: OrganisationRow) -> RelationRow:
    actor = stage.user_actor(session, customer)
    added = add_supplier(
        session, actor, moment, {"name": "Drukkerij De Linde", "kvk_number": "17037842"}
    )
    session.commit()
    return added


def page(client: FlaskClient, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return elements(answer.text)


def main(client: FlaskClient, address: str) -> str:
    return page(client, address).one(id="main").text


def test_the_empty_list_says_what_to_do_first(manager: FlaskClient) -> None:
    shown = page(manager, "/suppliers")
    assert "Nog geen leveranciers" in shown.one(id="main").text
    links = [link["href"] for link in shown.one(id="main").all("a")]
    assert "/suppliers/imports" in links


def test_the_list_keeps_its_state_in_the_address(manager: FlaskClient, row: RelationRow) -> None:
    shown = page(manager, "/suppliers?q=linde&sort=-name")
    assert "Drukkerij De Linde" in shown.one(id="main").text
    links = [link["href"] for link in shown.one(id="main").all("a")]
    assert "/suppliers/export?q=linde&sort=-name" in links
    assert "/suppliers?q=linde&sort=-name&status=out-of-scope" in links
    assert "Niets gevonden" in main(manager, "/suppliers?q=bestaat-niet")


@pytest.mark.parametrize(
    "query", ["page=x", "page=-3", "status=geen", "buyer=99999999999999", "sort=x", "q=%00%ff"]
)
def test_a_strange_address_does_no_harm(manager: FlaskClient, row: RelationRow, query: str) -> None:
    assert manager.get(f"/suppliers?{query}").status_code == 200


def test_the_export_is_a_file(manager: FlaskClient, row: RelationRow) -> None:
    answer = manager.get("/suppliers/export?q=linde")
    assert answer.mimetype == "text/csv"
    assert 'filename="leveranciers.csv"' in answer.headers["Content-Disposition"]
    assert "Drukkerij De Linde" in answer.data.decode("utf-8-sig")


def test_a_supplier_tells_how_it_stands(
    manager: FlaskClient, session: Session, row: RelationRow
) -> None:
    text = main(manager, f"/suppliers/{row.id}")
    assert "Niet gevraagd Sinds dinsdag 24 november 2026." in text
    assert "Dit blijft zo tot iemand iets nieuws vastlegt." in text
    assert "voegde de leverancier toe" in text
    assert "Wat er komt als er niets verandert" in text
    assert "Opnemen in het programma" in text
    answer = manager.post(f"/suppliers/{row.id}/enrol")
    assert answer.status_code == 303
    text = main(manager, f"/suppliers/{row.id}")
    assert "In gesprek" in text
    assert "Wacht op ons sinds 24 nov 2026. Stel een ontwikkelpad voor" in text


def test_a_change_shows_old_and_new(
    manager: FlaskClient, session: Session, moment: Any, row: RelationRow
) -> None:
    actor = stage.an_actor(row, Role.BUYER)
    with unit_of_work():
        change_supplier(session, actor, moment, row.id, {"city": "Gouda", "spend": "1200"})
    text = main(manager, f"/suppliers/{row.id}")
    assert "Plaats: leeg → Gouda" in text
    assert "Inkoop per jaar (2026): leeg → €\u00a01.200".replace("\u00a0", " ") in text.replace(
        "\u00a0", " "
    )


def test_a_supplier_is_added_by_hand(manager: FlaskClient, session: Session) -> None:
    data = {"name": "Bakkerij Sterk", "country": "NL", "buyer_id": ""}
    # Nobody's spreadsheet took a zero from this: a digit was forgotten, which one we cannot know.
    short = manager.post("/suppliers/new", data={**data, "kvk_number": "2076358"})
    assert "2076358 is geen KvK-nummer" in elements(short.text).one(id="kvk_number-error").text
    answer = manager.post("/suppliers/new", data={**data, "kvk_number": "02 07 63 58"})
    assert answer.status_code == 303, answer.text
    added = session.scalars(select(RelationRow)).one()
    assert (added.name, added.kvk_number) == ("Bakkerij Sterk", "02076358")
    assert answer.location == f"/suppliers/{added.id}"


def test_a_duplicate_is_warned_about_first(
    manager: FlaskClient, session: Session, row: RelationRow
) -> None:
    data = {"name": "Drukkerij de Linden", "country": "NL", "buyer_id": ""}
    answer = manager.post("/suppliers/new", data=data)
    assert answer.status_code == 422
    assert "Misschien hebt u deze leverancier al:" in answer.text
    assert manager.post("/suppliers/new", data={**data, "confirmed": "y"}).status_code == 303
    same = manager.post(
        "/suppliers/new",
        data={"name": "Ander", "kvk_number": "17037842", "country": "NL", "buyer_id": ""},
    )
    assert same.status_code == 422
    assert "is al van Drukkerij De Linde" in same.text
    assert len(session.scalars(select(RelationRow)).all()) == 2


def test_a_mistake_keeps_what_was_typed(manager: FlaskClient, row: RelationRow) -> None:
    answer = manager.post(
        f"/suppliers/{row.id}/edit",
        data={
            "name": "Nieuw",
            "spend": "veel",
            "country": "NL",
            "city": "Gouda",
            "buyer_id": "",
        },
    )
    shown = elements(answer.text)
    assert answer.status_code == 422
    assert shown.one(id="city")["value"] == "Gouda"
    assert "veel is geen bedrag" in shown.one(id="spend-error").text
    assert shown.one("title").text.startswith("Fout:")


def test_who_comes_second_is_told(
    manager: FlaskClient, session: Session, moment: Any, row: RelationRow
) -> None:
    shown = page(manager, f"/suppliers/{row.id}/edit")
    seen = shown.one(id="revision")["value"]
    actor = stage.an_actor(row, Role.BUYER)
    with unit_of_work():
        change_supplier(session, actor, moment, row.id, {"city": "Gouda"})
    data = {"name": row.name, "country": "NL", "city": "Zwolle", "buyer_id": ""}
    answer = manager.post(f"/suppliers/{row.id}/edit", data={**data, "revision": seen})
    assert answer.status_code == 422
    assert "Iemand heeft dit intussen veranderd" in answer.text
    shown = elements(answer.text)
    assert "Plaats: Gouda" in shown.one("ul", id="stands-now").text
    assert shown.one(id="city")["value"] == "Zwolle"
    again = {**data, "revision": shown.one(id="revision")["value"]}
    assert manager.post(f"/suppliers/{row.id}/edit", data=again).status_code == 303
    assert session.get_one(RelationRow, row.id).city == "Zwolle"


def test_a_contact_is_invited_and_retired(
    manager: FlaskClient, session: Session, row: RelationRow
) -> None:
    address = f"/suppliers/{row.id}/contacts/new"
    wrong = manager.post(
        address, data={"name": "Kim", "email": "kim@x.nl", "role": "signatory", "locale": "nl"}
    )
    assert wrong.status_code == 422
    assert "Vul dit in." in elements(wrong.text).one(id="function-error").text
    data = {"name": "", "email": "kim@@x", "locale": "nl"}
    all_wrong = elements(manager.post(address, data=data).text).one(class_="error-summary").text
    for one in ("Naam: Vul dit in.", "kim@@x", "Wat deze persoon doet: Kies een antwoord."):
        assert one in all_wrong
    done = manager.post(
        address, data={"name": "Kim", "email": "kim@x.nl", "role": "contact", "locale": "nl"}
    )
    assert done.status_code == 303
    contact = session.scalars(select(ContactRow)).one()
    assert session.get_one(PersonRow, contact.person_id).email == "kim@x.nl"
    shown = main(manager, f"/suppliers/{row.id}")
    assert "kim@x.nl" in shown and "voegde Kim toe als contactpersoon" in shown
    retire = f"/suppliers/{row.id}/contacts/{contact.id}/retire"
    assert manager.post(retire, data={"reason": " "}).status_code == 422
    assert manager.post(retire, data={"reason": "weg"}).status_code == 303
    assert "kim@x.nl" not in main(manager, f"/suppliers/{row.id}")


def test_a_relation_goes_in_and_out(
    manager: FlaskClient, session: Session, moment: Any, row: RelationRow
) -> None:
    with unit_of_work():
        enrol_supplier(session, stage.an_actor(row, Role.BUYER), moment, row.id)
    take_out = f"/suppliers/{row.id}/take-out"
    assert manager.post(take_out, data={"reason": "toch niet"}).status_code == 303
    again = manager.post(take_out, data={"reason": "toch niet"})
    assert again.status_code == 422
    end = f"/suppliers/{row.id}/end"
    past = manager.post(end, data={"reason": "klaar", "ended_on": "2026-11-01"})
    assert past.status_code == 422
    assert "Deze dag is voorbij" in past.text
    assert manager.post(end, data={"reason": "klaar", "ended_on": "2026-11-24"}).status_code == 303
    assert "Geen nieuwe opdrachten" in main(manager, f"/suppliers/{row.id}")
    reopened = manager.post(f"/suppliers/{row.id}/reopen", data={"reason": "toch weer"})
    assert reopened.status_code == 303
    assert session.get_one(RelationRow, row.id).ended_on is None


def test_a_supplier_gets_another_number_on_a_page_of_its_own(
    manager: FlaskClient, session: Session, moment: Any, customer: OrganisationRow, row: RelationRow
) -> None:
    edit = page(manager, f"/suppliers/{row.id}/edit")
    assert edit.all(id="kvk_number") == []
    address = f"/suppliers/{row.id}/number"
    assert address in [link["href"] for link in edit.all("a")]
    other = stage.a_relation(session, customer, "Smit")
    session.commit()
    data = {"kvk_number": str(other.kvk_number), "from_on": "2026-11-01", "reason": "overname"}
    known = manager.post(address, data=data)
    assert known.status_code == 422
    shown = elements(known.text)
    assert shown.one(id="reason").text.strip() == "overname"
    assert f"/suppliers/{other.id}" in [link["href"] for link in shown.one(id="main").all("a")]
    future = manager.post(address, data={**data, "from_on": "2026-11-25"})
    assert "Deze dag moet nog komen" in elements(future.text).one(id="from_on-error").text
    new = {**data, "kvk_number": "2 076 358"}
    assert manager.post(address, data=new).status_code == 303
    text = main(manager, f"/suppliers/{row.id}")
    assert "KvK-nummer 02076358" in text
    assert "02076358 vast vanaf zondag 1 november 2026, daarvoor 17037842: overname" in text
    wrong = {**data, "kvk_number": "17037899", "was_wrong": "y", "from_on": "2026-11-24"}
    assert manager.post(address, data=wrong).status_code == 303
    text = main(manager, f"/suppliers/{row.id}")
    assert "verbeterde KvK-nummer 02076358 naar 17037899: overname" in text


def test_a_supplier_from_abroad_is_added_by_hand(manager: FlaskClient, session: Session) -> None:
    data = {"name": "Vogt GmbH", "country": "DE", "foreign_number": "HRB 12345", "buyer_id": ""}
    answer = manager.post("/suppliers/new", data=data)
    assert answer.status_code == 303, answer.text
    assert "HRB 12345 · Duitsland" in main(manager, str(answer.location))
    assert "HRB 12345" in page(manager, "/suppliers").one("tbody").text
    same = manager.post("/suppliers/new", data={**data, "name": "Ander"})
    assert same.status_code == 422
    assert "Nummer HRB 12345 is al van Vogt GmbH." in same.text
    assert str(answer.location) in [link["href"] for link in elements(same.text).all("a")]


def test_what_is_expected_stands_apart_from_what_is_recorded(
    client: FlaskClient, session: Session, moment: Any
) -> None:
    scene = pathway_stage.a_scene(session)
    person = session.get_one(PersonRow, scene.manager.person_id)
    manager = stage.log_in(client, session, moment.now, person, scene.customer)
    address = f"/suppliers/{scene.relation.id}"
    assert "Verwachting" not in main(manager, address)
    pathway_stage.agreed(session, scene, moment)
    session.commit()
    shown = page(manager, address).one(id="coming")
    expected = shown.one(id="expected").text
    assert "er gaat een waarschuwing uit over Plan van aanpak" in expected
    assert "als status staat het nergens" in expected
    assert "nog steeds Loopt achter, maar om een andere reden" in expected
    assert [g.get("class") for g in shown.all("g")] == [None, "band-expected"]
