"""A certificate on a page of its own: report it, check it in the register, reject or revoke it."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.policy import Level
from onboarding.domain.renewal_moves import CertificateOfOtherNumber, RenewalTooLate
from onboarding.i18n import level_word
from onboarding.services import certificates, renewals
from onboarding.services.proof_reading import read_certificate
from onboarding.services.proof_views import CertificateView
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, line, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.proofs.numbers import numbers_from

blueprint = Blueprint("certificates", __name__)
A_DAY = _("Fill in a day, such as 2027-03-31.")
REFUSALS = (InputInvalid, RenewalTooLate, CertificateOfOtherNumber)


class ClaimForm(FlaskForm):
    """What a certificate says; numbers stand one per line."""

    level = SelectField(_("Level"))
    thirty_plus = BooleanField(_("With the mark 30+"))
    starts_on = DateField(_("Valid from"), [filled_in(A_DAY)])
    ends_on = DateField(_("Valid up to and including"), [filled_in(A_DAY)])
    kvk_numbers = TextAreaField(
        _("KvK numbers that it covers"),
        description=_("One per line. A certificate counts only for the numbers on it."),
    )

    def claim(self) -> Claim:
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        assert isinstance(starts_on, date) and isinstance(ends_on, date)
        return Claim(
            level=Level(self.level.data),
            thirty_plus=bool(self.thirty_plus.data),
            starts_on=starts_on,
            ends_on=ends_on,
            kvk_numbers=numbers_from(self.kvk_numbers.data),
        )


class ReportForm(ClaimForm):
    body = StringField(
        _("Certifying body"), [line()], description=_("Such as Kiwa, DEKRA, DNV or Normec.")
    )
    register_url = StringField(_("Address in the public register"), [line(500)])


class VerifyForm(ClaimForm):
    register_url = StringField(
        _("Address in the public register"),
        [filled_in(), line(500)],
        description=_("Where you found it. Colleagues can look there too."),
    )
    checked_on = DateField(_("Checked on"), [filled_in(A_DAY)])


class RejectForm(FlaskForm):
    reason = TextAreaField(
        _("Why do you not approve it?"),
        [filled_in(), text()],
        id="reject-reason",
        description=_("The supplier reads it."),
    )


class RevokeForm(FlaskForm):
    revoked_on = DateField(
        _("From which day does it no longer count?"),
        [filled_in(A_DAY)],
        description=_("What is past stays as it was."),
    )
    reason = TextAreaField(
        _("Why?"),
        [filled_in(), text()],
        id="revoke-reason",
        description=_("The supplier reads it."),
    )


class RenewForm(FlaskForm):
    note = TextAreaField(
        _("How far is the renewal?"),
        [filled_in(), text()],
        description=_("Such as: application sent on 3 May, audit on 4 June."),
    )


FORMS: dict[str, type[FlaskForm]] = {
    "verify": VerifyForm,
    "reject": RejectForm,
    "revoke": RevokeForm,
    "renew": RenewForm,
}


def _with_levels(form: FlaskForm) -> FlaskForm:
    if isinstance(form, ClaimForm):
        locale = current_locale()
        form.level.choices = choices((level.value, level_word(level, locale)) for level in Level)
    return form


@blueprint.get("/suppliers/<int:relation_id>/certificates/new")
@needs(Duty.BUY)
def report(relation_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    form = _with_levels(ReportForm(level=Level.TREDE_1.value, kvk_numbers=relation.kvk_number))
    return render_template("buyer/proofs/report.html", relation=relation, form=form)


@blueprint.post("/suppliers/<int:relation_id>/certificates/new")
@needs(Duty.BUY)
def report_post(relation_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    form = ReportForm()
    _with_levels(form)
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                certificate_id = certificates.report_certificate(
                    session,
                    current_actor(),
                    current_moment(),
                    relation_id,
                    form.claim(),
                    body=form.body.data,
                    register_url=form.register_url.data,
                )
        except InputInvalid as error:
            refuse(form, error)
        else:
            flash(gettext("Recorded. It counts once you have checked it in the register."))
            return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)
    return render_template("buyer/proofs/report.html", relation=relation, form=form), 400


@blueprint.get("/certificates/<int:certificate_id>")
@needs(Duty.READ)
def show(certificate_id: int) -> ResponseReturnValue:
    return _page(_read(certificate_id))


@blueprint.post("/certificates/<int:certificate_id>/verify")
@needs(Duty.BUY)
def verify(certificate_id: int) -> ResponseReturnValue:
    return _do(certificate_id, "verify")


@blueprint.post("/certificates/<int:certificate_id>/reject")
@needs(Duty.BUY)
def reject(certificate_id: int) -> ResponseReturnValue:
    return _do(certificate_id, "reject")


@blueprint.post("/certificates/<int:certificate_id>/revoke")
@needs(Duty.BUY)
def revoke(certificate_id: int) -> ResponseReturnValue:
    return _do(certificate_id, "revoke")


@blueprint.post("/certificates/<int:certificate_id>/renew")
@needs(Duty.BUY)
def renew(certificate_id: int) -> ResponseReturnValue:
    return _do(certificate_id, "renew")


def _do(certificate_id: int, what: str) -> ResponseReturnValue:
    certificate = _read(certificate_id)
    form = _with_levels(FORMS[what]())
    if not form.validate_on_submit():
        return _page(certificate, form, what), 400
    try:
        _perform(certificate_id, what, form)
    except REFUSALS as error:
        refuse(form, error)
        return _page(certificate, form, what), 400
    return redirect(url_for("certificates.show", certificate_id=certificate_id), 303)


def _perform(certificate_id: int, what: str, form: FlaskForm) -> None:
    actor, moment = current_actor(), current_moment()
    with unit_of_work() as session:
        match form:
            case VerifyForm():
                verified = certificates.verify_certificate(
                    session,
                    actor,
                    moment,
                    certificate_id,
                    form.claim(),
                    register_url=form.register_url.data or "",
                    checked_on=form.checked_on.data,
                )
            case RejectForm():
                reason = form.reason.data or ""
                certificates.reject_certificate(
                    session, actor, moment, certificate_id, reason=reason
                )
            case RevokeForm():
                assert isinstance(form.revoked_on.data, date)
                certificates.revoke_certificate(
                    session,
                    actor,
                    moment,
                    certificate_id,
                    revoked_on=form.revoked_on.data,
                    reason=form.reason.data or "",
                )
            case RenewForm():
                note = form.note.data or ""
                renewals.report_renewal(session, actor, moment, certificate_id, note=note)
    if what == "verify" and not verified.covers_relation:
        flash(
            gettext(
                "Checked, but it does not cover the KvK number with which we have the contract, "
                "so it does not count for this supplier."
            ),
            "warning",
        )
        return
    said = {
        "verify": gettext("Checked. The supplier is told."),
        "reject": gettext("Not approved. The supplier is told why."),
        "revoke": gettext("Revoked. The supplier is told."),
        "renew": gettext("The renewal is recorded and waits for your answer."),
    }
    flash(said[what])


def _read(certificate_id: int) -> CertificateView:
    return read_certificate(db.session(), current_actor(), current_moment(), certificate_id)


def _page(certificate: CertificateView, form: FlaskForm | None = None, tried: str = "") -> str:
    actor = current_actor()
    relation = visible_relation(db.session(), actor, certificate.relation_id)
    forms = {
        "verify": _with_levels(
            VerifyForm(
                formdata=None,
                level=certificate.level.value,
                thirty_plus=certificate.thirty_plus,
                starts_on=certificate.starts_on,
                ends_on=certificate.ends_on,
                kvk_numbers="\n".join(certificate.kvk_numbers),
                register_url=certificate.register_url,
                checked_on=current_moment().today,
            )
        ),
        "reject": RejectForm(formdata=None),
        "revoke": RevokeForm(formdata=None, revoked_on=current_moment().today),
        "renew": RenewForm(formdata=None),
    }
    if form is not None:
        forms[tried] = form
    return render_template(
        "buyer/proofs/certificate.html",
        certificate=certificate,
        relation=relation,
        may_buy=actor.may(Duty.BUY),
        forms=forms,
        form=form,
        tried=tried,
    )
