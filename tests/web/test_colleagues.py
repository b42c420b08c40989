"""The pages of colleagues: planning an absence, directing answers, handing over, leaving."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.store.tables import OrganisationRow, PersonRow, RelationRow
from tests import stage


def test_a_manager_plans_an_absence_and_sees_it(
    as_manager: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    buyer, deputy = (stage.a_user(session, customer, Role.BUYER) for _ in range(2))
    session.commit()
    form = {"deputy": str(deputy.id), "starts_on": "2026-11-30", "ends_on": "2026-12-04"}
    answer = as_manager.post(f"/colleagues/{buyer.id}/absence", data=form)
    assert (answer.status_code, answer.location) == (303, f"/colleagues/{buyer.id}")
    page = as_manager.get("/colleagues").text
    assert "30 nov 2026 – 4 dec 2026" in page
    form["ends_on"] = "2026-11-29"
    answer = as_manager.post(f"/colleagues/{buyer.id}/absence", data=form)
    assert answer.status_code == 400
    assert 'value="2026-11-29"' in answer.text, "what was typed stays"
    assert "Fout:" in answer.text
    form["ends_on"] = ""
    assert (
        "Vul de laatste dag in"
        in as_manager.post(f"/colleagues/{buyer.id}/absence", data=form).text
    )


def test_a_buyer_arranges_its_own_and_no_others(
    as_buyer: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    colleague = stage.a_user(session, customer, Role.BUYER)
    session.commit()
    assert as_buyer.get("/colleagues/me").status_code == 200
    answer = as_buyer.post(f"/colleagues/{colleague.id}/answers", data={"reply_to": "a@b.nl"})
    assert answer.status_code == 403


def test_a_hand_over_and_leaving(
    as_manager: FlaskClient,
    as_admin: FlaskClient,
    session: Session,
    customer: OrganisationRow,
    relation: RelationRow,
) -> None:
    first, second, third = (stage.a_user(session, customer, Role.BUYER) for _ in range(3))
    relation.buyer_id = first.id
    session.commit()
    assert as_manager.post(f"/colleagues/{first.id}/hand-over").status_code == 400
    answer = as_manager.post(
        f"/colleagues/{first.id}/hand-over", data={"successor": str(second.id)}
    )
    assert answer.status_code == 303
    assert session.get_one(RelationRow, relation.id, populate_existing=True).buyer_id == second.id
    page = as_admin.post(f"/users/{second.id}", data={})
    assert page.status_code == 422
    assert "Wie neemt de leveranciers over?" in page.text
    answer = as_admin.post(f"/users/{second.id}", data={"successor": str(third.id)})
    assert answer.status_code == 303
    assert session.get_one(RelationRow, relation.id, populate_existing=True).buyer_id == third.id


def test_a_supplier_sees_who_stands_in(
    as_supplier: FlaskClient,
    as_manager: FlaskClient,
    session: Session,
    customer: OrganisationRow,
    relation: RelationRow,
) -> None:
    buyer, deputy = (stage.a_user(session, customer, Role.BUYER) for _ in range(2))
    relation.buyer_id = buyer.id
    session.get_one(PersonRow, deputy.id).phone = "010 555 66 77"
    session.commit()
    form = {"deputy": str(deputy.id), "ends_on": "2026-12-04"}
    as_manager.post(f"/colleagues/{buyer.id}/absence", data=form)
    assert "010 555 66 77" in as_supplier.get(f"/portal/{relation.id}").text
