"""Views of the supplier list by name: a table of them, a name for an address, and away with it."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField

from onboarding.domain.errors import DomainError, NotAllowed
from onboarding.domain.people import Duty
from onboarding.services.saved_views import LONGEST_NAME, list_views, remove_view, save_view
from onboarding.store.contacts import names_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.supplier_filters import NOBODY, SupplierFilter
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, line, refuse, stripped
from onboarding.web.moments import current_moment
from onboarding.web.presentation.badges import badge
from onboarding.web.suppliers.lists import asked_for, asked_in, query_of

blueprint = Blueprint("supplier_views", __name__)


class ViewForm(FlaskForm):
    """A name for an address of the list."""

    name = StringField(
        lazy_gettext("Name of this view"),
        [filled_in(), line(LONGEST_NAME)],
        filters=[stripped],
    )
    is_shared = BooleanField(lazy_gettext("My colleagues see this view too"))
    query = HiddenField()

    def asked(self) -> SupplierFilter:
        return asked_in(dict(parse_qsl(str(self.query.data or ""))))


@blueprint.get("/suppliers/views")
@needs(Duty.READ)
def index() -> str:
    found = list_views(db.session(), current_actor())
    asked = {view.id: asked_in(dict(parse_qsl(view.query))) for view in found}
    buyers = [int(one.buyer) for one in asked.values() if one.buyer.isdecimal()]
    names = names_of(db.session(), buyers)
    told = {view_id: list(in_words(one, names)) for view_id, one in asked.items()}
    return render_template("buyer/suppliers/views.html", views=found, told=told)


@blueprint.get("/suppliers/views/new")
@needs(Duty.READ)
def show_new() -> ResponseReturnValue:
    """The address to be named comes along as this page's own query."""
    form = ViewForm(formdata=None, query=query_of(asked_for()))
    return _page(form, 200)


@blueprint.post("/suppliers/views/new")
@needs(Duty.READ)
def save() -> ResponseReturnValue:
    form = ViewForm()
    if not form.validate():
        return _page(form, 422)
    query = query_of(form.asked())
    try:
        with unit_of_work() as session:
            view = save_view(
                session,
                current_actor(),
                current_moment(),
                str(form.name.data),
                query,
                is_shared=bool(form.is_shared.data),
            )
    except NotAllowed:
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(form, 422)
    flash(_("The view %(name)s was saved.", name=view.name))
    return redirect(f"{url_for('supplier_lists.index')}?{query}", 303)


@blueprint.post("/suppliers/views/<int:view_id>/remove")
@needs(Duty.READ)
def remove(view_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        name = remove_view(session, current_actor(), view_id)
    flash(_("The view %(name)s was removed.", name=name))
    return redirect(url_for(".index"), 303)


def in_words(asked: SupplierFilter, names: dict[int, str]) -> Iterator[tuple[str, str]]:
    """What a filter asks, each with its name."""
    if asked.q:
        yield _("Search"), asked.q
    if asked.status:
        yield _("Status"), badge("status", asked.status).word
    if asked.buyer == NOBODY:
        yield _("Buyer"), _("Nobody")
    elif asked.buyer.isdecimal():
        yield _("Buyer"), names.get(int(asked.buyer), "—")
    if asked.division:
        yield _("Division"), asked.division
    if asked.is_enrolled is not None:
        said = _("In the programme") if asked.is_enrolled else _("Not in the programme")
        yield _("Programme"), said
    if asked.has_no_alternative:
        yield _("Alternative"), _("No alternative")


def _page(form: ViewForm, status: int) -> ResponseReturnValue:
    asked = form.asked()
    names = names_of(db.session(), [int(asked.buyer)] if asked.buyer.isdecimal() else [])
    return (
        render_template(
            "buyer/suppliers/view-new.html",
            form=form,
            told=list(in_words(asked, names)),
            query=query_of(asked),
        ),
        status,
    )
