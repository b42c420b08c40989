"""A contact reports that a text or a file on its pages holds personal data."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Optional

from onboarding.domain.people import Duty
from onboarding.domain.personal_data import LONGEST_HINT
from onboarding.services.personal_data import Reported, read_file, read_text, report
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact
from onboarding.web.forms import line, stripped
from onboarding.web.moments import current_moment

blueprint = Blueprint("portal_reporting", __name__)


class ReportDataForm(FlaskForm):
    seen = StringField(
        _("What did you see?"),
        [Optional(), line(LONGEST_HINT)],
        filters=[stripped],
        description=_("In general words, such as: names in a list. Do not repeat the data."),
    )


@blueprint.get("/portal/<int:relation_id>/events/<int:event_id>/personal-data")
@needs_contact(Duty.FILL_IN)
def show_text(relation_id: int, event_id: int) -> ResponseReturnValue:
    return _page(read_text(db.session(), current_actor(), event_id), ReportDataForm(formdata=None))


@blueprint.post("/portal/<int:relation_id>/events/<int:event_id>/personal-data")
@needs_contact(Duty.FILL_IN)
def report_text(relation_id: int, event_id: int) -> ResponseReturnValue:
    return _report(read_text(db.session(), current_actor(), event_id))


@blueprint.get("/portal/<int:relation_id>/files/<int:evidence_id>/personal-data")
@needs_contact(Duty.FILL_IN)
def show_file(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    what = read_file(db.session(), current_actor(), evidence_id)
    return _page(what, ReportDataForm(formdata=None))


@blueprint.post("/portal/<int:relation_id>/files/<int:evidence_id>/personal-data")
@needs_contact(Duty.FILL_IN)
def report_file(relation_id: int, evidence_id: int) -> ResponseReturnValue:
    return _report(read_file(db.session(), current_actor(), evidence_id))


def _report(what: Reported) -> ResponseReturnValue:
    form = ReportDataForm()
    if not form.validate():
        return _page(what, form), 422
    with unit_of_work() as session:
        actor, moment = current_actor(), current_moment()
        is_new = report(session, actor, moment, what, seen=str(form.seen.data or ""))
    if is_new:
        flash(gettext("Thank you. We look at it soon, and you get a mail when it is done."))
    else:
        flash(gettext("This was reported already. We look at it."))
    return redirect(url_for("portal_home.show", relation_id=what.relation_id), 303)


def _page(what: Reported, form: ReportDataForm) -> str:
    return render_template("portal/report-data.html", what=what, form=form)
