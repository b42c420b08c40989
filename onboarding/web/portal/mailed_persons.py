"""“Not the right person?” behind the link of a mail: told to the buyer, and nobody is let in."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from onboarding.domain.access import LinkPurpose
from onboarding.domain.doubts import another
from onboarding.domain.errors import InputInvalid
from onboarding.services.doubts import has_doubt, say_wrong_person
from onboarding.services.portal_reading import buyer_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import OrganisationRow
from onboarding.web.access import current_actor
from onboarding.web.forms import refuse
from onboarding.web.mailed_access import needs_link, opened
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import WrongPersonForm

blueprint = Blueprint("mailed_persons", __name__)


@blueprint.get("/portal/not-me/<token>")
@needs_link(LinkPurpose.WRONG_PERSON)
def show(token: str) -> ResponseReturnValue:
    return _page(WrongPersonForm(formdata=None), 200)


@blueprint.post("/portal/not-me/<token>")
@needs_link(LinkPurpose.WRONG_PERSON)
def say(token: str) -> ResponseReturnValue:
    """Said twice it is told once; the page then shows that we know."""
    form = WrongPersonForm()
    if not form.validate():
        return _page(form, 422)
    try:
        told = another(form.name.data or "", form.email.data or "", form.phone.data or "")
        with unit_of_work() as session:
            say_wrong_person(session, current_actor(), current_moment(), opened().relation.id, told)
    except InputInvalid as refused:
        refuse(form, refused)
        return _page(form, 422)
    return redirect(url_for("mailed_persons.show", token=token), 303)


def _page(form: WrongPersonForm, status: int) -> ResponseReturnValue:
    session, relation = db.session(), opened().relation
    return (
        render_template(
            "portal/not-me.html",
            form=form,
            person=opened().person,
            relation=relation,
            customer=session.get_one(OrganisationRow, relation.customer_id).name,
            buyer=buyer_of(session, relation, current_moment().today),
            is_told=has_doubt(session, current_actor()),
        ),
        status,
    )
