"""The recognition of a social enterprise: record it, check it again, revoke it."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.plans import add_months
from onboarding.i18n import word
from onboarding.services import recognitions
from onboarding.services.proof_reading import read_recognition
from onboarding.services.proof_views import RecognitionView
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, line, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("recognitions", __name__)
A_DAY = _("Fill in a day, such as 2027-03-31.")


class CheckForm(FlaskForm):
    """What a buyer saw, and when to look again."""

    register_url = StringField(
        _("Where does the proof stand?"),
        [filled_in(), line(500)],
        description=_("The address of the register or the document."),
    )
    checked_on = DateField(_("Checked on"), [filled_in(A_DAY)])
    recheck_on = DateField(
        _("Check again on"),
        [Optional()],
        description=_("You get a task on that day. Until then nothing changes."),
    )
    ends_on = DateField(
        _("Last day"), [Optional()], description=_("Only when the proof itself states an end.")
    )


class RecordForm(CheckForm):
    kind = RadioField(_("What proves it?"), [filled_in(_("Choose an answer."))])


class RevokeForm(FlaskForm):
    revoked_on = DateField(_("From which day does it no longer count?"), [filled_in(A_DAY)])
    reason = TextAreaField(_("Why?"), [filled_in(), text()])


@blueprint.get("/suppliers/<int:relation_id>/recognitions/new")
@needs(Duty.BUY)
def record(relation_id: int) -> ResponseReturnValue:
    today = current_moment().today
    form = RecordForm(checked_on=today, recheck_on=add_months(today, 12))
    return _record_page(relation_id, form)


@blueprint.post("/suppliers/<int:relation_id>/recognitions/new")
@needs(Duty.BUY)
def record_post(relation_id: int) -> ResponseReturnValue:
    visible_relation(db.session(), current_actor(), relation_id)
    form = _with_kinds(RecordForm())
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                recognition_id = recognitions.record_recognition(
                    session,
                    current_actor(),
                    current_moment(),
                    relation_id,
                    kind=RecognitionKind(form.kind.data),
                    register_url=form.register_url.data or "",
                    checked_on=form.checked_on.data,
                    recheck_on=form.recheck_on.data,
                    ends_on=form.ends_on.data,
                )
        except InputInvalid as error:
            refuse(form, error)
        else:
            flash(gettext("Recorded. This supplier is preferred from today."))
            return redirect(url_for("recognitions.show", recognition_id=recognition_id), 303)
    return _record_page(relation_id, form), 400


@blueprint.get("/recognitions/<int:recognition_id>")
@needs(Duty.READ)
def show(recognition_id: int) -> ResponseReturnValue:
    return _page(_read(recognition_id))


@blueprint.post("/recognitions/<int:recognition_id>/recheck")
@needs(Duty.BUY)
def recheck(recognition_id: int) -> ResponseReturnValue:
    recognition = _read(recognition_id)
    form = CheckForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                recognitions.recheck_recognition(
                    session,
                    current_actor(),
                    current_moment(),
                    recognition_id,
                    register_url=form.register_url.data or "",
                    checked_on=form.checked_on.data,
                    recheck_on=form.recheck_on.data,
                    ends_on=form.ends_on.data,
                )
        except InputInvalid as error:
            refuse(form, error)
        else:
            flash(gettext("Checked again."))
            return redirect(url_for("recognitions.show", recognition_id=recognition_id), 303)
    return _page(recognition, form, "recheck"), 400


@blueprint.post("/recognitions/<int:recognition_id>/revoke")
@needs(Duty.BUY)
def revoke(recognition_id: int) -> ResponseReturnValue:
    recognition = _read(recognition_id)
    form = RevokeForm()
    if form.validate_on_submit():
        assert isinstance(form.revoked_on.data, date)
        try:
            with unit_of_work() as session:
                recognitions.revoke_recognition(
                    session,
                    current_actor(),
                    current_moment(),
                    recognition_id,
                    revoked_on=form.revoked_on.data,
                    reason=form.reason.data or "",
                )
        except InputInvalid as error:
            refuse(form, error)
        else:
            flash(gettext("Revoked."))
            return redirect(url_for("recognitions.show", recognition_id=recognition_id), 303)
    return _page(recognition, form, "revoke"), 400


def _with_kinds(form: RecordForm) -> RecordForm:
    locale = current_locale()
    form.kind.choices = choices(
        (kind.value, word("recognition", kind, locale)) for kind in RecognitionKind
    )
    return form


def _record_page(relation_id: int, form: RecordForm) -> str:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    return render_template("buyer/proofs/recognise.html", relation=relation, form=_with_kinds(form))


def _read(recognition_id: int) -> RecognitionView:
    return read_recognition(db.session(), current_actor(), current_moment(), recognition_id)


def _page(recognition: RecognitionView, form: FlaskForm | None = None, tried: str = "") -> str:
    actor, today = current_actor(), current_moment().today
    forms: dict[str, FlaskForm] = {
        "recheck": CheckForm(
            formdata=None,
            register_url=recognition.register_url,
            checked_on=today,
            recheck_on=add_months(today, 12),
            ends_on=recognition.ends_on,
        ),
        "revoke": RevokeForm(formdata=None, revoked_on=today),
    }
    if form is not None:
        forms[tried] = form
    return render_template(
        "buyer/proofs/recognition.html",
        recognition=recognition,
        relation=visible_relation(db.session(), actor, recognition.relation_id),
        may_buy=actor.may(Duty.BUY),
        forms=forms,
        form=form,
        tried=tried,
    )
