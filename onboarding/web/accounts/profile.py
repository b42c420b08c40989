"""One's own account: name, phone, language, and the password of the customer's side."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.access import LogInRefused
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty, Side
from onboarding.services import accounts, passwords
from onboarding.services.sessions import LoggedIn
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import PersonRow
from onboarding.web.access import (
    client_address,
    entry,
    logged_in,
    needs,
    needs_log_in,
)
from onboarding.web.accounts.forms import ChangePasswordForm, ProfileForm
from onboarding.web.accounts.log_in import enter_with
from onboarding.web.forms import refuse
from onboarding.web.language import use_locale

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@needs_log_in
def show() -> ResponseReturnValue:
    person = db.session.get_one(PersonRow, _who().person_id)
    return _page(ProfileForm(formdata=None, obj=person), 200)


@blueprint.post("/account")
@needs_log_in
def save() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate():
        return _page(form, 422)
    locale = str(form.locale.data)
    try:
        with unit_of_work() as session:
            accounts.change_profile(
                session,
                _who().person_id,
                name=str(form.name.data),
                phone=form.phone.data,
                locale=locale,
            )
    except InputInvalid as refused:
        refuse(form, refused)
        return _page(form, 422)
    use_locale(locale)
    flash(_("Your account was saved."))
    return redirect("/account", 303)


@blueprint.get("/account/password")
@needs(Duty.READ)
def show_password() -> ResponseReturnValue:
    return _password_page(ChangePasswordForm(), 200)


@blueprint.post("/account/password")
@needs(Duty.READ)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(form, 422)
    who = _who()
    with unit_of_work() as session:
        tried = accounts.try_password(session, entry(), who.email, client_address())
    try:
        if not passwords.matches(tried.password_hash, str(form.current.data)):
            raise LogInRefused(field="current", reason="password")
        passwords.check_password(str(form.password.data), who.email)
    except (LogInRefused, InputInvalid) as refused:
        refuse(form, refused)
        return _password_page(form, 422)
    hashed = passwords.hash_password(str(form.password.data))
    with unit_of_work() as session:
        accounts.let_in(session, entry(), tried)
        token = accounts.change_password(
            session, entry(), who.person_id, who.customer_id or 0, hashed
        )
    enter_with(token)
    flash(_("Your password was changed. Everywhere else you are logged out."))
    return redirect("/account", 303)


def remember_locale(locale: str) -> None:
    """Keep the language that a visitor chose, where we know who it is."""
    who = logged_in()
    if who is not None:
        with unit_of_work() as session:
            session.get_one(PersonRow, who.person_id).locale = locale


def _who() -> LoggedIn:
    who = logged_in()
    assert who is not None
    return who


def _page(form: ProfileForm, status: int) -> ResponseReturnValue:
    who = _who()
    return (
        render_template(
            "account/profile.html",
            form=form,
            who=who,
            is_user=who.side is Side.BUYER,
            may_buy=who.side is Side.BUYER and who.actor().may(Duty.BUY),
        ),
        status,
    )


def _password_page(form: ChangePasswordForm, status: int) -> ResponseReturnValue:
    return render_template("account/password.html", form=form, email=_who().email), status
