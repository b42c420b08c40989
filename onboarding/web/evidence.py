"""Files that were handed in: served as attachments, and removed where they hold personal data."""

import io

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from onboarding.domain.errors import MoveRefused, NotFound
from onboarding.domain.people import Duty
from onboarding.services import evidence
from onboarding.services.evidence_checks import LARGEST
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import EvidenceFiles, visible_evidence
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, line, stripped
from onboarding.web.moments import current_moment

blueprint = Blueprint("evidence", __name__)

LARGEST_REQUEST = LARGEST + 1024 * 1024


class PersonalDataForm(FlaskForm):
    reason = StringField(
        _("What did you see?"),
        [filled_in(), line()],
        filters=[stripped],
        description=_("In general words, such as: names in a list. This stays on record."),
    )


def evidence_files() -> EvidenceFiles:
    """Where the bytes lie."""
    return EvidenceFiles(str(current_app.config["EVIDENCE_URL"]))


def as_attachment(row: EvidenceRow, customer_id: int) -> Response:
    """The file to keep, never to show inside the site. Raises NotFound for one that is removed."""
    if row.removed_at is not None or row.sha256 is None:
        raise NotFound(what="evidence")
    content = evidence_files().read(customer_id, row.sha256)
    answer = send_file(
        io.BytesIO(content),
        mimetype=row.media_type,
        as_attachment=True,
        download_name=row.file_name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/evidence/<int:evidence_id>")
@needs(Duty.READ)
def download(evidence_id: int) -> Response:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return as_attachment(row, current_actor().customer_id)


@blueprint.get("/evidence/<int:evidence_id>/personal-data")
@needs(Duty.BUY)
def show_personal_data(evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    return _page(row, PersonalDataForm(formdata=None), 200)


@blueprint.post("/evidence/<int:evidence_id>/personal-data")
@needs(Duty.BUY)
def remove_personal_data(evidence_id: int) -> ResponseReturnValue:
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    form = PersonalDataForm()
    if not form.validate():
        return _page(row, form, 422)
    back = f"/suppliers/{row.relation_id}"
    try:
        with unit_of_work() as session:
            evidence.remove_personal_data(
                session,
                current_actor(),
                current_moment(),
                evidence_files(),
                evidence_id,
                reason=str(form.reason.data),
            )
    except MoveRefused:
        flash(gettext("This file was removed already."), "warning")
    else:
        flash(gettext("The file is removed everywhere. The sender gets a mail about it."))
    return redirect(back, 303)


def _page(row: EvidenceRow, form: PersonalDataForm, status: int) -> ResponseReturnValue:
    return render_template("portal/personal-data.html", row=row, form=form), status


def init_app(app: Flask) -> None:
    if app.config.get("MAX_CONTENT_LENGTH") is None:
        app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.register_blueprint(blueprint)
