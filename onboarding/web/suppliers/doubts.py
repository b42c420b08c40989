"""A contact says not to be the right person: somebody else is named, or it is right after all."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.doubts import Another
from onboarding.domain.people import Duty
from onboarding.services import doubts
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.intake import number_asked
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("doubts", __name__)


@blueprint.get("/suppliers/<int:relation_id>/contacts/<int:contact_id>/doubt")
@needs(Duty.BUY)
def show(relation_id: int, contact_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    doubt = doubts.read_doubt(db.session(), current_actor(), relation_id, contact_id)
    if doubt is None:  # answered meanwhile
        return redirect(supplier_url(relation_id), 303)
    return render_template("buyer/suppliers/doubt.html", relation=relation, doubt=doubt)


@blueprint.post("/suppliers/<int:relation_id>/contacts/<int:contact_id>/doubt")
@needs(Duty.BUY)
def confirm(relation_id: int, contact_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        doubts.confirm_contact(session, current_actor(), current_moment(), relation_id, contact_id)
    flash(_("Noted: it is the right person. The reminders go on."))
    return redirect(supplier_url(relation_id), 303)


def named_by(relation_id: int) -> Another:
    """Whom a contact named instead, where the address of the page tells which contact."""
    contact_id = number_asked("instead_of")
    if contact_id is None:
        return Another()
    found = doubts.read_doubt(db.session(), current_actor(), relation_id, contact_id)
    return found.another if found is not None else Another()
