"""Pages about a division that buys from a supplier: add one, change it, take it away."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from onboarding.domain.divisions import DivisionLine
from onboarding.domain.errors import DomainError, InputInvalid, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.domain.suppliers import amount_from, creditor_numbers_from
from onboarding.i18n import error_text
from onboarding.services import divisions
from onboarding.services.divisions import DivisionView
from onboarding.store.database import db, unit_of_work
from onboarding.store.divisions import divisions_of, sites_of
from onboarding.store.relations import visible_relation
from onboarding.store.suppliers import buyers_of
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, line, refuse, stripped
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.presentation.money import plain_amount
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("supplier_divisions", __name__)
YEARS_ASKED = 3


def an_amount(_form: FlaskForm, field: Any) -> None:
    """Euros as people write them."""
    try:
        amount_from(field.data)
    except InputInvalid as wrong:
        raise ValidationError(error_text(wrong.code, wrong.facts, current_locale())) from None


class DivisionForm(FlaskForm):
    """What one division buys; the last three years have a field each, named when it is shown."""

    division = StringField(_("Division"), [line()], filters=[stripped])
    site = StringField(
        _("Site"), [line()], filters=[stripped], description=_("Empty: for all of its sites.")
    )
    buyer_id = SelectField(_("Who buys there"))
    creditor_numbers = StringField(
        _("Creditor numbers"),
        [line()],
        description=_("In the books of this division. Several: put | between them."),
    )
    contract = StringField(_("Contract"), [line()], description=_("Its number or name."))
    contract_ends_on = DateField(_("Contract until"), [Optional()])
    spend_0 = StringField("", [line(30), an_amount])
    spend_1 = StringField("", [line(30), an_amount])
    spend_2 = StringField("", [line(30), an_amount])
    revision = HiddenField()

    def prepare(self, this_year: int, buyers: list[tuple[str, str]]) -> None:
        """Name the years, and say who can be chosen."""
        self.buyer_id.choices = choices([("", gettext("Nobody of its own")), *buyers])
        for year, field in self.years(this_year):
            field.label.text = gettext("Spend %(of)s", of=year)

    def years(self, this_year: int) -> Iterator[tuple[int, Any]]:
        for ago in range(YEARS_ASKED):
            yield this_year - ago, self[f"spend_{ago}"]

    def asked(self, this_year: int, before: DivisionLine) -> DivisionLine:
        """The line as it was filled in; what was bought in earlier years stays."""
        given = DivisionLine(
            division=self.division.data or "",
            site=self.site.data or "",
            buyer_id=int(self.buyer_id.data) if self.buyer_id.data else None,
            contract=self.contract.data,
            contract_ends_on=self.contract_ends_on.data,
            spend=before.spend,
        )
        for year, field in self.years(this_year):
            given = given.bought(year, amount_from(field.data))
        return given

    def numbers(self) -> list[str]:
        return [one.number for one in creditor_numbers_from(self.creditor_numbers.data or "")]


@blueprint.get("/suppliers/<int:relation_id>/divisions/new")
@needs(Duty.BUY)
def show_new(relation_id: int) -> ResponseReturnValue:
    row = _relation(relation_id)
    return _page(row, None, DivisionForm(formdata=None, revision=str(row.revision)), 200)


@blueprint.post("/suppliers/<int:relation_id>/divisions/new")
@needs(Duty.BUY)
def add(relation_id: int) -> ResponseReturnValue:
    return _save(_relation(relation_id), None)


@blueprint.get("/suppliers/<int:relation_id>/divisions/<int:division_id>")
@needs(Duty.BUY)
def show(relation_id: int, division_id: int) -> ResponseReturnValue:
    row, view = _relation(relation_id), _view(relation_id, division_id)
    amounts = {one.year: one.amount for one in view.line.spend}
    form = DivisionForm(
        formdata=None,
        division=view.line.division,
        site=view.line.site,
        buyer_id=str(view.line.buyer_id or ""),
        creditor_numbers=" | ".join(view.numbers),
        contract=view.line.contract,
        contract_ends_on=view.line.contract_ends_on,
        revision=str(row.revision),
    )
    for year, field in form.years(current_moment().today.year):
        field.data = plain_amount(amounts.get(year))
    return _page(row, view, form, 200)


@blueprint.post("/suppliers/<int:relation_id>/divisions/<int:division_id>")
@needs(Duty.BUY)
def change(relation_id: int, division_id: int) -> ResponseReturnValue:
    return _save(_relation(relation_id), _view(relation_id, division_id))


@blueprint.post("/suppliers/<int:relation_id>/divisions/<int:division_id>/remove")
@needs(Duty.BUY)
def remove(relation_id: int, division_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        gone = divisions.remove_division(
            session, current_actor(), current_moment(), relation_id, division_id
        )
    flash(gettext("%(name)s was taken away.", name=str(gone) or gettext("The whole organisation")))
    return redirect(supplier_url(relation_id), 303)


def _save(row: RelationRow, view: DivisionView | None) -> ResponseReturnValue:
    form, moment, relation_id = DivisionForm(), current_moment(), row.id
    form.prepare(moment.today.year, _buyers(view))
    if not form.validate():
        return _page(row, view, form, 422)
    revision = form.revision.data or ""
    before = view.line if view else DivisionLine()
    try:
        with unit_of_work() as session:
            divisions.save_division(
                session,
                current_actor(),
                moment,
                relation_id,
                form.asked(moment.today.year, before),
                form.numbers(),
                division_id=view.id if view else None,
                seen=int(revision) if revision.isdecimal() else None,
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(_relation(relation_id), view, form, 422)
    flash(gettext("What is bought was saved."))
    return redirect(supplier_url(relation_id), 303)


def _page(
    row: RelationRow, view: DivisionView | None, form: DivisionForm, status: int
) -> ResponseReturnValue:
    session, this_year = db.session(), current_moment().today.year
    form.prepare(this_year, _buyers(view))
    earlier = [one for one in (view.line.spend if view else ()) if one.year <= this_year - 3]
    return (
        render_template(
            "buyer/suppliers/division.html",
            relation=row,
            view=view,
            form=form,
            earlier=earlier,
            divisions=divisions_of(session, row.customer_id),
            sites=sites_of(session, row.customer_id),
        ),
        status,
    )


def _buyers(view: DivisionView | None) -> list[tuple[str, str]]:
    """Who can buy there; who does so already stays a choice after leaving."""
    people = buyers_of(db.session(), current_actor().customer_id)
    found = {str(person.id): person.name for person in people}
    if view and view.line.buyer_id:
        found.setdefault(str(view.line.buyer_id), view.buyer or "—")
    return list(found.items())


def _relation(relation_id: int) -> RelationRow:
    return visible_relation(db.session(), current_actor(), relation_id)


def _view(relation_id: int, division_id: int) -> DivisionView:
    return divisions.read_division(db.session(), current_actor(), relation_id, division_id)
