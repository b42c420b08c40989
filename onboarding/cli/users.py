"""`flask create-user`: lets the first people in, and whoever lost the way."""

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.clock import Clock
from onboarding.domain.access import LinkPurpose, link_path
from onboarding.domain.errors import DomainError
from onboarding.domain.people import CUSTOMER_ROLES, Role
from onboarding.i18n import error_text
from onboarding.services import users
from onboarding.services.links import Entry
from onboarding.store.database import unit_of_work


@click.command("create-user")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in CUSTOMER_ROLES]))
@click.option("--name", help="As colleagues and suppliers read it; may be changed later.")
@click.option("--customer", help="Which customer, by number or name, where there are several.")
@with_appcontext
def create_user(email: str, role: str, name: str | None, customer: str | None) -> None:
    """Let somebody in on the customer's side, and print a link to choose a password."""
    clock: Clock = current_app.extensions["clock"]
    entry = Entry(secret_key=str(current_app.config["SECRET_KEY"]), now=clock.real_now())
    try:
        with unit_of_work() as session:
            place = the_customer(session, customer)
            is_new, token = users.create_user(
                session,
                clock.moment(),
                entry,
                place.id,
                email=email,
                role=Role(role),
                name=name,
                locale=str(current_app.config["DEFAULT_LOCALE"]),
            )
    except DomainError as refused:
        raise click.ClickException(error_text(refused.code, refused.facts, "en")) from None
    address = f"{current_app.config['PUBLIC_URL']}{link_path(LinkPurpose.PASSWORD, token)}"
    click.echo(f"{email} is {'now' if is_new else 'already'} {role} of {place.name}.")
    click.echo(f"Choose a password within 14 days, here: {address}")
