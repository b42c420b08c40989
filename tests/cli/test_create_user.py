"""`flask create-user` lets somebody in and prints where to choose a password."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.cli.users import create_user
from onboarding.domain.people import Role
from onboarding.services.sessions import roles_of
from onboarding.store.tables import OrganisationRow, PersonRow
from tests import stage


def test_it_prints_a_link_that_works(
    app: Flask, session: Session, customer: OrganisationRow
) -> None:
    session.commit()
    told = app.test_cli_runner().invoke(create_user, ["Piet@klant.example", "--role", "admin"])
    assert told.exit_code == 0, told.output
    person = session.scalars(select(PersonRow)).one()
    assert person.email == "piet@klant.example"
    assert roles_of(session, person.id, customer.id) == {Role.ADMIN}
    address = told.output.split()[-1].removeprefix(app.config["PUBLIC_URL"])
    assert app.test_client().get(address).status_code == 200


def test_a_second_time_prints_a_link_again(
    app: Flask, session: Session, customer: OrganisationRow
) -> None:
    session.commit()
    arguments = ["piet@klant.example", "--role", "admin"]
    app.test_cli_runner().invoke(create_user, arguments)
    told = app.test_cli_runner().invoke(create_user, arguments)
    assert told.exit_code == 0 and "already admin" in told.output and "/password/" in told.output


def test_mistakes_are_told(app: Flask, session: Session, customer: OrganisationRow) -> None:
    session.commit()
    run = app.test_cli_runner().invoke
    wrong = run(create_user, ["piet at klant", "--role", "admin"])
    assert wrong.exit_code == 1 and "is no e-mail address" in wrong.output
    stage.a_customer(session, "Ander Bedrijf")
    session.commit()
    which = run(create_user, ["piet@klant.example", "--role", "admin"])
    assert which.exit_code == 1 and "Ander Bedrijf" in which.output
    chosen = run(
        create_user, ["piet@klant.example", "--role", "admin", "--customer", "Ander Bedrijf"]
    )
    assert chosen.exit_code == 0 and "of Ander Bedrijf" in chosen.output
