"""A supplier added by hand, and its data changed."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import DomainError, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.domain.suppliers import SupplierKnown
from onboarding.services.suppliers import add_supplier, change_supplier
from onboarding.store.database import db, unit_of_work
from onboarding.store.divisions import divisions_of, lines_of
from onboarding.store.relations import visible_relation
from onboarding.store.supplier_list import similar
from onboarding.store.suppliers import buyers_of, creditor_numbers_of
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.presentation.money import plain_amount
from onboarding.web.suppliers.forms import SupplierForm
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("supplier_records", __name__)


def _buyers() -> list[tuple[str, str]]:
    people = buyers_of(db.session(), current_actor().customer_id)
    return [(str(person.id), person.name) for person in people]


@blueprint.get("/suppliers/new")
@needs(Duty.BUY)
def show_new() -> ResponseReturnValue:
    actor = current_actor()
    form = SupplierForm(formdata=None, country="NL", buyer_id=str(actor.person_id))
    return _new_page(form, [], 200)


@blueprint.post("/suppliers/new")
@needs(Duty.BUY)
def add() -> ResponseReturnValue:
    form, actor = SupplierForm(), current_actor()
    form.fill_choices(_buyers())
    if not form.validate():
        return _new_page(form, [], 422)
    alike = similar(db.session(), actor.customer_id, str(form.name.data))
    if alike and not form.confirmed.data:
        return _new_page(form, alike, 422)
    try:
        with unit_of_work() as session:
            row = add_supplier(session, actor, current_moment(), form.given())
    except SupplierKnown as known:
        refuse(form, known)
        return _new_page(
            form, [visible_relation(db.session(), actor, known.facts["relation"])], 422
        )
    except DomainError as refused:
        refuse(form, refused)
        return _new_page(form, [], 422)
    flash(_("%(name)s was added. Nothing is asked of it yet.", name=row.name))
    return redirect(supplier_url(row.id), 303)


@blueprint.get("/suppliers/<int:relation_id>/edit")
@needs(Duty.BUY)
def show_edit(relation_id: int) -> ResponseReturnValue:
    row = visible_relation(db.session(), current_actor(), relation_id)
    form = SupplierForm(formdata=None, **_form_values(row))
    _fit(form, row)
    return _edit_page(form, row, 200)


@blueprint.post("/suppliers/<int:relation_id>/edit")
@needs(Duty.BUY)
def save(relation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = visible_relation(db.session(), actor, relation_id)
    form = SupplierForm()
    _fit(form, row)
    form.fill_choices(_buyers())
    if not form.validate():
        return _edit_page(form, row, 422)
    revision = form.revision.data or ""
    seen = int(revision) if revision.isdecimal() else None
    try:
        with unit_of_work() as session:
            change_supplier(session, actor, current_moment(), relation_id, form.given(), seen)
    except (NotFound, NotAllowed):
        raise
    except VersionOutdated as outdated:
        refuse(form, outdated)
        row = visible_relation(db.session(), actor, relation_id)
        form.revision.data = str(row.revision)
        return _edit_page(form, row, 422, _stands_now(form, row))
    except DomainError as refused:
        refuse(form, refused)
        return _edit_page(form, row, 422)
    flash(_("The data of %(name)s was saved.", name=form.name.data))
    return redirect(supplier_url(relation_id), 303)


def _new_page(form: SupplierForm, alike: list[RelationRow], status: int) -> ResponseReturnValue:
    form.fill_choices(_buyers())
    divisions = divisions_of(db.session(), current_actor().customer_id)
    return (
        render_template("buyer/suppliers/new.html", form=form, alike=alike, divisions=divisions),
        status,
    )


def _stands_now(form: SupplierForm, row: RelationRow) -> list[tuple[str, str]]:
    """Where the record differs from the form: the field and what stands there."""
    held = _form_values(row)
    return [
        (name, str(value or ""))
        for name, value in held.items()
        if name in form
        and name not in ("revision", "buyer_id", "has_no_alternative")
        and (form[name].data or "") != (value or "")
    ]


def _fit(form: SupplierForm, row: RelationRow) -> None:
    """A number that is there has a page of its own; so have the divisions, where several buy."""
    if row.kvk_number:
        del form.kvk_number
    if len(lines_of(db.session(), [row.id])[row.id]) > 1:
        form.leave_out_the_whole()


def _form_values(row: RelationRow) -> dict[str, Any]:
    """The record as the form shows it."""
    numbers = creditor_numbers_of(db.session(), [row.id])[row.id]
    return {
        "name": row.name,
        "kvk_number": row.kvk_number,
        "country": row.country,
        "foreign_number": row.foreign_number,
        "city": row.city,
        "category": row.category,
        "division": row.division,
        "spend": plain_amount(row.spend),
        "contract": row.contract,
        "alternative": row.alternative,
        "has_no_alternative": row.has_no_alternative,
        "creditor_numbers": "\n".join(str(one) for one in numbers),
        "buyer_id": str(row.buyer_id or ""),
        "revision": str(row.revision),
    }


def _edit_page(
    form: SupplierForm, row: RelationRow, status: int, stands_now: Iterable[tuple[str, str]] = ()
) -> ResponseReturnValue:
    form.fill_choices(_buyers())
    return (
        render_template(
            "buyer/suppliers/edit.html",
            form=form,
            relation=row,
            stands_now=stands_now,
            divisions=divisions_of(db.session(), row.customer_id),
        ),
        status,
    )
