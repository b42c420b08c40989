"""Files that a buyer keeps with a decision, and the question about a number found in one."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from onboarding.domain.people import Duty
from onboarding.services.evidence import Kept, keep_upload
from onboarding.services.evidence_checks import Upload
from onboarding.store.database import db
from onboarding.store.evidence import visible_evidence
from onboarding.store.relations import visible_relation
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor, needs
from onboarding.web.evidence import evidence_files
from onboarding.web.moments import current_moment
from onboarding.web.numbers_in_files import KEPT, REMOVED, answer_numbers, is_waiting, numbers_page
from onboarding.web.uploading import clean_field, files_field, first_unexplained

blueprint = Blueprint("proof_files", __name__)


class FilesForm(FlaskForm):
    """Files that belong to a decision and come after it."""

    files = files_field(lazy_gettext("Files"))
    is_clean = clean_field()


def keep(session: Session, relation_id: int, decision_id: int, uploads: list[Upload]) -> list[Kept]:
    """Keep files that were checked with a decision, in its transaction."""
    return [
        keep_upload(
            session,
            current_actor(),
            current_moment(),
            evidence_files(),
            relation_id,
            upload,
            is_declared_clean=True,
            decision_id=decision_id,
        )
        for upload in uploads
    ]


def after_keeping(decision_id: int, kept: list[Kept]) -> ResponseReturnValue:
    """To the decision, or first to the file in which a number was found."""
    waiting = first_unexplained(kept)
    if waiting is not None:
        return redirect(url_for("proof_files.show", evidence_id=waiting.id), 303)
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)


@blueprint.get("/evidence/<int:evidence_id>/numbers")
@needs(Duty.BUY)
def show(evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if not is_waiting(row):
        return redirect(_where(row))
    return numbers_page(row, _crumbs(row))


@blueprint.post("/evidence/<int:evidence_id>/numbers")
@needs(Duty.BUY)
def explain(evidence_id: int) -> ResponseReturnValue:
    """Say what each number is, or take the file back."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if not is_waiting(row):
        return redirect(_where(row), 303)
    match answer_numbers(row):
        case str() as outcome:
            said = {KEPT: _("Noted, and the file is kept."), REMOVED: _("The file is removed.")}
            flash(said[outcome])
            return redirect(_where(row), 303)
        case forms:
            return numbers_page(row, _crumbs(row), forms), 400


def _crumbs(row: EvidenceRow) -> list[tuple[Any, str | None]]:
    relation = visible_relation(db.session(), current_actor(), row.relation_id)
    return [
        (_("Suppliers"), "/suppliers"),
        (relation.name, f"/suppliers/{relation.id}"),
        (_("A number in your file"), None),
    ]


def _where(row: EvidenceRow) -> str:
    """The decision, step or notes to which it belongs, else the supplier."""
    if row.decision_id is not None:
        return url_for("decisions.show", decision_id=row.decision_id)
    if row.event_id is not None and row.milestone_id is not None:
        return url_for("reviewing.show", milestone_id=row.milestone_id) + "#conversation"
    if row.event_id is not None:
        return f"/suppliers/{row.relation_id}#notes"
    return f"/suppliers/{row.relation_id}"
