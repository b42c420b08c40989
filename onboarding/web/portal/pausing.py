"""A pause of the steps: asked for, waiting for our answer, or running until a day."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import AlreadyOpen, InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.workdays import Span
from onboarding.services.pathway.hold_reading import last_hold
from onboarding.services.pathway.holds import ask_for_hold
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.services.portal_reading import buyer_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import PauseForm

blueprint = Blueprint("portal_pausing", __name__)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/pause")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(pathway_id)
    form = PauseForm(formdata=None, starts_on=current_moment().today)
    return _page(pathway, form, 200)


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/pause")
@needs_contact(Duty.REPORT)
def ask(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(pathway_id)
    form = PauseForm()
    if not form.validate() or form.starts_on.data is None or form.ends_on.data is None:
        return _page(pathway, form, 422)
    try:
        with unit_of_work() as session:
            ask_for_hold(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                span=Span(form.starts_on.data, form.ends_on.data),
                reason=str(form.reason.data),
            )
    except (AlreadyOpen, InputInvalid) as refused:
        refuse(form, refused)
        return _page(_read(pathway_id), form, 422)
    flash(_("Your request for a pause is sent. We answer soon."))
    address = url_for("portal_pausing.show", relation_id=relation_id, pathway_id=pathway_id)
    return redirect(address, 303)


def _read(pathway_id: int) -> PathwayView:
    return read_pathway(db.session(), current_actor(), current_moment(), pathway_id)


def _page(pathway: PathwayView, form: PauseForm, status: int) -> ResponseReturnValue:
    relation, actor = portal_relation(), current_actor()
    return (
        render_template(
            "portal/pause.html",
            pathway=pathway,
            form=form,
            last=last_hold(db.session(), actor, pathway.id),
            relation=relation,
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_ask=actor.may(Duty.REPORT) and pathway.is_running,
        ),
        status,
    )
