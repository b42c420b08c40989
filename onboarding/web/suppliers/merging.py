"""Pages that make two records of one supplier one: find the other, see both, choose, and do it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.i18n.countries import country_name
from onboarding.i18n.imports import field_word
from onboarding.services.merge_reading import (
    Comparison,
    RecordView,
    candidates,
    read_former,
)
from onboarding.services.merge_reading import (
    compare as compare_records,
)
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, filled_in, refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.wording import field_value, supplier_url

blueprint = Blueprint("supplier_merging", __name__)
ONE, OTHER = "one", "other"
KEEP, ADD_UP = "keep", "add-up"


def merge_form(found: Comparison, **values: Any) -> Any:
    """The form for these two: which stays, and a choice for each value in which they differ."""

    class MergeForm(FlaskForm):
        stays = RadioField(_("Which record stays?"), [filled_in()])
        spend = RadioField(
            _("What was bought by the same division in the same year"),
            [filled_in()],
            description=_("Both records hold an amount for it."),
        )
        seen_one = HiddenField()
        seen_other = HiddenField()

    for name in found.differing:
        label = gettext("Name") if name == "name" else field_word(name, current_locale())
        setattr(MergeForm, f"keep_{name}", RadioField(label, [filled_in()]))
    form = MergeForm(**values)
    sides = {ONE: found.one, OTHER: found.other}
    form.stays.choices = choices((side, _name(record)) for side, record in sides.items())
    form.spend.choices = choices(
        [
            (ADD_UP, gettext("Add up: each record holds a part")),
            (KEEP, gettext("Keep one: they are the same")),
        ]
    )
    if not found.shared_spend:
        del form.spend
    for name in found.differing:
        form[f"keep_{name}"].choices = choices(
            (side, told(record, name)) for side, record in sides.items()
        )
    return form


def told(record: RecordView, name: str) -> str:
    """A value of one of the two in words."""
    value = record.values[name]
    match name:
        case "buyer_id":
            return record.buyer or "—"
        case "country":
            return country_name(str(value), current_locale())
        case "has_no_alternative":
            return field_value(name, "yes" if value else None)
        case _:
            return str(value)


@blueprint.get("/suppliers/<int:relation_id>/merge")
@needs(Duty.BUY)
def choose(relation_id: int) -> str:
    session, actor = db.session(), current_actor()
    q = request.args.get("q", "").strip()[:200].replace("\x00", "")
    return render_template(
        "buyer/suppliers/merge-choose.html",
        relation=visible_relation(session, actor, relation_id),
        found=candidates(session, actor, current_moment(), relation_id, q),
        q=q,
    )


@blueprint.get("/suppliers/<int:relation_id>/merge/<int:other_id>")
@needs(Duty.BUY)
def compare(relation_id: int, other_id: int) -> ResponseReturnValue:
    found = _found(relation_id, other_id)
    values: dict[str, Any] = {f"keep_{name}": ONE for name in found.differing}
    values["spend"] = KEEP if all(one == other for one, other in found.shared_spend) else ADD_UP
    form = merge_form(
        found,
        formdata=None,
        stays=_suggested(found),
        seen_one=str(found.one.relation.revision),
        seen_other=str(found.other.relation.revision),
        **values,
    )
    return _page(found, form, 200)


@blueprint.post("/suppliers/<int:relation_id>/merge/<int:other_id>")
@needs(Duty.BUY)
def merge(relation_id: int, other_id: int) -> ResponseReturnValue:
    found = _found(relation_id, other_id)
    form = merge_form(found)
    if not form.validate():
        return _page(found, form, 422)
    ids = {ONE: found.one.relation.id, OTHER: found.other.relation.id}
    goes = OTHER if form.stays.data == ONE else ONE
    seen = {ids[side]: form[f"seen_{side}"].data or "" for side in ids}
    choice = Choice(
        stays_id=ids[form.stays.data],
        goes_id=ids[goes],
        others=[name for name in found.differing if form[f"keep_{name}"].data == goes],
        add_up="spend" in form and form.spend.data == ADD_UP,
        seen={one: int(text) for one, text in seen.items() if text.isdecimal()},
    )
    try:
        with unit_of_work() as session:
            row = merge_suppliers(session, current_actor(), current_moment(), choice)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(_found(relation_id, other_id), form, 422)
    flash(gettext("The two records are one now."))
    return redirect(supplier_url(row.id), 303)


@blueprint.get("/suppliers/<int:relation_id>/merged/<int:former_id>")
@needs(Duty.READ)
def former(relation_id: int, former_id: int) -> str:
    session, actor = db.session(), current_actor()
    return render_template(
        "buyer/suppliers/merged.html",
        relation=visible_relation(session, actor, relation_id),
        view=read_former(session, actor, relation_id, former_id),
    )


def _found(relation_id: int, other_id: int) -> Comparison:
    return compare_records(db.session(), current_actor(), current_moment(), relation_id, other_id)


def _suggested(found: Comparison) -> str:
    """The one that is under way, else the one that has not ended, else the older one."""
    one, other = found.one, found.other
    if (one.pathway is None) != (other.pathway is None):
        return OTHER if one.pathway is None else ONE
    if (one.relation.ended_on is None) != (other.relation.ended_on is None):
        return ONE if one.relation.ended_on is None else OTHER
    return ONE if one.relation.id < other.relation.id else OTHER


def _name(record: RecordView) -> str:
    row = record.relation
    return f"{row.name} (id-{row.id})"


def _page(found: Comparison, form: Any, status: int) -> ResponseReturnValue:
    return (
        render_template("buyer/suppliers/merge.html", found=found, form=form, told=told),
        status,
    )
