"""A change of what was agreed: read side by side, accepted, declined, answered, or taken back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from onboarding.domain.errors import InputInvalid, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services.pathway.amendment_reading import read_amendment
from onboarding.services.pathway.amendments import (
    accept_amendment,
    decline_amendment,
    withdraw_amendment,
)
from onboarding.services.pathway.reading import read_pathway
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("amending", __name__)


class AcceptForm(FlaskForm):
    """The version that was read."""

    revision = IntegerField(widget=HiddenInput())


class DeclineForm(FlaskForm):
    reason = TextAreaField(
        _("Why does it stay as it was?"),
        [filled_in(), text()],
        description=_("The supplier reads this."),
    )


class WithdrawForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput())
    note = TextAreaField(_("A word with it"), [text()], description=_("The supplier reads this."))


@blueprint.get("/amendments/<int:amendment_id>")
@needs(Duty.READ)
def show(amendment_id: int) -> ResponseReturnValue:
    return _page(amendment_id)


@blueprint.post("/amendments/<int:amendment_id>/accept")
@needs(Duty.BUY)
def accept(amendment_id: int) -> ResponseReturnValue:
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    revision = AcceptForm().revision.data or -1
    try:
        with unit_of_work() as session:
            actor, moment = current_actor(), current_moment()
            accept_amendment(session, actor, moment, amendment_id, revision=revision)
    except VersionOutdated as outdated:
        said = error_text(outdated.code, outdated.facts, current_locale())
        return _page(amendment_id, outdated=said), 409
    flash(gettext("Agreed. The supplier is told, with the new days."))
    return redirect(url_for("pathway_overview.show", pathway_id=amendment.pathway_id), 303)


@blueprint.post("/amendments/<int:amendment_id>/decline")
@needs(Duty.BUY)
def decline(amendment_id: int) -> ResponseReturnValue:
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(amendment_id, form), 400
    try:
        with unit_of_work() as session:
            actor, moment = current_actor(), current_moment()
            reason = form.reason.data or ""
            decline_amendment(session, actor, moment, amendment_id, reason=reason)
    except InputInvalid as error:
        refuse(form, error)
        return _page(amendment_id, form), 400
    flash(gettext("What was agreed stays. The supplier is told, with your reason."))
    return redirect(url_for("pathway_overview.show", pathway_id=amendment.pathway_id), 303)


@blueprint.post("/amendments/<int:amendment_id>/withdraw")
@needs(Duty.BUY)
def withdraw(amendment_id: int) -> ResponseReturnValue:
    """Take our own version back, as long as the supplier did not answer it."""
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(amendment_id, form), 400
    try:
        with unit_of_work() as session:
            withdraw_amendment(
                session,
                current_actor(),
                current_moment(),
                amendment_id,
                revision=form.revision.data or -1,
                note=form.note.data,
            )
    except VersionOutdated as outdated:
        said = error_text(outdated.code, outdated.facts, current_locale())
        return _page(amendment_id, outdated=said), 409
    flash(gettext("Taken back. What was agreed stays, and the supplier is told."))
    return redirect(url_for("pathway_overview.show", pathway_id=amendment.pathway_id), 303)


def _page(
    amendment_id: int, form: DeclineForm | WithdrawForm | None = None, outdated: str = ""
) -> str:
    actor = current_actor()
    amendment = read_amendment(db.session(), actor, amendment_id)
    return render_template(
        "buyer/pathways/amendment.html",
        amendment=amendment,
        pathway=read_pathway(db.session(), actor, current_moment(), amendment.pathway_id),
        relation=visible_relation(db.session(), actor, amendment.relation_id),
        may_buy=actor.may(Duty.BUY),
        outdated=outdated,
        decline_form=form if isinstance(form, DeclineForm) else DeclineForm(),
        withdraw_form=form
        if isinstance(form, WithdrawForm)
        else WithdrawForm(formdata=None, revision=amendment.revision),
        form=form,
    )
