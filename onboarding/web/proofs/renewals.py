"""Answering a renewal that was reported, and recording what the certifying body delays."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services import renewals
from onboarding.services.proof_reading import read_renewal
from onboarding.services.proof_views import RenewalView
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, filled_in, refuse, text
from onboarding.web.moments import current_moment

blueprint = Blueprint("renewals", __name__)


class AcceptForm(FlaskForm):
    answer = TextAreaField(_("A word with it"), [text()], id="accept-answer")


class RefuseForm(FlaskForm):
    answer = TextAreaField(
        _("Why is this no renewal?"),
        [filled_in(), text()],
        id="refuse-answer",
        description=_("The supplier reads it."),
    )


class DelayForm(FlaskForm):
    delayed_audit_on = DateField(
        _("The new day of the audit"), [filled_in(_("Fill in a day, such as 2027-03-31."))]
    )
    reason = TextAreaField(_("What did the certifying body say?"), [filled_in(), text()])


FORMS: dict[str, type[FlaskForm]] = {
    "accept": AcceptForm,
    "refuse": RefuseForm,
    "delay": DelayForm,
}


@blueprint.get("/renewals/<int:renewal_id>")
@needs(Duty.READ)
def show(renewal_id: int) -> ResponseReturnValue:
    return _page(_read(renewal_id))


@blueprint.post("/renewals/<int:renewal_id>/accept")
@needs(Duty.BUY)
def accept(renewal_id: int) -> ResponseReturnValue:
    return _do(renewal_id, "accept")


@blueprint.post("/renewals/<int:renewal_id>/refuse")
@needs(Duty.BUY)
def turn_down(renewal_id: int) -> ResponseReturnValue:
    return _do(renewal_id, "refuse")


@blueprint.post("/renewals/<int:renewal_id>/delay")
@needs(Duty.BUY)
def delay(renewal_id: int) -> ResponseReturnValue:
    return _do(renewal_id, "delay")


def _do(renewal_id: int, what: str) -> ResponseReturnValue:
    renewal = _read(renewal_id)
    form = FORMS[what]()
    if not form.validate_on_submit():
        return _page(renewal, form, what), 400
    actor, moment = current_actor(), current_moment()
    try:
        with unit_of_work() as session:
            match form:
                case AcceptForm():
                    answer = form.answer.data or ""
                    renewals.accept_renewal(session, actor, moment, renewal_id, answer=answer)
                case RefuseForm():
                    answer = form.answer.data or ""
                    renewals.refuse_renewal(session, actor, moment, renewal_id, answer=answer)
                case DelayForm():
                    assert isinstance(form.delayed_audit_on.data, date)
                    renewals.record_delayed_audit(
                        session,
                        actor,
                        moment,
                        renewal_id,
                        delayed_audit_on=form.delayed_audit_on.data,
                        reason=form.reason.data or "",
                    )
    except InputInvalid as error:
        refuse(form, error)
        return _page(renewal, form, what), 400
    said = {
        "accept": gettext("Accepted. The supplier is told."),
        "refuse": gettext("Not accepted. The supplier is told why."),
        "delay": gettext("Recorded. The delay does not count against the supplier."),
    }
    flash(said[what])
    return redirect(url_for("renewals.show", renewal_id=renewal_id), 303)


def _read(renewal_id: int) -> RenewalView:
    return read_renewal(db.session(), current_actor(), current_moment(), renewal_id)


def _page(renewal: RenewalView, form: FlaskForm | None = None, tried: str = "") -> str:
    actor = current_actor()
    forms = {name: made(formdata=None) for name, made in FORMS.items()}
    if form is not None:
        forms[tried] = form
    return render_template(
        "buyer/proofs/renewal.html",
        renewal=renewal,
        relation=visible_relation(db.session(), actor, renewal.relation_id),
        may_buy=actor.may(Duty.BUY),
        forms=forms,
        form=form,
        tried=tried,
    )
