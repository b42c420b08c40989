"""`flask verify-history`: tells whether the history is as it was written."""

import click
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.domain.agreements import canonical_json, sha256
from onboarding.domain.seals import WHOLE
from onboarding.services.history_checks import Broken, Checked, check_history
from onboarding.store.database import db
from onboarding.store.sealed_history import names_of


@click.command("verify-history")
@click.option("--customer", help="Which customer, by number or name, where there are several.")
@with_appcontext
def verify_history(customer: str | None) -> None:
    """Check every seal of the history, and name the first row of each chain that is not right."""
    session = db.session()
    place = the_customer(session, customer)
    customer_id, name = place.id, place.name
    checked = check_history(session, customer_id, session.rollback)
    names = names_of(session, {one.chain for one in checked.broken})
    click.echo(
        f"{name}: {checked.events} events in {checked.chains} chains and {checked.assessments} "
        "assessments of the buying status."
    )
    if checked.redacted:
        rows = ", ".join(f"{table} {row_id}" for table, row_id in checked.redacted)
        click.echo(f"A text was removed from {len(checked.redacted)} of them, on record: {rows}.")
    for one in checked.broken:
        click.echo(f"BROKEN {_where(one, names)}: {one.why}.", err=True)
    if checked.broken:
        raise click.ClickException(f"{len(checked.broken)} chains are not as they were written.")
    click.echo(f"All is as it was written. Seal of the whole: {whole_seal(checked)}")


def whole_seal(checked: Checked) -> str:
    """One hash over where every chain ends: kept elsewhere, it shows a history written anew."""
    return sha256(canonical_json([[chain, h.sha256] for chain, h in sorted(checked.heads.items())]))


def _where(one: Broken, names: dict[int, str]) -> str:
    of = "the customer's own history" if one.chain == WHOLE else f"id-{one.chain}"
    of = f"{of} ({names[one.chain]})" if one.chain in names else of
    return f"{of}, {one.table} {one.row_id}" if one.row_id is not None else f"{of}, {one.table}"
