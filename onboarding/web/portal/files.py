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

Crumbs = list[tuple[Any, str | None]]


@blueprint.get("/portal/<int:relation_id>/files/<int:evidence_id>/download")
@needs_contact(Duty.FILL_IN)
def download(relation_id: int, evidence_id: int) -> Response:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return as_attachment(row, current_actor().customer_id)


@blueprint.get("/portal/<int:relation_id>/files/<int:evidence_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return number_asked(row, _crumbs(row), _back(row))


@blueprint.post("/portal/<int:relation_id>/files/<int:evidence_id>")
@needs_contact(Duty.FILL_IN)
def explain(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    """Say what each number is, or take the file back."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return number_answered(row, _crumbs(row), _back(row))


def number_asked(row: EvidenceRow, crumbs: Crumbs, back: str) -> ResponseReturnValue:
    """The question about a number in a file; `back` is where the file belongs."""
    return numbers_page(row, crumbs) if is_waiting(row) else redirect(back, 303)


def number_answered(row: EvidenceRow, crumbs: Crumbs, back: str) -> ResponseReturnValue:
    """What its sender said about it, or that the file goes."""
    if not is_waiting(row):
        return redirect(back, 303)
    match answer_numbers(row):
        case str() as outcome:
            said = {
                KEPT: _("Noted, and the file is kept. Is all complete? Then send it.")
                if row.event_id is None
                else _("Noted, and the file goes with your question."),
                REMOVED: _("The file is removed. Your text is kept."),
            }
            flash(said[outcome])
            return redirect(back, 303)
        case forms:
            return numbers_page(row, crumbs, forms), 422


def _crumbs(row: EvidenceRow) -> Crumbs:
    home = url_for("portal_home.show", relation_id=row.relation_id)
    return [(_("My page"), home), (_("A number in your file"), None)]


def _back(row: EvidenceRow) -> str:
    if row.milestone_id is not None:
        return url_for(
            "portal_steps.show", relation_id=row.relation_id, milestone_id=row.milestone_id
        )
    if row.event_id is not None:
        return url_for("portal_home.show", relation_id=row.relation_id)
    return url_for("portal_certificates.index", relation_id=row.relation_id)
