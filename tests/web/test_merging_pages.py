"""Two records of one supplier on a page, and every address of the one that went."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.services.suppliers import add_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import OrganisationRow, PersonRow, RelationRow
from tests import stage
from tests.web.elements import elements


@pytest.fixture
def two(session: Session, moment, customer: OrganisationRow) -> tuple[RelationRow, RelationRow]:
    with unit_of_work():
        actor = stage.user_actor(session, customer)
        spend = {"division": "Hal", "spend": 100}
        given = {"name": "De Linde", "kvk_number": "17037842", "city": "Gouda", **spend}
        other = {"name": "De Linde B.V.", "kvk_number": "02076358", "category": "Drukwerk", **spend}
        return (
            add_supplier(session, actor, moment, given),
            add_supplier(session, actor, moment, other),
        )


def test_the_two_are_found_seen_and_merged(
    as_buyer: FlaskClient, session: Session, two: tuple[RelationRow, RelationRow]
) -> None:
    one, other = two
    chosen = elements(as_buyer.get(f"/suppliers/{one.id}/merge").text)
    address = f"/suppliers/{one.id}/merge/{other.id}"
    assert address in [link["href"] for link in chosen.one(id="main").all("a")]
    page = elements(as_buyer.get(address).text)
    table = page.one(id="both").text
    assert "Gouda" in table and "Drukwerk" in table and "Hal: € 100" in table.replace("\u00a0", " ")
    names = {field["name"] for field in page.one(id="main").all("input", type="radio")}
    assert names == {"stays", "keep_name", "keep_kvk_number", "spend"}
    checked = {
        field["name"]: field["value"]
        for field in page.one(id="main").all("input", type="radio")
        if "checked" in field.attributes
    }
    assert checked == {
        "stays": "one",
        "keep_name": "one",
        "keep_kvk_number": "one",
        "spend": "keep",  # the same amount twice
    }
    data = {**checked, "seen_one": str(one.revision), "seen_other": str(other.revision)}
    incomplete = as_buyer.post(address, data={**data, "keep_name": ""})
    assert incomplete.status_code == 422
    shown = elements(incomplete.text)
    assert "checked" in shown.one("input", name="stays", value="one").attributes
    old = as_buyer.post(address, data={**data, "seen_one": "0"})
    assert old.status_code == 422 and "Iemand heeft dit intussen veranderd" in old.text
    done = as_buyer.post(address, data={**data, "keep_name": "other"})
    assert (done.status_code, done.location) == (303, f"/suppliers/{one.id}")
    main = elements(as_buyer.get(done.location).text).one(id="main").text
    assert "voegde dit samen met De Linde B.V., KvK 02076358" in main
    assert "Drukwerk" in main
    former = as_buyer.get(f"/suppliers/{one.id}/merged/{other.id}")
    assert "id-" in former.text and former.status_code == 200


def test_every_address_of_the_one_that_went_leads_on(
    as_buyer: FlaskClient,
    as_reader: FlaskClient,
    log_in_as,
    app: Flask,
    clock,
    session: Session,
    customer: OrganisationRow,
    two: tuple[RelationRow, RelationRow],
) -> None:
    one, other = two
    contact = stage.a_contact(session, other)
    strange = stage.a_customer(session, "Ander")
    stranger = stage.a_user(session, strange)
    session.commit()
    data = {"stays": "one", "keep_name": "one", "keep_kvk_number": "one", "spend": "keep"}
    as_buyer.post(f"/suppliers/{one.id}/merge/{other.id}", data=data)
    for address in ("/suppliers/{}", "/suppliers/{}?before=3", "/suppliers/{}/edit"):
        moved = as_buyer.get(address.format(other.id))
        assert (moved.status_code, moved.location) == (301, address.format(one.id))
    assert as_buyer.post(f"/suppliers/{other.id}/enrol").status_code == 404
    assert as_reader.get(f"/suppliers/{other.id}/edit").status_code == 403
    supplier = log_in_as(session.get_one(PersonRow, contact.person_id))
    moved = supplier.get(f"/portal/{other.id}/people")
    assert (moved.status_code, moved.location) == (301, f"/portal/{one.id}/people")
    assert supplier.get(f"/portal/{one.id}/people").status_code == 200
    elsewhere = stage.log_in(app.test_client(), session, clock.real_now(), stranger, strange)
    assert elsewhere.get(f"/suppliers/{other.id}").status_code == 404
    not_theirs = log_in_as(stage.a_person(session))
    assert not_theirs.get(f"/portal/{other.id}/people").status_code == 404
