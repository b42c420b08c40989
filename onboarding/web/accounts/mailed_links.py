"""Links by mail: a supplier's way in, and a password chosen anew.

Mail scanners open every link. So a GET only shows a button; the POST behind it spends the link.
"""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from onboarding.domain.access import LinkInvalid, LinkPurpose, LogInRefused
from onboarding.domain.errors import InputInvalid
from onboarding.services import accounts, links, passwords
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import client_address, entry
from onboarding.web.accounts.forms import AddressForm, NewPasswordForm
from onboarding.web.accounts.log_in import enter_with
from onboarding.web.forms import refuse
from onboarding.web.language import own_path
from onboarding.web.moments import current_moment

blueprint = Blueprint("mailed_links", __name__)


# --- the supplier's way in ---


@blueprint.get("/portal/log-in")
def show_portal_log_in() -> ResponseReturnValue:
    return _portal_log_in(AddressForm(formdata=None, email=request.args.get("email")), 200)


@blueprint.post("/portal/log-in")
def ask_portal_link() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return _portal_log_in(form, 422)
    after = own_path(request.args.get("next"))
    with unit_of_work() as session:
        accounts.ask_portal_link(
            session,
            entry(),
            current_moment(),
            str(form.email.data),
            client_address(),
            after if after != "/" else None,
        )
    return redirect("/portal/log-in/sent", 303)


@blueprint.get("/portal/log-in/sent")
def portal_link_sent() -> str:
    return render_template("account/link-sent.html", again="/portal/log-in", for_supplier=True)


@blueprint.get("/portal/enter/<token>")
def show_portal_link(token: str) -> ResponseReturnValue:
    try:
        link, person = links.find_link(db.session(), entry().now, token, *links.FOR_SUPPLIERS)
    except LinkInvalid:
        return _spent("/portal/log-in")
    return render_template(
        "account/enter.html", person=person, is_invitation=link.purpose == LinkPurpose.INVITATION
    )


@blueprint.post("/portal/enter/<token>")
def spend_portal_link(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            log_in, relation_id = accounts.enter_by_link(session, entry(), token)
    except LinkInvalid:
        return _spent("/portal/log-in")
    enter_with(log_in)
    after = own_path(request.args.get("next"))
    if after == "/":
        after = f"/portal/{relation_id}" if relation_id else "/portal"
    return redirect(after, 303)


# --- a password chosen anew ---


@blueprint.get("/password/forgotten")
def show_forgotten() -> ResponseReturnValue:
    return _forgotten(AddressForm(formdata=None, email=request.args.get("email")), 200)


@blueprint.post("/password/forgotten")
def ask_password_link() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return _forgotten(form, 422)
    with unit_of_work() as session:
        accounts.ask_password_link(
            session, entry(), current_moment(), str(form.email.data), client_address()
        )
    return redirect("/password/sent", 303)


@blueprint.get("/password/sent")
def password_link_sent() -> str:
    return render_template(
        "account/link-sent.html", again="/password/forgotten", for_supplier=False
    )


@blueprint.get("/password/<token>")
def show_new_password(token: str) -> ResponseReturnValue:
    return _new_password(token, NewPasswordForm(), 200)


@blueprint.post("/password/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    try:
        _, person = links.find_link(db.session(), entry().now, token, LinkPurpose.PASSWORD)
        if not form.validate():
            return _new_password(token, form, 422)
        password = str(form.password.data)
        passwords.check_password(password, person.email or "")
        db.session.rollback()  # hashing takes long on purpose: not inside a transaction
        hashed = passwords.hash_password(password)
        with unit_of_work() as session:
            log_in = accounts.choose_password(session, entry(), token, hashed)
    except (LinkInvalid, LogInRefused):
        return _spent("/password/forgotten")
    except InputInvalid as refused:
        refuse(form, refused)
        return _new_password(token, form, 422)
    enter_with(log_in)
    return redirect("/", 303)


def _new_password(token: str, form: NewPasswordForm, status: int) -> ResponseReturnValue:
    try:
        _, person = links.find_link(db.session(), entry().now, token, LinkPurpose.PASSWORD)
    except LinkInvalid:
        return _spent("/password/forgotten")
    return render_template("account/new-password.html", form=form, person=person), status


def _portal_log_in(form: AddressForm, status: int) -> ResponseReturnValue:
    return render_template("account/portal-log-in.html", form=form), status


def _forgotten(form: AddressForm, status: int) -> ResponseReturnValue:
    return render_template("account/forgotten.html", form=form), status


def _spent(again: str) -> ResponseReturnValue:
    return render_template("account/link-spent.html", again=again), 410
