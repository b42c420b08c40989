"""What a contact reported as personal data: a manager takes it out, or says why it stands."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.people import Duty
from onboarding.services.personal_data import keep, read_report
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.evidence import PersonalDataForm
from onboarding.web.forms import filled_in, text
from onboarding.web.moments import current_moment

blueprint = Blueprint("reported_data", __name__)


class KeepForm(FlaskForm):
    answer = TextAreaField(
        _("Why does it stand?"),
        [filled_in(), text()],
        description=_("Who reported it reads this."),
    )


@blueprint.get("/personal-data/<int:report_id>")
@needs(Duty.GOVERN)
def show(report_id: int) -> ResponseReturnValue:
    return _page(report_id, KeepForm(formdata=None))


@blueprint.post("/personal-data/<int:report_id>/keep")
@needs(Duty.GOVERN)
def keep_post(report_id: int) -> ResponseReturnValue:
    read_report(db.session(), current_actor(), report_id)
    form = KeepForm()
    if not form.validate_on_submit():
        return _page(report_id, form), 400
    with unit_of_work() as session:
        actor, moment = current_actor(), current_moment()
        keep(session, actor, moment, report_id, answer=form.answer.data or "")
    flash(gettext("It stands. Who reported it gets a mail with your answer."))
    return redirect(url_for("reported_data.show", report_id=report_id), 303)


def _page(report_id: int, form: KeepForm) -> str:
    report = read_report(db.session(), current_actor(), report_id)
    return render_template(
        "buyer/notes/reported.html",
        report=report,
        what=report.what,
        relation=visible_relation(db.session(), current_actor(), report.what.relation_id),
        remove_form=PersonalDataForm(formdata=None),
        keep_form=form,
        form=form,
    )
