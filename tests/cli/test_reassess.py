"""`flask reassess` assesses every supplier and tells how many changed."""

from flask import Flask

from onboarding.cli import add_commands
from onboarding.services.installation import ensure_customer
from onboarding.store.database import unit_of_work
from onboarding.store.tables import RelationRow
from tests import stage


def test_it_prints_what_changed(fresh_app: Flask) -> None:
    add_commands(fresh_app, dict)
    with fresh_app.app_context(), unit_of_work() as session:
        moment = fresh_app.extensions["clock"].moment()
        customer = ensure_customer(session, moment, "Facilitair Bedrijf")
        first = stage.a_relation(session, customer)
        stage.a_relation(session, customer)
        first_id = first.id
    runner = fresh_app.test_cli_runner()
    assert runner.invoke(args=["reassess"]).output == (
        "Facilitair Bedrijf: looked at 2 suppliers; the status, or what it will become, changed "
        "for 2.\n"
    )
    with fresh_app.app_context(), unit_of_work() as session:
        session.get_one(RelationRow, first_id).enrolled_on = moment.today
    again = runner.invoke(args=["reassess"])
    assert again.output.endswith("changed for 1.\n")
    assert again.exit_code == 0


def test_an_unknown_customer_is_an_error(fresh_app: Flask) -> None:
    add_commands(fresh_app, dict)
    with fresh_app.app_context(), unit_of_work() as session:
        ensure_customer(session, fresh_app.extensions["clock"].moment(), "Facilitair Bedrijf")
    done = fresh_app.test_cli_runner().invoke(args=["reassess", "--customer", "Niemand"])
    assert done.exit_code == 1
    assert "Niemand" in done.output
