"""Certificates: what we know of them, reporting one, and telling that a renewal is under way."""

import re

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.domain.policy import Level
from onboarding.services.certificates import report_certificate
from onboarding.services.portal_certificates import CertificateView, certificates_of
from onboarding.services.renewals import report_renewal
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import CertificateForm, RenewalForm
from onboarding.web.uploading import first_unexplained, keep_files

blueprint = Blueprint("portal_certificates", __name__)


@blueprint.get("/portal/<int:relation_id>/certificates")
@needs_contact(Duty.FILL_IN)
def index(relation_id: int) -> ResponseReturnValue:
    return render_template(
        "portal/certificates.html",
        relation=portal_relation(),
        certificates=_certificates(relation_id),
        may_report=current_actor().may(Duty.REPORT),
    )


@blueprint.get("/portal/<int:relation_id>/certificates/report")
@needs_contact(Duty.REPORT)
def show_report(relation_id: int) -> ResponseReturnValue:
    number = portal_relation().kvk_number or ""
    return _page(CertificateForm(formdata=None, kvk_numbers=number), 200)


@blueprint.post("/portal/<int:relation_id>/certificates/report")
@needs_contact(Duty.REPORT)
def report(relation_id: int) -> ResponseReturnValue:
    form = CertificateForm()
    if not form.validate() or form.starts_on.data is None or form.ends_on.data is None:
        return _page(form, 422)
    claim = Claim(
        level=Level(str(form.level.data)),
        thirty_plus=bool(form.thirty_plus.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        kvk_numbers=tuple(re.split(r"[\s,;]+", str(form.kvk_numbers.data))),
    )
    kept = keep_files(form, relation_id)
    if form.files.errors or form.is_clean.errors:
        return _page(form, 422)
    try:
        with unit_of_work() as session:
            report_certificate(
                session,
                current_actor(),
                current_moment(),
                relation_id,
                claim,
                body=form.body.data or None,
                evidence_ids=[one.id for one in kept if not one.numbers],
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(form, 422)
    flash(_("Reported. We check it in the public register and let you know."))
    waiting = first_unexplained(kept)
    if waiting is not None:
        return redirect(
            url_for("portal_files.show", relation_id=relation_id, evidence_id=waiting.id), 303
        )
    return redirect(url_for("portal_certificates.index", relation_id=relation_id), 303)


@blueprint.get("/portal/<int:relation_id>/certificates/<int:certificate_id>/renewal")
@needs_contact(Duty.REPORT)
def show_renewal(relation_id: int, certificate_id: int) -> ResponseReturnValue:
    return _renewal_page(_one(relation_id, certificate_id), RenewalForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/certificates/<int:certificate_id>/renewal")
@needs_contact(Duty.REPORT)
def renew(relation_id: int, certificate_id: int) -> ResponseReturnValue:
    certificate = _one(relation_id, certificate_id)
    form = RenewalForm()
    if not form.validate():
        return _renewal_page(certificate, form, 422)
    try:
        with unit_of_work() as session:
            report_renewal(
                session,
                current_actor(),
                current_moment(),
                certificate_id,
                note=str(form.note.data),
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _renewal_page(certificate, form, 422)
    flash(_("Reported. Your buyer answers soon; meanwhile nothing changes."))
    return redirect(url_for("portal_certificates.index", relation_id=relation_id), 303)


def _certificates(relation_id: int) -> tuple[CertificateView, ...]:
    return certificates_of(db.session(), relation_id, current_moment().today)


def _one(relation_id: int, certificate_id: int) -> CertificateView:
    found = next((c for c in _certificates(relation_id) if c.id == certificate_id), None)
    if found is None:
        raise NotFound(what="certificate")
    return found


def _page(form: CertificateForm, status: int) -> ResponseReturnValue:
    return render_template("portal/report.html", form=form, relation=portal_relation()), status


def _renewal_page(
    certificate: CertificateView, form: RenewalForm, status: int
) -> ResponseReturnValue:
    return (
        render_template(
            "portal/renewal.html",
            form=form,
            certificate=certificate,
            relation=portal_relation(),
        ),
        status,
    )
