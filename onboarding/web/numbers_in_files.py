"""A number in a file that could be a BSN: its sender says what it is, or takes the file back."""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField

from onboarding.domain.evidence import NumberKind
from onboarding.domain.people import Side
from onboarding.services.evidence import declare_numbers, waiting_numbers, withdraw_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.store.database import unit_of_work
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor
from onboarding.web.evidence import evidence_files
from onboarding.web.forms import choices, filled_in
from onboarding.web.moments import current_moment

KEPT, REMOVED = "kept", "removed"
NUMBER_KINDS = (
    (NumberKind.RSIN, _("the RSIN of our organisation")),
    (NumberKind.REFERENCE, _("an order, invoice or customer number")),
    (NumberKind.OTHER, _("another number, not of a person")),
)
OF_THE_SUPPLIER = _("the RSIN of the supplier")


class NumberForm(FlaskForm):
    """One number of a file; the form of a file holds as many as were found."""

    kind = RadioField(_("What is this number?"), [filled_in(_("Say what this number is."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_buyer = current_actor().side is Side.BUYER
        self.kind.choices = choices(
            (kind.value, OF_THE_SUPPLIER if is_buyer and kind is NumberKind.RSIN else label)
            for kind, label in NUMBER_KINDS
        )


def is_waiting(row: EvidenceRow) -> bool:
    """Whether its sender has yet to say something about it."""
    return not row.is_attached and row.removed_at is None


def numbers_page(
    row: EvidenceRow, crumbs: list[tuple[Any, str | None]], forms: list[NumberForm] | None = None
) -> str:
    """The question about each number; `forms` hold what was answered wrong."""
    forms = forms or _forms(row, with_data=False)
    return render_template(
        "portal/numbers.html",
        row=row,
        crumbs=crumbs,
        rows=list(zip(waiting_numbers(row), forms, strict=True)),
        has_error=any(form.errors for form in forms),
    )


def answer_numbers(row: EvidenceRow) -> str | list[NumberForm]:
    """Do what the form says: KEPT or REMOVED, or the forms where an answer is missing."""
    actor, moment, files = current_actor(), current_moment(), evidence_files()
    if request.form.get("action") == "remove":
        with unit_of_work() as session:
            withdraw_upload(session, actor, moment, files, row.id)
        return REMOVED
    forms = _forms(row, with_data=True)
    if not all([form.validate() for form in forms]):
        return forms
    content = files.read(actor.customer_id, row.sha256 or "")
    # Only a buyer keeps mails, so a mail that is there may be there.
    upload = check_upload(content, row.file_name or "", takes_mail=True)
    kinds = [NumberKind(str(form.kind.data)) for form in forms]
    with unit_of_work() as session:
        declare_numbers(session, actor, moment, row.id, upload, kinds)
    return KEPT


def _forms(row: EvidenceRow, *, with_data: bool) -> list[NumberForm]:
    given = request.form if with_data else None
    return [
        NumberForm(formdata=given, prefix=f"number-{n}-") for n in range(len(waiting_numbers(row)))
    ]
