"""Asking a second signature, signing or not, and what each page and work list tells of it."""

from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.services.calendars import calendar_of
from onboarding.services.statuses import reassess
from onboarding.store.policies import policy_content, policy_value
from onboarding.store.tables import DecisionRow, PolicyRow, RelationRow
from tests import stage
from tests.files import a_pdf
from tests.web.elements import elements


@dataclass
class Desk:
    session: Session
    relation: RelationRow
    buyer: FlaskClient
    manager: FlaskClient

    def asked(self, client: FlaskClient | None = None) -> DecisionRow:
        form = {
            "reason": "Tot het nieuwe contract er is.",
            "starts_on": "2026-11-24",
            "ends_on": "2027-03-31",
            "is_clean": "y",
            "files": [(BytesIO(a_pdf("x")), "plan.pdf")],
        }
        address = f"/suppliers/{self.relation.id}/decisions/new/grant"
        answer = (client or self.buyer).post(
            address, data=form, content_type="multipart/form-data", follow_redirects=True
        )
        assert "Het telt pas als een tweede, een contractmanager, heeft getekend" in answer.text
        return self.session.scalars(select(DecisionRow)).one()

    def home(self, client: FlaskClient) -> str:
        return client.get("/?show=all").text


@pytest.fixture
def desk(app: Flask, session: Session, moment: Moment) -> Desk:
    customer = stage.a_customer(session)
    relation = stage.a_relation(session, customer, spend=1000)
    row = session.scalars(select(PolicyRow).where(PolicyRow.customer_id == customer.id)).one()
    limited = replace(
        policy_value(row, calendar_of), grant_longest_days=90, grant_spend_limit=100_000
    )
    row.content = policy_content(limited)
    reassess(session, moment, [relation.id])
    session.commit()
    buyer = stage.a_user(session, customer)
    manager = stage.a_user(session, customer, Role.MANAGER)
    return Desk(
        session,
        relation,
        stage.log_in(app.test_client(), session, moment.now, buyer, customer),
        stage.log_in(app.test_client(), session, moment.now, manager, customer),
    )


def test_the_form_tells_the_limits(desk: Desk) -> None:
    page = desk.buyer.get(f"/suppliers/{desk.relation.id}/decisions/new/grant").text
    assert "langer dan 90 dagen" in page and "100.000 of meer" in page
    other = desk.buyer.get(f"/suppliers/{desk.relation.id}/decisions/new/exempt").text
    assert "langer dan 90 dagen" not in other


def test_the_manager_sees_all_of_it_and_signs(desk: Desk) -> None:
    row = desk.asked()
    address = f"/decisions/{row.id}"
    assert address not in desk.home(desk.buyer)
    assert address in desk.home(desk.manager)
    page = elements(desk.manager.get(address).text).one("main").text
    for told in (
        "Tot het nieuwe contract er is.",
        "31 maart 2027",
        "Het duurt langer dan één persoon",
        "€ 1.000",
        "plan.pdf",
        "24 december 2026",
        "Teken als tweede",
    ):
        assert told in page
    assert "Teken als tweede" not in desk.buyer.get(address).text
    signed = desk.manager.post(f"{address}/confirm", follow_redirects=True)
    assert "Getekend. De toestemming telt nu" in signed.text
    assert "0 keer geantwoord terwijl deze toestemming gold" in signed.text
    assert "is getekend: zij geldt" in desk.home(desk.buyer)
    supplier = desk.buyer.get(f"/suppliers/{desk.relation.id}").text
    assert "Tweede handtekening op" in supplier
    assert "zette de tweede handtekening" in supplier
    assert desk.manager.post(f"{address}/confirm").status_code == 409


def test_not_signing_takes_a_reason_that_the_asker_reads(desk: Desk) -> None:
    row = desk.asked()
    address = f"/decisions/{row.id}"
    empty = desk.manager.post(f"{address}/refuse", data={"answer": " "})
    assert empty.status_code == 400 and "Vul dit in" in empty.text
    desk.manager.post(f"{address}/refuse", data={"answer": "Eerst de directie."})
    page = elements(desk.buyer.get(address).text).one("main").text
    assert "Hiervoor is niet getekend" in page and "Eerst de directie." in page
    assert "Eerder beëindigen" not in page
    assert "is niet getekend" in desk.home(desk.buyer)
    assert "Niet getekend door" in desk.buyer.get(f"/suppliers/{desk.relation.id}").text


def test_who_asked_cannot_sign_and_a_buyer_cannot_at_all(desk: Desk) -> None:
    row = desk.asked(desk.manager)
    address = f"/decisions/{row.id}"
    assert "Teken als tweede" not in desk.manager.get(address).text
    assert address not in desk.home(desk.manager)
    for client in (desk.manager, desk.buyer):
        assert client.post(f"{address}/confirm").status_code == 403
        assert client.post(f"{address}/refuse", data={"answer": "Nee"}).status_code == 403
    desk.session.refresh(row)
    assert row.state == "asked"


def test_a_second_question_is_told(desk: Desk) -> None:
    desk.asked()
    form = {"reason": "Nog eens", "starts_on": "2026-11-24", "ends_on": "2027-04-30"}
    answer = desk.manager.post(f"/suppliers/{desk.relation.id}/decisions/new/grant", data=form)
    assert answer.status_code == 409
    assert "wacht al een toestemming op een tweede handtekening" in answer.text


def test_who_asked_takes_it_back(desk: Desk) -> None:
    row = desk.asked()
    address = f"/decisions/{row.id}"
    assert "Neem de vraag terug" in desk.buyer.get(address).text
    assert "Neem de vraag terug" not in desk.manager.get(address).text
    assert desk.manager.post(f"{address}/take-back").status_code == 403
    done = desk.buyer.post(f"{address}/take-back", follow_redirects=True)
    page = elements(done.text).one("main").text
    assert "nam het terug op" in page and "Teruggenomen" in page
    assert address not in desk.home(desk.manager)
    supplier = desk.buyer.get(f"/suppliers/{desk.relation.id}").text
    assert "nam de vraag om een tweede handtekening terug" in supplier
    assert desk.manager.post(f"{address}/confirm").status_code == 409
