"""“I am away for some days”: a colleague gets the reminders, logged in or behind a mailed link.

Behind a link only who is a contact already can stand in: nobody gets in by a forwarded mail.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField

from onboarding.domain.access import LinkPurpose
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.workdays import Span
from onboarding.services.contact_absences import absences_ahead, end_absence, plan_absence
from onboarding.services.portal_reading import buyer_of
from onboarding.store.contact_absences import possible_deputies
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import DateField, choices, filled_in, refuse
from onboarding.web.mailed_access import needs_link, opened
from onboarding.web.moments import current_moment

blueprint = Blueprint("portal_away", __name__)


class AwayForm(FlaskForm):
    starts_on = DateField(_("First day on which you are away"), [filled_in(_("Choose a day."))])
    ends_on = DateField(_("Last day on which you are away"), [filled_in(_("Choose a day."))])
    deputy = RadioField(
        _("Who gets your reminders?"),
        [filled_in(_("Choose a colleague."))],
        coerce=int,
    )

    def __init__(self, *args: Any, deputies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputy.choices = choices(deputies)  # type: ignore[arg-type]


@blueprint.get("/portal/<int:relation_id>/away")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int) -> ResponseReturnValue:
    return _show(portal_relation())


@blueprint.post("/portal/<int:relation_id>/away")
@needs_contact(Duty.FILL_IN)
def tell(relation_id: int) -> ResponseReturnValue:
    here = url_for("portal_away.show", relation_id=relation_id)
    return _tell(portal_relation(), here)


@blueprint.get("/portal/mail/<token>/away")
@needs_link(LinkPurpose.MAIL_CHOICE)
def show_by_choice(token: str) -> ResponseReturnValue:
    return _show(opened().relation)


@blueprint.post("/portal/mail/<token>/away")
@needs_link(LinkPurpose.MAIL_CHOICE)
def tell_by_choice(token: str) -> ResponseReturnValue:
    return _tell(opened().relation, url_for("portal_away.show_by_choice", token=token))


@blueprint.get("/portal/not-me/<token>/away")
@needs_link(LinkPurpose.WRONG_PERSON)
def show_by_doubt(token: str) -> ResponseReturnValue:
    return _show(opened().relation)


@blueprint.post("/portal/not-me/<token>/away")
@needs_link(LinkPurpose.WRONG_PERSON)
def tell_by_doubt(token: str) -> ResponseReturnValue:
    return _tell(opened().relation, url_for("portal_away.show_by_doubt", token=token))


def _show(relation: RelationRow) -> ResponseReturnValue:
    return _page(relation, lambda **given: AwayForm(formdata=None, **given), 200)


def _tell(relation: RelationRow, here: str) -> ResponseReturnValue:
    person_id = current_actor().person_id or 0
    if "back" in request.form:
        with unit_of_work() as session:
            end_absence(session, current_actor(), current_moment(), relation.id, person_id)
        flash(gettext("Welcome back. The reminders come to you again."))
        return redirect(here, 303)
    form = AwayForm(deputies=_deputies(relation))
    if not form.validate() or form.starts_on.data is None or form.ends_on.data is None:
        return _page(relation, lambda **_given: form, 422)
    try:
        with unit_of_work() as session:
            plan_absence(
                session,
                current_actor(),
                current_moment(),
                relation.id,
                person_id,
                deputy_id=form.deputy.data,
                span=Span(form.starts_on.data, form.ends_on.data),
            )
    except InputInvalid as refused:
        refuse(form, refused)
        return _page(relation, lambda **_given: form, 422)
    flash(gettext("Noted. After the last day the reminders come to you again."))
    return redirect(here, 303)


def _deputies(relation: RelationRow) -> list[tuple[int, str]]:
    person_id = current_actor().person_id or 0
    people = possible_deputies(db.session(), relation.id, person_id)
    return [(one.id, one.name) for one in people]


def _page(relation: RelationRow, form: Callable[..., AwayForm], status: int) -> ResponseReturnValue:
    session, actor, moment = db.session(), current_actor(), current_moment()
    deputies = _deputies(relation)
    ahead = absences_ahead(session, actor, moment, relation.id)
    is_mailed = "token" in (request.view_args or {})
    page = render_template(
        "portal/away.html",
        form=form(deputies=deputies),
        relation=relation,
        deputies=deputies,
        own=next((one for one in ahead if one.row.person_id == actor.person_id), None),
        is_mailed=is_mailed,
        may_invite=actor.may(Duty.REPORT) and not is_mailed,
        buyer=buyer_of(session, relation, moment.today),
    )
    return page, status
