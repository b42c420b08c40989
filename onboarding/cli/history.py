"""`flask verify-history`: tells whether history, agreements and files are as they were written."""

from collections.abc import Iterable

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.domain.agreements import canonical_json, sha256
from onboarding.domain.seals import WHOLE
from onboarding.services.dossier.history_checks import Broken, Checked, check_history
from onboarding.services.dossier.kept_checks import Counted, Wrong, check_agreements, check_files
from onboarding.services.retention import OVER
from onboarding.store.database import db
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.sealed_history import names_of


@click.command("verify-history")
@click.option("--customer", help="Which customer, by number or name, where there are several.")
@with_appcontext
def verify_history(customer: str | None) -> None:
    """Check every seal of the history, every agreement and every file.

    Names the first row of each chain that is not right, and each agreement and file.
    """
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
    counted, files = Counted(), EvidenceFiles(str(current_app.config["EVIDENCE_URL"]))
    wrong = {
        "chains": len(checked.broken),
        "agreements": _tell(check_agreements(session, customer_id, counted, session.rollback)),
        "files": _tell(check_files(session, files, customer_id, counted, session.rollback)),
    }
    click.echo(_in_words(counted))
    if any(wrong.values()):
        told = " and ".join(f"{number} {what}" for what, number in wrong.items() if number)
        raise click.ClickException(f"{told} are not as they were written.")
    click.echo(f"All is as it was written. Seal of the whole: {whole_seal(checked)}")


def whole_seal(checked: Checked) -> str:
    """One hash over where every chain ends: kept elsewhere, it shows a history written anew."""
    return sha256(canonical_json([[chain, h.sha256] for chain, h in sorted(checked.heads.items())]))


def _tell(wrong: Iterable[Wrong]) -> int:
    """Tell each as it is found; returns how many there were."""
    number = 0
    for one in wrong:
        number += 1
        where = f"id-{one.relation_id} ({one.supplier}), {one.which}"
        click.echo(f"BROKEN {where}: {one.why}; {one.way_out}.", err=True)
    return number


def _in_words(counted: Counted) -> str:
    told = f"{counted.agreements} agreements and {counted.files} files."
    if counted.redacted:
        told += f" A text was removed from {counted.redacted} of the agreements, on record."
    if gone := counted.gone.total():
        over = counted.gone[OVER]
        told += f" {gone} more files were let go, {over} of them after their retention period."
    return told


def _where(one: Broken, names: dict[int, str]) -> str:
    of = "the customer's own history" if one.chain == WHOLE else f"id-{one.chain}"
    of = f"{of} ({names[one.chain]})" if one.chain in names else of
    return f"{of}, {one.table} {one.row_id}" if one.row_id is not None else f"{of}, {one.table}"
