"""`flask reassess`: brings every stored status in line with the rules and what is recorded."""

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.clock import Clock
from onboarding.services.policy.policies import reassess_all
from onboarding.store.database import db, unit_of_work


@click.command("reassess")
@click.option("--customer", help="Which customer, by number or name, where there are several.")
@with_appcontext
def reassess(customer: str | None) -> None:
    """Assess all suppliers anew, after the rules changed or a policy was published."""
    clock: Clock = current_app.extensions["clock"]
    place = the_customer(db.session(), customer)
    customer_id, name = place.id, place.name
    done = reassess_all(unit_of_work, clock.moment(), customer_id)
    click.echo(
        f"{name}: looked at {done.seen} suppliers; the status, or what it will become, changed "
        f"for {done.changed}."
    )
