"""Webhooks, for administrators: where changes are sent to, what arrived, and sending it again."""

from datetime import date, datetime, time

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from onboarding.domain.announcements import StatusChanged, SupplierDataChanged
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Duty
from onboarding.domain.webhooks import KINDS, LONGEST_URL, TEST
from onboarding.i18n.webhooks import delivery_state, trouble_text
from onboarding.services.feed import webhooks
from onboarding.services.feed.webhooks import Keeper
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs, real_now
from onboarding.web.forms import DateField, TickBoxes, choices, filled_in, line, refuse, stripped
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment, local_zone

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

EVENT_WORDS = {
    StatusChanged.code: lazy_gettext("the buying status of a supplier changes"),
    SupplierDataChanged.code: lazy_gettext("the data of a supplier change"),
    TEST: lazy_gettext("a test"),
}


class EndpointForm(FlaskForm):
    url = StringField(
        lazy_gettext("Address to send to"),
        [filled_in(), line(LONGEST_URL)],
        filters=[stripped],
        description=lazy_gettext("Of your own program, such as https://erp.example.nl/webhooks."),
    )
    kinds = TickBoxes(
        lazy_gettext("Send when"),
        [filled_in(lazy_gettext("Choose one or more."))],
        choices=choices((kind, EVENT_WORDS[kind]) for kind in KINDS),
    )


class SinceForm(FlaskForm):
    since_on = DateField(
        lazy_gettext("Everything since"), [InputRequired(lazy_gettext("Fill in a day."))]
    )


@blueprint.get("")
@needs(Duty.ADMINISTER)
def index() -> str:
    lines = webhooks.list_endpoints(db.session(), current_actor())
    return render_template("webhooks/index.html", lines=lines)


@blueprint.get("/new")
@needs(Duty.ADMINISTER)
def show_new() -> ResponseReturnValue:
    return _form_page(EndpointForm(formdata=None, kinds=[StatusChanged.code]), 200)


@blueprint.post("/new")
@needs(Duty.ADMINISTER)
def create() -> ResponseReturnValue:
    """The answer shows the secret: no other page does."""
    form = EndpointForm()
    if not form.validate():
        return _form_page(form, 422)
    try:
        with unit_of_work() as session:
            endpoint_id, secret = webhooks.add_endpoint(
                session,
                current_actor(),
                current_moment(),
                _keeper(),
                str(form.url.data),
                form.kinds.data or (),
            )
    except DomainError as refused:
        refuse(form, refused)
        return _form_page(form, 422)
    return render_template(
        "webhooks/secret.html", endpoint_id=endpoint_id, secret=secret, is_new=True
    )


@blueprint.get("/<int:endpoint_id>")
@needs(Duty.ADMINISTER)
def show(endpoint_id: int) -> ResponseReturnValue:
    return _page(endpoint_id, SinceForm(formdata=None), 200)


@blueprint.get("/<int:endpoint_id>/change")
@needs(Duty.ADMINISTER)
def show_change(endpoint_id: int) -> ResponseReturnValue:
    row = webhooks.read_endpoint(db.session(), current_actor(), real_now(), endpoint_id).endpoint
    return _form_page(EndpointForm(formdata=None, url=row.url, kinds=row.kinds), 200, endpoint_id)


@blueprint.post("/<int:endpoint_id>/change")
@needs(Duty.ADMINISTER)
def change(endpoint_id: int) -> ResponseReturnValue:
    webhooks.read_endpoint(db.session(), current_actor(), real_now(), endpoint_id)
    form = EndpointForm()
    if not form.validate():
        return _form_page(form, 422, endpoint_id)
    try:
        with unit_of_work() as session:
            webhooks.change_endpoint(
                session,
                current_actor(),
                current_moment(),
                _keeper(),
                endpoint_id,
                str(form.url.data),
                form.kinds.data or (),
            )
    except DomainError as refused:
        refuse(form, refused)
        return _form_page(form, 422, endpoint_id)
    flash(_("It is saved."))
    return _back(endpoint_id)


@blueprint.post("/<int:endpoint_id>/renew-secret")
@needs(Duty.ADMINISTER)
def renew_secret(endpoint_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        secret = webhooks.renew_secret(
            session, current_actor(), current_moment(), _keeper(), endpoint_id
        )
    return render_template(
        "webhooks/secret.html", endpoint_id=endpoint_id, secret=secret, is_new=False
    )


@blueprint.post("/<int:endpoint_id>/disable")
@needs(Duty.ADMINISTER)
def disable(endpoint_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        webhooks.disable_endpoint(
            session, current_actor(), current_moment(), _keeper(), endpoint_id
        )
    flash(_("It is switched off. Nothing is sent there."))
    return _back(endpoint_id)


@blueprint.post("/<int:endpoint_id>/enable")
@needs(Duty.ADMINISTER)
def enable(endpoint_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        webhooks.enable_endpoint(session, current_actor(), current_moment(), endpoint_id)
    flash(_("It is switched on. What changed meanwhile goes only when you send it again."))
    return _back(endpoint_id)


@blueprint.post("/<int:endpoint_id>/test")
@needs(Duty.ADMINISTER)
def test(endpoint_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        webhooks.send_test(session, current_actor(), _keeper(), endpoint_id)
    flash(_("The test goes out within a minute. Load this page again to see what came of it."))
    return _back(endpoint_id)


@blueprint.post("/<int:endpoint_id>/deliveries/<int:delivery_id>/again")
@needs(Duty.ADMINISTER)
def again(endpoint_id: int, delivery_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        webhooks.replay(session, current_actor(), _keeper(), endpoint_id, delivery_id)
    flash(_("It goes out once more, within a minute."))
    return _back(endpoint_id)


@blueprint.post("/<int:endpoint_id>/again")
@needs(Duty.ADMINISTER)
def again_since(endpoint_id: int) -> ResponseReturnValue:
    form = SinceForm()
    if not form.validate() or form.since_on.data is None:
        return _page(endpoint_id, form, 422)
    with unit_of_work() as session:
        found = webhooks.replay_since(
            session, current_actor(), _keeper(), endpoint_id, _start_of(form.since_on.data)
        )
    flash(_("%(count)s changes go out, the oldest first.", count=found))
    return _back(endpoint_id)


def _keeper() -> Keeper:
    return Keeper(
        secret_key=str(current_app.config["SECRET_KEY"]),
        may_be_inside=bool(current_app.config.get("WEBHOOKS_INSIDE")),
        now=real_now(),
    )


def _start_of(day: date) -> datetime:
    """The first instant of the day, where the installation is."""
    return datetime.combine(day, time.min, local_zone())


def _back(endpoint_id: int) -> ResponseReturnValue:
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id), 303)


def _form_page(
    form: EndpointForm, status: int, endpoint_id: int | None = None
) -> ResponseReturnValue:
    return render_template("webhooks/edit.html", form=form, endpoint_id=endpoint_id), status


def _page(endpoint_id: int, form: SinceForm, status: int) -> ResponseReturnValue:
    locale = current_locale()
    view = webhooks.read_endpoint(
        db.session(), current_actor(), real_now(), endpoint_id, number_asked("page") or 1
    )
    page = render_template(
        "webhooks/endpoint.html",
        view=view,
        form=form,
        event_words=EVENT_WORDS,
        state_word=lambda code: delivery_state(code, locale),
        trouble_text=lambda code: trouble_text(code, locale),
    )
    return page, status


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
