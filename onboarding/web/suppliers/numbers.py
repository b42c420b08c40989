"""The page "Nieuw KvK-nummer": another number after a takeover, or in the place of a wrong one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.domain.suppliers import SupplierKnown
from onboarding.services import kvk_numbers
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, line, refuse, text
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("supplier_numbers", __name__)


class NumberForm(FlaskForm):
    """The new number, since when, and why."""

    kvk_number = StringField(
        _("New KvK number"), [filled_in(), line(20)], description=_("8 digits.")
    )
    from_on = DateField(
        _("From which day?"),
        [filled_in(_("Fill in a day, such as 2027-03-31."))],
        description=_("Today or earlier."),
    )
    reason = TextAreaField(_("Why?"), [filled_in(), text()])
    was_wrong = BooleanField(
        _("The old number was wrong"),
        description=_("It was never of this supplier. It leads here no more."),
    )
    revision = HiddenField()


@blueprint.get("/suppliers/<int:relation_id>/number")
@needs(Duty.BUY)
def show(relation_id: int) -> ResponseReturnValue:
    row = _relation(relation_id)
    form = NumberForm(formdata=None, from_on=current_moment().today, revision=str(row.revision))
    return _page(row, form, 200)


@blueprint.post("/suppliers/<int:relation_id>/number")
@needs(Duty.BUY)
def save(relation_id: int) -> ResponseReturnValue:
    row, form = _relation(relation_id), NumberForm()
    if not form.validate():
        return _page(row, form, 422)
    revision = form.revision.data or ""
    about: dict[str, Any] = {"seen": int(revision) if revision.isdecimal() else None}
    number, reason = str(form.kvk_number.data), str(form.reason.data)
    try:
        with unit_of_work() as session:
            who = (session, current_actor(), current_moment(), relation_id, number)
            if form.was_wrong.data:
                kvk_numbers.correct_number(*who, reason, **about)
            else:
                assert form.from_on.data is not None  # the form is valid
                kvk_numbers.take_new_number(*who, form.from_on.data, reason, **about)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        other = refused.facts["relation"] if isinstance(refused, SupplierKnown) else None
        return _page(_relation(relation_id), form, 422, other)
    flash(gettext("The new KvK number was saved."))
    return redirect(supplier_url(relation_id), 303)


def _page(
    row: RelationRow, form: NumberForm, status: int, other_id: int | None = None
) -> ResponseReturnValue:
    other = _relation(other_id) if other_id else None
    return (
        render_template("buyer/suppliers/number.html", relation=row, form=form, other=other),
        status,
    )


def _relation(relation_id: int) -> RelationRow:
    return visible_relation(db.session(), current_actor(), relation_id)
