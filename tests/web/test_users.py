"""Administrators invite colleagues, change their roles and let them out."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.domain.access import link_token
from onboarding.domain.people import Role
from onboarding.services.sessions import roles_of
from onboarding.store.tables import EventRow, LoginLinkRow, MessageRow, OrganisationRow, PersonRow
from tests import stage


def person(session: Session, email: str) -> PersonRow:
    return session.scalars(select(PersonRow).where(PersonRow.email == email)).one()


def test_an_invited_colleague_gets_a_link_to_choose_a_password(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    data = {"name": "Noor Smit", "email": "Noor@Klant.example", "role": "buyer"}
    assert as_admin.post("/users/invite", data=data).status_code == 303
    noor = person(session, "noor@klant.example")
    assert roles_of(session, noor.id, customer.id) == {Role.BUYER}
    message = session.scalars(select(MessageRow)).one()
    assert (message.kind, message.person_id) == ("password-link", noor.id)
    assert message.facts["minutes"] == 14 * 24 * 60
    assert session.scalars(select(EventRow.code)).one() == "role-given"
    page = as_admin.get("/users").text
    assert "Noor Smit" in page and "nog niet gekozen" in page


def test_a_role_is_not_given_twice(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    stage.a_user(session, customer, Role.BUYER, email="noor@klant.example")
    session.commit()
    data = {"name": "Noor", "email": "noor@klant.example", "role": "buyer"}
    answer = as_admin.post("/users/invite", data=data)
    assert answer.status_code == 422 and "heeft deze rol al" in answer.text
    assert session.scalar(select(func.count()).select_from(MessageRow)) == 0


def test_a_wrong_address_is_told(as_admin: FlaskClient) -> None:
    data = {"name": "Noor", "email": "noor at klant", "role": "buyer"}
    answer = as_admin.post("/users/invite", data=data)
    assert answer.status_code == 422 and "is geen e-mailadres" in answer.text


def test_roles_are_changed(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    noor = stage.a_user(session, customer, Role.BUYER)
    session.commit()
    answer = as_admin.post(f"/users/{noor.id}", data={"roles": ["manager", "reader"]})
    assert answer.status_code == 303
    assert roles_of(session, noor.id, customer.id) == {Role.MANAGER, Role.READER}
    as_admin.post(f"/users/{noor.id}", data={"roles": ["buyer"]})
    assert roles_of(session, noor.id, customer.id) == {Role.BUYER}


def test_without_roles_somebody_is_out_at_once(
    as_admin: FlaskClient, log_in_as, session: Session, customer: OrganisationRow
) -> None:
    noor = stage.a_user(session, customer, Role.BUYER)
    as_noor = log_in_as(noor)
    assert as_noor.get("/account").status_code == 200
    assert as_admin.post(f"/users/{noor.id}", data={}).status_code == 303
    assert as_noor.get("/account").status_code == 303
    assert roles_of(session, noor.id, customer.id) == frozenset()


def test_a_link_to_choose_a_password_goes_with_the_last_role(
    app: Flask, as_admin: FlaskClient, session: Session
) -> None:
    """Else it would work again for whoever kept it, once a role is given back."""
    data = {"name": "Noor Smit", "email": "noor@klant.example", "role": "buyer"}
    as_admin.post("/users/invite", data=data)
    noor = person(session, "noor@klant.example")
    row = session.scalars(select(LoginLinkRow)).one()
    address = f"/password/{link_token(app.config['SECRET_KEY'], row.id, row.made_at)}"
    assert app.test_client().get(address).status_code == 200
    as_admin.post(f"/users/{noor.id}", data={})
    as_admin.post(f"/users/{noor.id}", data={"roles": ["buyer"]})
    assert app.test_client().get(address).status_code == 410


def test_the_last_administrator_stays(
    as_admin: FlaskClient, session: Session, customer: OrganisationRow
) -> None:
    me = session.scalars(select(PersonRow)).one()
    answer = as_admin.post(f"/users/{me.id}", data={"roles": ["buyer"]})
    assert answer.status_code == 422 and "eerst iemand anders beheerder" in answer.text
    assert roles_of(session, me.id, customer.id) == {Role.ADMIN}
    stage.a_user(session, customer, Role.ADMIN)
    session.commit()
    assert as_admin.post(f"/users/{me.id}", data={"roles": ["buyer"]}).status_code == 303
