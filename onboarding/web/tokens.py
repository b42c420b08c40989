"""Keys for other programs, for administrators: made and shown once, listed, revoked."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from onboarding.clock import Clock
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Duty
from onboarding.domain.tokens import USUAL_LIFE, Scope
from onboarding.services.feed import tokens
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import ApiTokenRow
from onboarding.web.access import current_actor, needs, real_now
from onboarding.web.forms import DateField, TickBoxes, choices, filled_in, line, refuse, stripped
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment

blueprint = Blueprint("tokens", __name__)

SCOPES = {
    Scope.ELIGIBILITY_READ: lazy_gettext("read the buying status (eligibility:read)"),
    Scope.EVENTS_READ: lazy_gettext("follow changes of the buying status (events:read)"),
    Scope.SUPPLIERS_READ: lazy_gettext("read suppliers (suppliers:read)"),
    Scope.SUPPLIERS_WRITE: lazy_gettext("add and change suppliers (suppliers:write)"),
}


class TokenForm(FlaskForm):
    name = StringField(
        lazy_gettext("Name of the program"),
        [filled_in(), line()],
        filters=[stripped],
        description=lazy_gettext("So that you recognise it later, such as Coupa."),
    )
    scopes = TickBoxes(
        lazy_gettext("What it may do"),
        [filled_in(lazy_gettext("Choose one or more."))],
        choices=choices((scope.value, label) for scope, label in SCOPES.items()),
    )
    ends_on = DateField(
        lazy_gettext("Works until and including"),
        [InputRequired(lazy_gettext("Fill in a day."))],
        description=lazy_gettext("Five years at most."),
    )


@blueprint.get("/tokens")
@needs(Duty.ADMINISTER)
def index() -> str:
    rows = tokens.list_tokens(db.session(), current_actor())
    return render_template(
        "tokens/index.html",
        tokens=rows,
        makers=tokens.makers_of(db.session(), rows),
        state_of=_state,
        last_day_of=_last_day,
        scopes=SCOPES,
    )


@blueprint.get("/tokens/new")
@needs(Duty.ADMINISTER)
def show_new() -> ResponseReturnValue:
    ends_on = _local_day(real_now()) + USUAL_LIFE
    return _new_page(TokenForm(formdata=None, ends_on=ends_on), 200)


@blueprint.post("/tokens/new")
@needs(Duty.ADMINISTER)
def create() -> ResponseReturnValue:
    """The answer shows the token, which is stored nowhere: it cannot be shown again."""
    form = TokenForm()
    if not form.validate():
        return _new_page(form, 422)
    assert form.ends_on.data is not None
    try:
        with unit_of_work() as session:
            token = tokens.create_token(
                session,
                current_actor(),
                current_moment(),
                real_now(),
                name=str(form.name.data),
                scopes=[Scope(scope) for scope in form.scopes.data or ()],
                ends_at=_end_of(form.ends_on.data),
            )
    except DomainError as refused:
        refuse(form, refused)
        return _new_page(form, 422)
    example = f"{current_app.config['PUBLIC_URL']}/api/v1/eligibility?limit=1"
    return render_template("tokens/created.html", name=form.name.data, token=token, example=example)


@blueprint.post("/tokens/<int:token_id>/revoke")
@needs(Duty.ADMINISTER)
def revoke(token_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        name = tokens.revoke_token(session, current_actor(), current_moment(), real_now(), token_id)
    flash(_("The token %(name)s works no more.", name=name))
    return redirect(url_for("tokens.index"), 303)


def _new_page(form: TokenForm, status: int) -> ResponseReturnValue:
    return render_template("tokens/new.html", form=form), status


def _state(row: ApiTokenRow) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "over" if row.ends_at is not None and row.ends_at <= real_now() else "works"


def _clock() -> Clock:
    clock: Clock = current_app.extensions["clock"]
    return clock


def _local_day(instant: datetime) -> date:
    return _clock().moment_at(instant).today


def _end_of(day: date) -> datetime:
    """The first instant after the day, where the installation is."""
    return datetime.combine(day + timedelta(days=1), time.min, _clock().zone)


def _last_day(row: ApiTokenRow) -> date | None:
    if row.ends_at is None:
        return None
    return _local_day(row.ends_at - timedelta(microseconds=1))


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    add_menu_item(
        app,
        MenuItem(
            "buyer",
            91,
            "tokens.index",
            lazy_gettext("Programs"),
            roles=frozenset({"admin"}),
            others=("/webhooks",),
        ),
    )
