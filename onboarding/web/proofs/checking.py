"""Certificates that wait, checked together: tick those found in the register, record all."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services.lists.certificate_checks import (
    ChecksRefused,
    list_reported,
    verify_together,
)
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, logged_in, needs
from onboarding.web.forms import DateField, filled_in
from onboarding.web.intake import number_asked, numbers_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("certificate_checks", __name__)


class ChecksForm(FlaskForm):
    checked_on = DateField(
        _("Checked on"),
        [filled_in(_("Fill in a day, such as 2027-03-31."))],
        description=_("For all that you tick."),
    )


@blueprint.get("/certificates/check")
@needs(Duty.BUY)
def show() -> ResponseReturnValue:
    form = ChecksForm(formdata=None, checked_on=current_moment().today)
    return _page(form, {}, {}), 200


@blueprint.post("/certificates/check")
@needs(Duty.BUY)
def check() -> ResponseReturnValue:
    """Record what was ticked; a mistake in one of them records nothing, and nothing is lost."""
    form, ticked = ChecksForm(), _ticked()
    if not ticked:
        form.form_errors.append(gettext("Tick at least one certificate."))
    if not form.validate() or form.form_errors:
        return _page(form, ticked, {}), 422
    assert isinstance(form.checked_on.data, date)
    try:
        with unit_of_work() as session:
            uncovered = verify_together(
                session, current_actor(), current_moment(), ticked, form.checked_on.data
            )
    except ChecksRefused as refused:
        locale = current_locale()
        wrong = {
            one: error_text(error.code, error.facts, locale)
            for one, error in refused.refused.items()
        }
        return _page(form, ticked, wrong), 422
    done = len(ticked)
    flash(
        ngettext(
            "%(num)s certificate is checked. The supplier is told.",
            "%(num)s certificates are checked. The suppliers are told.",
            done,
        )
    )
    if uncovered:
        flash(
            ngettext(
                "%(num)s does not cover the KvK number of our contract, so it does not count.",
                "%(num)s do not cover the KvK number of our contract, so they do not count.",
                len(uncovered),
            ),
            "warning",
        )
    return redirect(url_for("certificate_checks.show", show=request.args.get("show")), 303)


def _ticked() -> dict[int, str]:
    """The certificates that were ticked, and the address that was typed for each."""
    ids = numbers_asked("id")
    return {one: request.form.get(f"url-{one}", "") for one in ids}


def _page(form: ChecksForm, ticked: dict[int, str], wrong: dict[int, str]) -> str:
    mine = request.args.get("show") == "mine"
    page = number_asked("page") or 1
    found = list_reported(db.session(), current_actor(), page, mine=mine)
    typed = {line.id: request.form.get(f"url-{line.id}", line.register_url) for line in found.lines}
    who = logged_in()
    return render_template(
        "buyer/certificates/check.html",
        form=form,
        found=found,
        ticked=ticked,
        typed=typed,
        wrong={line.id: wrong[line.id] for line in found.lines if line.id in wrong},
        gone=[text for one, text in wrong.items() if one not in typed],
        shown="mine" if mine else "all",
        checker=who.name if who else "",
        has_error=bool(wrong),
    )
