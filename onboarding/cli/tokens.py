"""`flask create-token`: a key for a program, printed once."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.clock import Clock
from onboarding.domain.errors import DomainError
from onboarding.domain.tokens import Scope
from onboarding.i18n import error_text
from onboarding.services.feed import tokens
from onboarding.store.database import unit_of_work


@click.command("create-token")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; give the option several times for more.",
)
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 1825))
@click.option("--customer", help="Which customer, by number or name, where there are several.")
@with_appcontext
def create_token(name: str, scopes: tuple[str, ...], days: int, customer: str | None) -> None:
    """Let a program in under NAME, and print its token: it cannot be shown again."""
    clock: Clock = current_app.extensions["clock"]
    now = clock.real_now()
    try:
        with unit_of_work() as session:
            place = the_customer(session, customer)
            token = tokens.create_token(
                session,
                tokens.operator(place.id),
                clock.moment(),
                now,
                name=name,
                scopes=[Scope(scope) for scope in scopes],
                ends_at=now + timedelta(days=days),
            )
    except DomainError as refused:
        raise click.ClickException(error_text(refused.code, refused.facts, "en")) from None
    click.echo(f"{name} may: {', '.join(scopes)}. The token works for {days} days:", err=True)
    click.echo(token)
