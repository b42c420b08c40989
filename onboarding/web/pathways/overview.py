"""One pathway on a page of its own: the line, the steps, what was agreed, and how it ends."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services.pathway.negotiation import stop_pathway
from onboarding.services.pathway.next_years import read_next_year
from onboarding.services.pathway.proposals_given import give_proposal
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.template_reading import template_title
from onboarding.store.database import db, unit_of_work
from onboarding.store.pathways import versions
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, filled_in, refuse, text
from onboarding.web.moments import current_moment

blueprint = Blueprint("pathway_overview", __name__)


class StopForm(FlaskForm):
    reason = TextAreaField(
        _("Why does it stop?"),
        [filled_in(), text()],
        description=_("The supplier reads this in the announcement."),
    )


class GivenForm(FlaskForm):
    given_on = DateField(
        _("On which day was it given?"), [filled_in(_("Fill in a day, such as 2027-03-31."))]
    )


@blueprint.get("/pathways/<int:pathway_id>")
@needs(Duty.READ)
def show(pathway_id: int) -> ResponseReturnValue:
    return _page(pathway_id)


@blueprint.post("/pathways/<int:pathway_id>/stop")
@needs(Duty.GOVERN)
def stop(pathway_id: int) -> ResponseReturnValue:
    read_pathway(db.session(), current_actor(), current_moment(), pathway_id)
    form = StopForm()
    if not form.validate_on_submit():
        return _page(pathway_id, stop_form=form), 400
    try:
        with unit_of_work() as session:
            stop_pathway(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                reason=form.reason.data or "" or "",
            )
    except InputInvalid as error:
        refuse(form, error)
        return _page(pathway_id, stop_form=form), 400
    flash(gettext("The pathway is stopped. The supplier is told, with the reason."))
    return redirect(url_for("pathway_overview.show", pathway_id=pathway_id), 303)


@blueprint.post("/pathways/<int:pathway_id>/given")
@needs(Duty.BUY)
def given(pathway_id: int) -> ResponseReturnValue:
    """The proposal was given by letter or by hand."""
    read_pathway(db.session(), current_actor(), current_moment(), pathway_id)
    form = GivenForm()
    if not form.validate_on_submit() or form.given_on.data is None:
        return _page(pathway_id, given_form=form), 400
    try:
        with unit_of_work() as session:
            actor, moment = current_actor(), current_moment()
            give_proposal(session, actor, moment, pathway_id, given_on=form.given_on.data)
    except InputInvalid as error:
        refuse(form, error)
        return _page(pathway_id, given_form=form), 400
    flash(gettext("Recorded. The time to answer counts from that day."))
    return redirect(url_for("pathway_overview.show", pathway_id=pathway_id), 303)


def _page(
    pathway_id: int, *, stop_form: StopForm | None = None, given_form: GivenForm | None = None
) -> str:
    actor = current_actor()
    pathway = read_pathway(db.session(), actor, current_moment(), pathway_id)
    came_from = None
    if pathway.template:
        came_from = template_title(db.session(), actor, pathway.template, pathway.template_version)
    return render_template(
        "buyer/pathways/overview.html",
        pathway=pathway,
        came_from=came_from,
        next_year=read_next_year(db.session(), actor, current_moment(), pathway_id),
        relation=visible_relation(db.session(), actor, pathway.relation_id),
        versions=versions(db.session(), pathway_id),
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
        stop_form=stop_form or StopForm(),
        given_form=given_form or GivenForm(),
        form=stop_form or given_form,
    )
