"""When the supplier is closed: told beforehand, called off, and the steps that fall in it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.workdays import Span
from onboarding.services.closures import add_closure, call_off_closure, closures_ahead
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import ClosureForm

blueprint = Blueprint("portal_closures", __name__)


@blueprint.get("/portal/<int:relation_id>/closed")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int) -> ResponseReturnValue:
    return _page(ClosureForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/closed")
@needs_contact(Duty.REPORT)
def add(relation_id: int) -> ResponseReturnValue:
    form = ClosureForm()
    if not form.validate() or form.starts_on.data is None or form.ends_on.data is None:
        return _page(form, 422)
    span = Span(form.starts_on.data, form.ends_on.data)
    try:
        with unit_of_work() as session:
            add_closure(session, current_actor(), current_moment(), relation_id, span=span)
    except InputInvalid as refused:
        refuse(form, refused)
        return _page(form, 422)
    flash(_("Thank you. We take it into account."))
    return _back(relation_id)


@blueprint.post("/portal/<int:relation_id>/closed/<int:closure_id>/off")
@needs_contact(Duty.REPORT)
def call_off(relation_id: int, closure_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        call_off_closure(session, current_actor(), current_moment(), closure_id)
    flash(_("Noted: you are open on these days."))
    return _back(relation_id)


def _back(relation_id: int) -> ResponseReturnValue:
    return redirect(url_for("portal_closures.show", relation_id=relation_id), 303)


def _page(form: ClosureForm, status: int) -> ResponseReturnValue:
    relation, actor = portal_relation(), current_actor()
    ahead, steps = closures_ahead(db.session(), actor, current_moment(), relation.id)
    return (
        render_template(
            "portal/closures.html",
            form=form,
            relation=relation,
            closures=ahead,
            steps=steps,
            may_tell=actor.may(Duty.REPORT),
        ),
        status,
    )
