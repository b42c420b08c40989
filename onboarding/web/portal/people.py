"""Who of the supplier gets in: colleagues and an adviser, invited by a contact."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import AlreadyOpen, InputInvalid
from onboarding.domain.people import Duty, Role
from onboarding.services.contact_absences import absences_ahead
from onboarding.services.contacts import invite_contact
from onboarding.store.contacts import contacts_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, entry, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import InviteForm

blueprint = Blueprint("portal_people", __name__)


@blueprint.get("/portal/<int:relation_id>/people")
@needs_contact(Duty.FILL_IN)
def index(relation_id: int) -> ResponseReturnValue:
    return render_template(
        "portal/people.html",
        relation=portal_relation(),
        contacts=contacts_of(db.session(), relation_id),
        may_invite=current_actor().may(Duty.REPORT),
        absences=absences_ahead(db.session(), current_actor(), current_moment(), relation_id),
    )


@blueprint.get("/portal/<int:relation_id>/people/invite")
@needs_contact(Duty.REPORT)
def show_invite(relation_id: int) -> ResponseReturnValue:
    return _page(InviteForm(formdata=None, roles=_roles()), 200)


@blueprint.post("/portal/<int:relation_id>/people/invite")
@needs_contact(Duty.REPORT)
def invite(relation_id: int) -> ResponseReturnValue:
    form = InviteForm(roles=_roles())
    if not form.validate():
        return _page(form, 422)
    try:
        with unit_of_work() as session:
            invite_contact(
                session,
                current_actor(),
                current_moment(),
                relation_id,
                name=str(form.name.data),
                email=str(form.email.data),
                phone=form.phone.data or "",
                function=form.function.data or "",
                role=Role(str(form.role.data)),
                locale=str(form.locale.data),
                entry=entry(),
            )
    except (InputInvalid, AlreadyOpen) as refused:
        refuse(form, refused)
        return _page(form, 422)
    flash(_("%(name)s gets a mail with a link to get in.", name=form.name.data))
    return redirect(url_for("portal_people.index", relation_id=relation_id), 303)


def _roles() -> frozenset[Role]:
    """Only who may agree lets somebody else agree."""
    may_agree = current_actor().may(Duty.AGREE)
    more = {Role.SIGNATORY} if may_agree else set()
    return frozenset({Role.CONTACT, Role.ADVISER} | more)


def _page(form: InviteForm, status: int) -> ResponseReturnValue:
    return render_template("portal/invite.html", form=form, relation=portal_relation()), status
