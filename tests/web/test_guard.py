"""The guard of pages: who is sent to the log-in page, who is refused, and who sees nothing."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.app import create_app
from onboarding.domain.people import Duty, Role, Side
from onboarding.services.sessions import LASTS, find_logged_in, open_session
from onboarding.store.tables import (
    ContactRow,
    LoginSessionRow,
    MembershipRow,
    OrganisationRow,
    RelationRow,
)
from onboarding.web.access import current_actor, needs, needs_contact
from tests import databases, stage

GUARDED = "guarded-pages"


def guarded_pages() -> Blueprint:
    pages = Blueprint(GUARDED, __name__)

    @pages.get("/guarded/buy")
    @needs(Duty.BUY)
    def buy() -> str:
        return current_actor().side.value

    @pages.get("/guarded/portal/<int:relation_id>")
    @needs_contact(Duty.REPORT)
    def report(relation_id: int) -> str:
        actor = current_actor()
        return f"{actor.side.value} {actor.relation_id} {relation_id}"

    return pages


@pytest.fixture
def shared_apps(database_url: str, shared_apps: dict[str, Flask]) -> dict[str, Flask]:
    """An application of our own, so that no other test meets these pages."""
    own = f"{database_url} {GUARDED}"
    if own not in shared_apps:
        shared_apps[own] = create_app(databases.settings(database_url))
        shared_apps[own].register_blueprint(guarded_pages())
    return {database_url: shared_apps[own]}


def test_nobody_is_sent_to_log_in_and_comes_back(client: FlaskClient) -> None:
    answer = client.get("/guarded/buy?page=2")
    assert answer.status_code == 303
    assert answer.location == "/log-in?next=%2Fguarded%2Fbuy%3Fpage%3D2"
    answer = client.get("/guarded/portal/1")
    assert answer.location == "/portal/log-in?next=%2Fguarded%2Fportal%2F1"


def test_a_role_with_the_duty_gets_in(as_buyer: FlaskClient, as_manager: FlaskClient) -> None:
    assert as_buyer.get("/guarded/buy").text == "buyer"
    assert as_manager.get("/guarded/buy").text == "buyer"


def test_a_role_without_the_duty_is_told_so(
    as_reader: FlaskClient, as_admin: FlaskClient, as_adviser: FlaskClient, relation: RelationRow
) -> None:
    for answer in (
        as_reader.get("/guarded/buy"),
        as_admin.get("/guarded/buy"),
        as_adviser.get(f"/guarded/portal/{relation.id}"),
    ):
        assert answer.status_code == 403
        assert "Uw rol" in answer.text


def test_the_other_side_sees_nothing(
    as_supplier: FlaskClient, as_buyer: FlaskClient, relation: RelationRow
) -> None:
    assert as_supplier.get("/guarded/buy").status_code == 404
    assert as_buyer.get(f"/guarded/portal/{relation.id}").status_code == 404


def test_a_contact_sees_its_own_relation_only(
    as_supplier: FlaskClient, session: Session, customer: OrganisationRow, relation: RelationRow
) -> None:
    other = stage.a_relation(session, customer, "Bakkerij Sterk")
    session.commit()
    assert as_supplier.get(f"/guarded/portal/{relation.id}").text == (
        f"supplier {relation.id} {relation.id}"
    )
    assert as_supplier.get(f"/guarded/portal/{other.id}").status_code == 404
    assert as_supplier.get("/guarded/portal/999999").status_code == 404


def test_a_retired_contact_sees_nothing(
    as_supplier: FlaskClient, session: Session, signatory: ContactRow, relation: RelationRow
) -> None:
    signatory.retired_at = stage.BEFORE
    session.commit()
    assert as_supplier.get(f"/guarded/portal/{relation.id}").status_code == 404


def test_who_lost_the_role_is_logged_out(as_buyer: FlaskClient, session: Session) -> None:
    for row in session.scalars(select(MembershipRow)):
        row.ended_at = stage.BEFORE
    session.commit()
    assert as_buyer.get("/guarded/buy").status_code == 303


def test_a_log_in_ends_by_itself(as_buyer: FlaskClient, clock) -> None:
    clock.forward(seconds=LASTS.total_seconds() - 1)
    assert as_buyer.get("/guarded/buy").status_code == 200
    clock.forward(seconds=2)
    assert as_buyer.get("/guarded/buy").status_code == 303


def test_the_cookie_is_not_what_is_stored(session: Session, customer: OrganisationRow) -> None:
    person = stage.a_user(session, customer, Role.BUYER)
    token = open_session(session, stage.BEFORE, person.id, Side.BUYER, customer.id)
    (stored,) = session.scalars(select(LoginSessionRow.token_sha256))
    assert token not in stored and len(token) > 40
    assert find_logged_in(session, stage.BEFORE, stored) is None
    found = find_logged_in(session, stage.BEFORE, token)
    assert found is not None and found.roles == {Role.BUYER}
    assert session.scalar(select(func.count()).select_from(LoginSessionRow)) == 1
