"""A supplier's files: to keep a copy, and to explain a number in one that could be a BSN."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onboarding.domain.people import Duty
from onboarding.store.database import db
from onboarding.store.evidence import visible_evidence
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor, needs_contact
from onboarding.web.evidence import as_attachment
from onboarding.web.numbers_in_files import KEPT, REMOVED, answer_numbers, is_waiting, numbers_page

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
    if not is_waiting(row):
        return _back(row)
    return numbers_page(row, _crumbs(row))


@blueprint.post("/portal/<int:relation_id>/files/<int:evidence_id>")
@needs_contact(Duty.FILL_IN)
def explain(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    """Say what each number is, or take the file back."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if not is_waiting(row):
        return _back(row)
    match answer_numbers(row):
        case str() as outcome:
            said = {
                KEPT: _("Noted, and the file is kept. Is all complete? Then send it."),
                REMOVED: _("The file is removed. Your text is kept."),
            }
            flash(said[outcome])
            return _back(row)
        case forms:
            return numbers_page(row, _crumbs(row), forms), 422


def _crumbs(row: EvidenceRow) -> list[tuple[Any, str | None]]:
    home = url_for("portal_home.show", relation_id=row.relation_id)
    return [(_("My page"), home), (_("A number in your file"), None)]


def _back(row: EvidenceRow) -> ResponseReturnValue:
    if row.milestone_id is not None:
        address = url_for(
            "portal_steps.show", relation_id=row.relation_id, milestone_id=row.milestone_id
        )
    else:
        address = url_for("portal_certificates.index", relation_id=row.relation_id)
    return redirect(address, 303)
