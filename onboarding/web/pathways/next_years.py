"""The year after a completed pathway: what comes back, made into a draft or left out."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.people import Duty
from onboarding.services.pathway.next_years import (
    NextYear,
    draft_next_year,
    read_next_year,
    skip_next_year,
)
from onboarding.services.proof_reading import proofs_panel
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, text
from onboarding.web.moments import current_moment

blueprint = Blueprint("next_years", __name__)


class SkipForm(FlaskForm):
    reason = TextAreaField(
        _("Why is there no pathway for the year after?"),
        [filled_in(), text()],
        description=_("It stays in the history of this supplier. The supplier does not see it."),
    )


@blueprint.get("/pathways/<int:pathway_id>/next-year")
@needs(Duty.BUY)
def show(pathway_id: int) -> ResponseReturnValue:
    """The steps that come back, with their days; where none do, the pathway itself."""
    found = read_next_year(db.session(), current_actor(), current_moment(), pathway_id)
    if found is None:
        return redirect(url_for("pathway_overview.show", pathway_id=pathway_id))
    return _page(found, SkipForm(formdata=None))


@blueprint.post("/pathways/<int:pathway_id>/next-year")
@needs(Duty.BUY)
def draft(pathway_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        row = draft_next_year(session, current_actor(), current_moment(), pathway_id)
    flash(gettext("This is the draft. The supplier sees nothing yet."))
    return redirect(url_for("composing.check", pathway_id=row.id), 303)


@blueprint.post("/pathways/<int:pathway_id>/next-year/skip")
@needs(Duty.BUY)
def skip(pathway_id: int) -> ResponseReturnValue:
    actor, moment = current_actor(), current_moment()
    found = read_next_year(db.session(), actor, moment, pathway_id)
    form = SkipForm()
    if found is not None and not form.validate_on_submit():
        return _page(found, form), 400
    with unit_of_work() as session:
        skip_next_year(session, actor, moment, pathway_id, reason=form.reason.data or "")
    flash(gettext("Noted: there is no pathway for the year after."))
    return redirect(url_for("pathway_overview.show", pathway_id=pathway_id), 303)


def _page(found: NextYear, form: SkipForm) -> str:
    actor, moment = current_actor(), current_moment()
    proofs = proofs_panel(db.session(), actor, moment, found.relation_id)
    in_force = [one for one in proofs.decisions if one.code == "in-force" and not one.is_block]
    return render_template(
        "buyer/pathways/next-year.html",
        found=found,
        relation=visible_relation(db.session(), actor, found.relation_id),
        decisions=in_force,
        recognitions=[one for one in proofs.recognitions if not one.is_revoked],
        form=form,
    )
