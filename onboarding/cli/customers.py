"""Which customer a command is about: the only one, or the one named with `--customer`."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.store.tables import OrganisationRow


def the_customer(session: Session, wanted: str | None = None) -> OrganisationRow:
    """The customer with this number or name; without either, the only one there is."""
    customers = list(
        session.scalars(
            select(OrganisationRow).where(OrganisationRow.is_customer).order_by(OrganisationRow.id)
        )
    )
    if wanted is not None:
        customers = [c for c in customers if wanted in (str(c.id), c.name)]
    if len(customers) == 1:
        return customers[0]
    if customers:
        names = ", ".join(f"{customer.id} ({customer.name})" for customer in customers)
        raise click.ClickException(
            f"There are several customers: say which with --customer: {names}."
        )
    if wanted is not None:
        raise click.ClickException(f"There is no customer {wanted!r}.")
    raise click.ClickException("There is no customer yet: run `flask db upgrade` first.")
