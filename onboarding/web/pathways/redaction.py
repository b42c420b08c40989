"""A manager saw personal data in a text: shown once more, and removed everywhere with a reason."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services.redaction import Redactable, read_redactable, redact_text
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, line, refuse, stripped
from onboarding.web.moments import current_moment
from onboarding.web.pathways.addresses import supplier_url

blueprint = Blueprint("redaction", __name__)


class RedactForm(FlaskForm):
    reason = StringField(
        _("What did you see?"),
        [filled_in(), line()],
        filters=[stripped],
        description=_("In general words, such as: names in a list. This stays on record."),
    )


@blueprint.get("/events/<int:event_id>/personal-data")
@needs(Duty.GOVERN)
def show(event_id: int) -> ResponseReturnValue:
    return _page(_read(event_id), RedactForm(formdata=None))


@blueprint.post("/events/<int:event_id>/personal-data")
@needs(Duty.GOVERN)
def remove(event_id: int) -> ResponseReturnValue:
    found = _read(event_id)
    form = RedactForm()
    if not form.validate_on_submit():
        return _page(found, form), 400
    try:
        with unit_of_work() as session:
            redact_text(
                session,
                current_actor(),
                current_moment(),
                event_id,
                reason=str(form.reason.data),
            )
    except InputInvalid as error:
        refuse(form, error)
        return _page(_read(event_id), form), 400
    flash(gettext("The text is removed everywhere. Who wrote it gets a mail about it."))
    return redirect(_back(found), 303)


def _read(event_id: int) -> Redactable:
    return read_redactable(db.session(), current_actor(), event_id)


def _back(found: Redactable) -> str:
    return supplier_url(found.relation_id) + "#history"


def _page(found: Redactable, form: RedactForm) -> str:
    return render_template(
        "buyer/notes/redact.html",
        found=found,
        relation=visible_relation(db.session(), current_actor(), found.relation_id),
        back=_back(found),
        form=form,
    )
