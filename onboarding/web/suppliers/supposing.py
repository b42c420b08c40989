"""What if: a page that shows a supplier's status as it would run, before anything is done.

All that is supposed stands in the address; nothing is written, whatever is filled in.
"""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField
from wtforms.validators import Optional

from onboarding.domain.eligibility.supposing import (
    Supposed,
    certificates_to_end,
    steps_to_move,
)
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.i18n import level_word
from onboarding.i18n.days import day_in_words
from onboarding.i18n.titles import step_title
from onboarding.services.foresight import Known, known_of
from onboarding.services.what_if import WhatIf, what_if
from onboarding.store.database import db
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.bulk_forms import InAddress

blueprint = Blueprint("supposing", __name__)
NONE = ""


class SupposeForm(InAddress):
    """Names as in the domain; what is left empty stays as it is."""

    milestone_id = SelectField(_("A step gets another day"), [Optional()])
    due_on = DateField(_("The new day of the step"), [Optional()])
    certificate_id = SelectField(_("A certificate ends"), [Optional()])
    certificate_ends_on = DateField(_("The last day of the certificate"), [Optional()])
    cure_working_days = IntegerField(
        _("Another time to repair after a warning, in working days"),
        [Optional()],
        description=_("For warnings that were not sent yet. What was promised stays."),
    )
    granted_until = DateField(
        _("Grant, from today up to and including"),
        [Optional()],
        description=_("As if you decided that we go on buying until that day."),
    )

    def supposed(self) -> Supposed:
        return Supposed(
            milestone_id=_number(self.milestone_id.data),
            due_on=self.due_on.data,
            certificate_id=_number(self.certificate_id.data),
            certificate_ends_on=self.certificate_ends_on.data,
            cure_working_days=self.cure_working_days.data,
            granted_until=self.granted_until.data,
        )


@blueprint.get("/suppliers/<int:relation_id>/what-if")
@needs(Duty.READ)
def show(relation_id: int) -> ResponseReturnValue:
    actor, moment = current_actor(), current_moment()
    relation = visible_relation(db.session(), actor, relation_id)
    known = known_of(db.session(), actor, relation_id)
    form = SupposeForm(request.args or None)
    _fill_choices(form, known, moment.today)
    seen = _seen(form, known) if request.args else None
    pathway = next((one for one in known.facts.pathways if one.is_running()), None)
    page = render_template(
        "buyer/suppliers/what-if.html",
        relation=relation,
        form=form,
        seen=seen,
        supposed=form.supposed() if seen else None,
        pathway_id=pathway.id if pathway else None,
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
    )
    return page, 422 if form.errors else 200


def _seen(form: SupposeForm, known: Known) -> WhatIf | None:
    """Both timelines; None with what is wrong on the form."""
    if not form.validate():
        return None
    supposed = form.supposed()
    if supposed.due_on and supposed.milestone_id is None:
        form.milestone_id.errors = [gettext("Choose the step that gets this day.")]
    if supposed.certificate_ends_on and supposed.certificate_id is None:
        form.certificate_id.errors = [gettext("Choose the certificate that ends on this day.")]
    if supposed.is_empty():
        form.form_errors.append(gettext("Fill in at least one thing that would be otherwise."))
    if form.errors:
        return None
    try:
        return what_if(known, current_moment(), supposed)
    except InputInvalid as error:
        refuse(form, error)
        return None


def _fill_choices(form: SupposeForm, known: Known, today: date) -> None:
    locale = current_locale()
    steps: list[tuple[str, Any]] = [
        (
            str(one.id),
            gettext(
                "%(step)s, now on %(day)s",
                step=step_title(one.title, locale),
                day=day_in_words(one.calendar_day(), locale),
            ),
        )
        for one in steps_to_move(known.facts)
    ]
    certificates: list[tuple[str, Any]] = [
        (
            str(one.id),
            gettext(
                "%(level)s, valid up to and including %(day)s",
                level=level_word(one.level, locale, thirty_plus=one.thirty_plus),
                day=day_in_words(one.last_day(), locale),
            ),
        )
        for one in certificates_to_end(known.facts, today)
    ]
    unchanged = [(NONE, gettext("As it is"))]
    form.milestone_id.choices = choices([*unchanged, *steps])
    form.certificate_id.choices = choices([*unchanged, *certificates])


def _number(value: str | None) -> int | None:
    return int(value) if value else None
