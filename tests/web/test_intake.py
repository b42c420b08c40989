"""What comes in and can mean nothing is refused, or left out, and never an error of ours."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.store.tables import RelationRow
from tests import pathway_things
from tests.web.elements import elements

TOO_LARGE = 2**31


@pytest.mark.parametrize(
    "address", ["/suppliers/{n}", "/milestones/{n}", "/evidence/{n}", "/certificates/{n}/verify"]
)
def test_a_number_that_no_row_has_is_not_there(as_manager: FlaskClient, address: str) -> None:
    for number in (TOO_LARGE - 1, TOO_LARGE, 10**20):
        method = "POST" if address.endswith("verify") else "GET"
        assert as_manager.open(address.format(n=number), method=method).status_code == 404


def test_a_number_in_the_query_that_no_row_has_is_left_out(
    as_buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    session.commit()
    addresses = (
        f"/suppliers/{relation.id}?before=",
        f"/suppliers/{relation.id}/contact?task=",
        "/suppliers?page=",
        "/suppliers?id=",
        "/suppliers/batches?page=",
        "/certificates/check?page=",
    )
    for number in (TOO_LARGE, 10**20, -1, 0):
        for address in addresses:
            assert as_buyer.get(f"{address}{number}").status_code == 200


def test_a_null_character_is_refused(
    as_supplier: FlaskClient, session: Session, relation: RelationRow
) -> None:
    step = pathway_things.a_milestone(session, relation)
    session.commit()
    where = f"/portal/{relation.id}/steps/{step.id}"
    assert as_supplier.post(where, data={"note": "a\0b"}).status_code == 400
    file = (io.BytesIO(b"x"), "a\0b.pdf")
    data = {"note": "Klaar", "files": file, "is_clean": "y"}
    answer = as_supplier.post(where, data=data, content_type="multipart/form-data")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "query",
    ["_scheme=javascript&_external=1", "endpoint=x", "_anchor=x", "_method=POST", "relation_id=7"],
)
def test_a_query_cannot_turn_the_links_of_a_page(
    as_buyer: FlaskClient, session: Session, relation: RelationRow, query: str
) -> None:
    session.commit()
    for address in ("/suppliers", f"/suppliers/{relation.id}", "/"):
        answer = as_buyer.get(f"{address}?page=2&{query}")
        assert answer.status_code == 200
        links = [a["href"] for a in elements(answer.text).all("a")]
        assert links and all(link.startswith(("/", "#")) for link in links)


def test_a_button_of_the_list_of_steps_that_is_no_button_changes_nothing(
    as_buyer: FlaskClient, session: Session, relation: RelationRow
) -> None:
    relation.enrolled_on = relation.created_on
    session.commit()
    begun = {"template": "straight", "target": "trede-1", "starts_on": "2026-12-01"}
    editor = as_buyer.post(f"/suppliers/{relation.id}/pathway/new", data=begun).location
    for button in ("remove-²", "remove--1", "up-99", "x"):
        answer = as_buyer.post(editor, data={"do": button, "count": "1", "title-0": "Plan"})
        assert answer.status_code == 200 and "Plan" in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "3000-01-01", "0001-01-01"])
def test_a_day_that_nobody_means_is_told_beside_its_field(
    as_manager: FlaskClient, session: Session, relation: RelationRow, day: str
) -> None:
    """Calculating on from it would end in an error, on this page or on one of the supplier's."""
    relation.enrolled_on = relation.created_on
    session.commit()
    where = f"/suppliers/{relation.id}/pathway/new"
    begun = {"template": "straight", "target": "trede-1", "starts_on": "2026-12-01"}
    wrong = as_manager.post(where, data={**begun, "starts_on": day})
    assert wrong.status_code == 400
    assert f'value="{day}"' in wrong.text and "zoals 2027-03-31" in wrong.text
    editor = as_manager.post(where, data=begun).location
    typed = {"count": "1", "title-0": "Plan", "due-0": day, "do": "check"}
    answer = as_manager.post(editor, data=typed)
    assert answer.status_code == 400 and "Stap 1: Vul een datum in" in answer.text
