"""A number in a file that a buyer kept: what it is, or the file goes again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.evidence import NumberKind
from onboarding.domain.people import Duty, Side
from onboarding.services.evidence import declare_numbers, waiting_numbers, withdraw_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import visible_evidence
from onboarding.store.relations import visible_relation
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor, needs
from onboarding.web.evidence import evidence_files
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import NumberForm

blueprint = Blueprint("behalf_numbers", __name__)


@blueprint.get("/evidence/<int:evidence_id>/numbers")
@needs(Duty.BUY)
def show(evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if not _waits(row):
        return _back(row)
    return _page(row, _forms(row, with_data=False), 200)


@blueprint.post("/evidence/<int:evidence_id>/numbers")
@needs(Duty.BUY)
def explain(evidence_id: int) -> ResponseReturnValue:
    """Say what each number is, or take the file away; what was recorded stays."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if not _waits(row):
        return _back(row)
    if request.form.get("action") == "remove":
        with unit_of_work() as session:
            withdraw_upload(
                session, current_actor(), current_moment(), evidence_files(), evidence_id
            )
        flash(_("The file is removed. What you recorded stays."))
        return _back(row)
    forms = _forms(row, with_data=True)
    if not all([form.validate() for form in forms]):
        return _page(row, forms, 422)
    content = evidence_files().read(current_actor().customer_id, row.sha256 or "")
    upload = check_upload(content, row.file_name or "", takes_mail=True)
    kinds = [NumberKind(str(form.kind.data)) for form in forms]
    with unit_of_work() as session:
        declare_numbers(session, current_actor(), current_moment(), evidence_id, upload, kinds)
    flash(_("Noted, and the file is kept."))
    return _back(row)


def _waits(row: EvidenceRow) -> bool:
    return not row.is_attached and row.removed_at is None and row.uploaded_side == Side.BUYER


def _forms(row: EvidenceRow, *, with_data: bool) -> list[NumberForm]:
    given = request.form if with_data else None
    return [
        NumberForm(formdata=given, prefix=f"number-{n}-") for n in range(len(waiting_numbers(row)))
    ]


def _page(row: EvidenceRow, forms: list[NumberForm], status: int) -> ResponseReturnValue:
    return (
        render_template(
            "buyer/behalf/numbers.html",
            row=row,
            relation=visible_relation(db.session(), current_actor(), row.relation_id),
            rows=list(zip(waiting_numbers(row), forms, strict=True)),
            has_error=any(form.errors for form in forms),
        ),
        status,
    )


def _back(row: EvidenceRow) -> ResponseReturnValue:
    return redirect(url_for("supplier_pages.show", relation_id=row.relation_id), 303)
