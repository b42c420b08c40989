"""A supplier in and out of the programme, its relation ended or reopened, and its contacts."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services import contacts, relations
from onboarding.services.contact_absences import end_absence
from onboarding.store.contacts import contact_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import PersonRow, RelationRow
from onboarding.web.access import current_actor, entry, needs
from onboarding.web.forms import refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.doubts import named_by
from onboarding.web.suppliers.forms import ContactForm, EndForm, ReasonForm
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("supplier_relations", __name__)


@blueprint.post("/suppliers/<int:relation_id>/enrol")
@needs(Duty.BUY)
def enrol(relation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = visible_relation(db.session(), actor, relation_id)
    name = row.name
    try:
        with unit_of_work() as session:
            relations.enrol_supplier(session, actor, current_moment(), relation_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        flash(error_text(refused.code, refused.facts, current_locale()), "warning")
        return redirect(supplier_url(relation_id), 303)
    flash(_("%(name)s is in the programme now. Propose a pathway.", name=name))
    return redirect(supplier_url(relation_id), 303)


@blueprint.get("/suppliers/<int:relation_id>/take-out")
@needs(Duty.BUY)
def show_take_out(relation_id: int) -> ResponseReturnValue:
    return _page("take-out", _relation(relation_id), ReasonForm(formdata=None), 200)


@blueprint.post("/suppliers/<int:relation_id>/take-out")
@needs(Duty.BUY)
def take_out(relation_id: int) -> ResponseReturnValue:
    form = ReasonForm()

    def do() -> None:
        with unit_of_work() as session:
            relations.take_supplier_out(
                session, current_actor(), current_moment(), relation_id, str(form.reason.data)
            )

    done = _("%(name)s is not in the programme any more.", name=_relation(relation_id).name)
    return _do("take-out", relation_id, form, do, done)


@blueprint.get("/suppliers/<int:relation_id>/end")
@needs(Duty.GOVERN)
def show_end(relation_id: int) -> ResponseReturnValue:
    form = EndForm(formdata=None, ended_on=current_moment().today)
    return _page("end", _relation(relation_id), form, 200)


@blueprint.post("/suppliers/<int:relation_id>/end")
@needs(Duty.GOVERN)
def end(relation_id: int) -> ResponseReturnValue:
    form = EndForm()

    def do() -> None:
        assert form.ended_on.data is not None  # the form is valid
        with unit_of_work() as session:
            relations.end_supplier_relation(
                session,
                current_actor(),
                current_moment(),
                relation_id,
                form.ended_on.data,
                str(form.reason.data),
            )

    done = _("The relation with %(name)s ends.", name=_relation(relation_id).name)
    return _do("end", relation_id, form, do, done)


@blueprint.get("/suppliers/<int:relation_id>/reopen")
@needs(Duty.GOVERN)
def show_reopen(relation_id: int) -> ResponseReturnValue:
    return _page("reopen", _relation(relation_id), ReasonForm(formdata=None), 200)


@blueprint.post("/suppliers/<int:relation_id>/reopen")
@needs(Duty.GOVERN)
def reopen(relation_id: int) -> ResponseReturnValue:
    form = ReasonForm()

    def do() -> None:
        with unit_of_work() as session:
            relations.reopen_supplier_relation(
                session, current_actor(), current_moment(), relation_id, str(form.reason.data)
            )

    done = _("The relation with %(name)s is open again.", name=_relation(relation_id).name)
    return _do("reopen", relation_id, form, do, done)


@blueprint.get("/suppliers/<int:relation_id>/contacts/new")
@needs(Duty.BUY)
def show_invite(relation_id: int) -> ResponseReturnValue:
    """With a contact who named somebody else in the address, that is filled in already."""
    named = named_by(relation_id)
    form = ContactForm(
        formdata=None, name=named.name, email=named.email, phone=named.phone, is_main=bool(named)
    )
    return _page("contact", _relation(relation_id), form, 200)


@blueprint.post("/suppliers/<int:relation_id>/contacts/new")
@needs(Duty.BUY)
def invite(relation_id: int) -> ResponseReturnValue:
    form = ContactForm()

    def do() -> None:
        with unit_of_work() as session:
            contacts.invite_contact(
                session,
                current_actor(),
                current_moment(),
                relation_id,
                name=str(form.name.data),
                email=form.email.data or "",
                phone=form.phone.data or "",
                role=form.chosen_role(),
                function=form.function.data or "",
                locale=str(form.locale.data),
                is_main=bool(form.is_main.data),
                entry=entry(),
            )

    if form.email.data:
        done = _("%(name)s was invited by mail.", name=form.name.data)
    else:
        done = _("%(name)s was added.", name=form.name.data)
    return _do("contact", relation_id, form, do, done)


@blueprint.post("/suppliers/<int:relation_id>/contacts/<int:contact_id>/invite")
@needs(Duty.BUY)
def invite_again(relation_id: int, contact_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        contacts.invite_again(
            session, current_actor(), current_moment(), relation_id, contact_id, entry=entry()
        )
    flash(_("The invitation is sent again."))
    return redirect(supplier_url(relation_id), 303)


@blueprint.post("/suppliers/<int:relation_id>/contacts/<int:contact_id>/back")
@needs(Duty.BUY)
def come_back(relation_id: int, contact_id: int) -> ResponseReturnValue:
    """The contact is back before the day that was named."""
    _relation(relation_id)
    contact = contact_of(db.session(), relation_id, contact_id)
    person_id = contact.person_id
    with unit_of_work() as session:
        end_absence(session, current_actor(), current_moment(), relation_id, person_id)
    flash(_("Noted. The reminders go to this contact again."))
    return redirect(supplier_url(relation_id), 303)


@blueprint.get("/suppliers/<int:relation_id>/contacts/<int:contact_id>/retire")
@needs(Duty.BUY)
def show_retire(relation_id: int, contact_id: int) -> ResponseReturnValue:
    return _retire_page(relation_id, contact_id, ReasonForm(formdata=None), 200)


@blueprint.post("/suppliers/<int:relation_id>/contacts/<int:contact_id>/retire")
@needs(Duty.BUY)
def retire(relation_id: int, contact_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    _relation(relation_id)
    contact_of(db.session(), relation_id, contact_id)
    if not form.validate():
        return _retire_page(relation_id, contact_id, form, 422)
    with unit_of_work() as session:
        contacts.retire_contact(
            session,
            current_actor(),
            current_moment(),
            relation_id,
            contact_id,
            str(form.reason.data),
        )
    flash(_("This contact has no access any more and gets no mail."))
    return redirect(supplier_url(relation_id), 303)


def _relation(relation_id: int) -> RelationRow:
    return visible_relation(db.session(), current_actor(), relation_id)


def _do(
    page: str, relation_id: int, form: ReasonForm | ContactForm, do: Callable[[], None], done: str
) -> ResponseReturnValue:
    """Check the form, do it, and go back to the supplier; a refusal stands on the form."""
    row = _relation(relation_id)
    if not form.validate():
        return _page(page, row, form, 422)
    try:
        do()
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(page, _relation(relation_id), form, 422)
    flash(done)
    return redirect(supplier_url(relation_id), 303)


def _page(
    page: str, row: RelationRow, form: ReasonForm | ContactForm, status: int
) -> ResponseReturnValue:
    return render_template(f"buyer/suppliers/{page}.html", relation=row, form=form), status


def _retire_page(
    relation_id: int, contact_id: int, form: ReasonForm, status: int
) -> ResponseReturnValue:
    row, contact = _relation(relation_id), contact_of(db.session(), relation_id, contact_id)
    person = db.session.get_one(PersonRow, contact.person_id)
    return (
        render_template("buyer/suppliers/retire.html", relation=row, form=form, person=person),
        status,
    )
