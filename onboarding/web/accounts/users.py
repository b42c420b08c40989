"""The users of the customer's side, for administrators."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty, Role
from onboarding.services import users
from onboarding.services.colleagues import list_colleagues
from onboarding.services.users import User
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, entry, needs
from onboarding.web.accounts.forms import InviteUserForm, RolesForm
from onboarding.web.colleagues import colleague_choices, number_from
from onboarding.web.forms import refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("users", __name__)


@blueprint.get("/users")
@needs(Duty.ADMINISTER)
def index() -> str:
    return render_template(
        "account/users.html", users=users.list_users(db.session(), current_actor())
    )


@blueprint.get("/users/invite")
@needs(Duty.ADMINISTER)
def show_invite() -> ResponseReturnValue:
    return _invite_page(InviteUserForm(formdata=None, role=Role.BUYER.value), 200)


@blueprint.post("/users/invite")
@needs(Duty.ADMINISTER)
def invite() -> ResponseReturnValue:
    form = InviteUserForm()
    if not form.validate():
        return _invite_page(form, 422)
    try:
        with unit_of_work() as session:
            users.invite_user(
                session,
                current_actor(),
                current_moment(),
                entry(),
                name=str(form.name.data),
                email=str(form.email.data),
                role=Role(str(form.role.data)),
                locale=current_locale(),
            )
    except DomainError as refused:
        refuse(form, refused)
        return _invite_page(form, 422)
    flash(_("%(name)s was invited by mail.", name=form.name.data))
    return redirect(url_for("users.index"), 303)


@blueprint.get("/users/<int:person_id>")
@needs(Duty.ADMINISTER)
def show(person_id: int) -> ResponseReturnValue:
    user = users.get_user(db.session(), current_actor(), person_id)
    form = RolesForm(formdata=None, roles=sorted(user.roles))
    return _user_page(user, form, 200)


@blueprint.post("/users/<int:person_id>")
@needs(Duty.ADMINISTER)
def save(person_id: int) -> ResponseReturnValue:
    user = users.get_user(db.session(), current_actor(), person_id)
    form = RolesForm()
    if not form.validate():
        return _user_page(user, form, 422)
    try:
        with unit_of_work() as session:
            users.set_roles(
                session,
                current_actor(),
                current_moment(),
                person_id,
                frozenset(Role(role) for role in form.roles.data or ()),
                successor_id=number_from(form.successor.data),
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _user_page(user, form, 422)
    if form.roles.data:
        flash(_("The roles of %(name)s were saved.", name=user.name))
    else:
        flash(_("%(name)s has no access any more.", name=user.name))
    return redirect(url_for("users.index"), 303)


def _invite_page(form: InviteUserForm, status: int) -> ResponseReturnValue:
    return render_template("account/invite-user.html", form=form), status


def _user_page(user: User, form: RolesForm, status: int) -> ResponseReturnValue:
    buyers = list_colleagues(db.session(), current_actor(), current_moment())
    in_hand = next((one.suppliers for one in buyers if one.person.id == user.person_id), 0)
    form.successor.choices = colleague_choices(buyers, besides=user.person_id)
    return render_template("account/user.html", form=form, user=user, in_hand=in_hand), status
