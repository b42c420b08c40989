"""Logging in with a password, on the customer's side, and logging out on both."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from onboarding.domain.access import LogInRefused
from onboarding.domain.people import Side
from onboarding.services import accounts, passwords, sessions
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import client_address, enter, entry, leave, logged_in
from onboarding.web.accounts.forms import LogInForm
from onboarding.web.forms import refuse
from onboarding.web.language import own_path

blueprint = Blueprint("log_in", __name__)


@blueprint.get("/log-in")
def show() -> ResponseReturnValue:
    who = logged_in()
    if who is not None:
        return redirect("/" if who.side is Side.BUYER else "/portal", 303)
    return _page(LogInForm(), 200)


@blueprint.post("/log-in")
def send() -> ResponseReturnValue:
    form = LogInForm()
    if not form.validate():
        return _page(form, 422)
    email, password = str(form.email.data), str(form.password.data)
    with unit_of_work() as session:
        tried = accounts.try_password(session, entry(), email, client_address())
    # Comparing takes long on purpose, so no transaction is open meanwhile.
    if not passwords.matches(tried.password_hash, password):
        refuse(form, LogInRefused())
        return _page(form, 422)
    is_outdated = passwords.is_outdated(tried.password_hash or "")
    rehashed = passwords.hash_password(password) if is_outdated else None
    try:
        with unit_of_work() as session:
            token = accounts.let_in(session, entry(), tried, rehashed)
    except LogInRefused as refused:
        refuse(form, refused)
        return _page(form, 422)
    enter_with(token)
    return redirect(own_path(request.args.get("next")), 303)


@blueprint.post("/log-out")
def log_out() -> ResponseReturnValue:
    who = logged_in()
    leave()
    return redirect("/portal/log-in" if who and who.side is Side.SUPPLIER else "/log-in", 303)


def enter_with(token: str) -> None:
    """Give the browser the log-in that was just made."""
    who = sessions.find_logged_in(db.session(), entry().now, token)
    assert who is not None
    enter(token, who)


def _page(form: LogInForm, status: int) -> ResponseReturnValue:
    after = request.args.get("next", "")
    return render_template("account/log-in.html", form=form, after=after), status
