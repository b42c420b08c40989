"""A supplier's files: to keep a copy, and to explain a number in one that could be a BSN."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onboarding.domain.evidence import NumberKind
from onboarding.domain.people import Duty
from onboarding.services.evidence import declare_numbers, waiting_numbers, withdraw_upload
from onboarding.services.evidence_checks import check_upload
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import visible_evidence
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.evidence import as_attachment, evidence_files
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import NumberForm

blueprint = Blueprint("portal_files", __name__)


@blueprint.get("/portal/<int:relation_id>/files/<int:evidence_id>/download")
@needs_contact(Duty.FILL_IN)
def download(relation_id: int, evidence_id: int) -> Response:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return as_attachment(row, current_actor().customer_id)


@blueprint.get("/portal/<int:relation_id>/files/<int:evidence_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if row.is_attached or row.removed_at is not None:
        return _back(row)
    return _page(row, _forms(row, with_data=False), 200)


@blueprint.post("/portal/<int:relation_id>/files/<int:evidence_id>")
@needs_contact(Duty.FILL_IN)
def explain(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    """Say what each number is, or take the file back."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if row.is_attached or row.removed_at is not None:
        return _back(row)
    if request.form.get("action") == "remove":
        with unit_of_work() as session:
            withdraw_upload(
                session, current_actor(), current_moment(), evidence_files(), evidence_id
            )
        flash(_("The file is removed. Your text is kept."))
        return _back(row)
    forms = _forms(row, with_data=True)
    if not all([form.validate() for form in forms]):
        return _page(row, forms, 422)
    content = evidence_files().read(current_actor().customer_id, row.sha256 or "")
    upload = check_upload(content, row.file_name or "")
    with unit_of_work() as session:
        declare_numbers(
            session,
            current_actor(),
            current_moment(),
            evidence_id,
            upload,
            [NumberKind(str(form.kind.data)) for form in forms],
        )
    flash(_("Noted, and the file is kept. Is all complete? Then send it."))
    return _back(row)


def _forms(row: EvidenceRow, *, with_data: bool) -> list[NumberForm]:
    given = request.form if with_data else None
    return [
        NumberForm(formdata=given, prefix=f"number-{n}-") for n in range(len(waiting_numbers(row)))
    ]


def _page(row: EvidenceRow, forms: list[NumberForm], status: int) -> ResponseReturnValue:
    return (
        render_template(
            "portal/numbers.html",
            row=row,
            relation=portal_relation(),
            rows=list(zip(waiting_numbers(row), forms, strict=True)),
            has_error=any(form.errors for form in forms),
        ),
        status,
    )


def _back(row: EvidenceRow) -> ResponseReturnValue:
    if row.milestone_id is not None:
        address = url_for(
            "portal_steps.show", relation_id=row.relation_id, milestone_id=row.milestone_id
        )
    else:
        address = url_for("portal_certificates.index", relation_id=row.relation_id)
    return redirect(address, 303)
