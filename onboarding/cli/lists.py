"""`flask import-suppliers` and `flask import-certificates`: take good rows and tell the others."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from onboarding.cli.customers import the_customer
from onboarding.domain.errors import DomainError
from onboarding.domain.imports import ImportPlan, Outcome
from onboarding.domain.people import Actor, Role, Side
from onboarding.i18n import error_text
from onboarding.i18n.imports import column_word, row_mistake_text
from onboarding.services.lists.certificate_import import CERTIFICATES
from onboarding.services.lists.importing import ListKind, import_list
from onboarding.services.lists.spreadsheets import read_sheet
from onboarding.services.lists.supplier_import import SUPPLIERS
from onboarding.store.database import unit_of_work

LOCALE = "en"


def importing(name: str, kind: ListKind, what: str) -> click.Command:
    """The command that imports lists of this kind; `what` is the first sentence of its help."""

    @click.command(name, help=what)
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=HEADER",
        help=f"Which column holds a field: {_in_words(list(kind.columns.headers))}"
        f"{kind.columns.more_in_words}. May be repeated.",
    )
    @click.option("--dry-run", is_flag=True, help="Tell what would happen and change nothing.")
    @click.option("--customer", help="Which customer, by number or name, where there are several.")
    @with_appcontext
    def command(file: Path, columns: tuple[str, ...], dry_run: bool, customer: str | None) -> None:
        _import(kind, file, dict(_choice(column) for column in columns), dry_run, customer)

    return command


def _import(
    kind: ListKind, file: Path, choices: dict[str, str], dry_run: bool, customer: str | None
) -> None:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    try:
        sheet = read_sheet(content, kind.columns)
        with unit_of_work() as session:
            actor = Actor(
                customer_id=the_customer(session, customer).id,
                person_id=None,
                side=Side.BUYER,
                roles=frozenset({Role.BUYER}),
            )
            moment = current_app.extensions["clock"].moment()
            plan = import_list(kind, session, actor, moment, sheet, choices, dry_run=dry_run)
    except DomainError as refused:
        raise click.ClickException(error_text(refused.code, refused.facts, LOCALE)) from None
    _tell(plan)
    if dry_run:
        click.echo("Nothing was changed: this was a dry run.")
    counts = plan.counts()
    click.echo(", ".join(f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome))


def _choice(column: str) -> tuple[str, str]:
    field, sign, header = column.partition("=")
    if not sign:
        raise click.UsageError(f"--column {column}: write it as field=Header.")
    return field.strip(), header.strip()


def _in_words(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _tell(plan: ImportPlan) -> None:
    for row in plan.rows:
        for field, stood in row.repaired.items():
            click.echo(f"Row {row.number}: {row.values.get(field)} stood as {stood}")
        for mistake in row.mistakes:
            column = column_word(mistake.column, LOCALE)
            text = row_mistake_text(mistake.reason, mistake.facts, LOCALE)
            click.echo(f"Row {row.number}, {column} {mistake.cell!r}: {text}")
    if plan.unused:
        click.echo(f"Columns not used: {', '.join(plan.unused)}")


import_suppliers = importing(
    "import-suppliers",
    SUPPLIERS,
    "Add and change suppliers from a CSV or XLSX FILE; what is not in it stays as it is.",
)
import_certificates = importing(
    "import-certificates",
    CERTIFICATES,
    "Report the certificates in a CSV or XLSX FILE; a buyer checks them afterwards.",
)
