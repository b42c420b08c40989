"""A manager saw personal data in a text: shown once more, and removed everywhere with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services.pathway.reading import read_step
from onboarding.services.redaction import (
    read_redactable,
    read_step_text,
    redact_step,
    redact_text,
)
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, line, refuse, stripped
from onboarding.web.moments import current_moment
from onboarding.web.pathways.addresses import supplier_url

blueprint = Blueprint("redaction", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The words that are to go; `who` wrote them `at` that instant, where that is known."""

    relation_id: int
    texts: tuple[str, ...]
    back: str
    who: str = ""
    at: datetime | None = None


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
    return _page(_of_event(event_id), RedactForm(formdata=None))


@blueprint.post("/events/<int:event_id>/personal-data")
@needs(Duty.GOVERN)
def remove(event_id: int) -> ResponseReturnValue:
    def do(session: Session, reason: str) -> None:
        redact_text(session, current_actor(), current_moment(), event_id, reason=reason)

    return _remove(_of_event(event_id), do)


@blueprint.get("/milestones/<int:milestone_id>/personal-data")
@needs(Duty.GOVERN)
def show_step(milestone_id: int) -> ResponseReturnValue:
    return _page(_of_step(milestone_id), RedactForm(formdata=None))


@blueprint.post("/milestones/<int:milestone_id>/personal-data")
@needs(Duty.GOVERN)
def remove_step(milestone_id: int) -> ResponseReturnValue:
    """What a step asks, in the buyer's own words."""

    def do(session: Session, reason: str) -> None:
        redact_step(session, current_actor(), current_moment(), milestone_id, reason=reason)

    return _remove(_of_step(milestone_id), do)


def _of_event(event_id: int) -> Shown:
    found = read_redactable(db.session(), current_actor(), event_id)
    return Shown(
        relation_id=found.relation_id,
        texts=found.texts,
        back=supplier_url(found.relation_id) + "#history",
        who=found.event.said_by or found.event.who or "",
        at=found.event.at,
    )


def _of_step(milestone_id: int) -> Shown:
    texts = read_step_text(db.session(), current_actor(), milestone_id)
    pathway, _step = read_step(db.session(), current_actor(), current_moment(), milestone_id)
    back = url_for("reviewing.show", milestone_id=milestone_id)
    return Shown(relation_id=pathway.relation_id, texts=texts, back=back)


def _remove(shown: Shown, do: Callable[[Session, str], None]) -> ResponseReturnValue:
    form = RedactForm()
    if not form.validate_on_submit():
        return _page(shown, form), 400
    try:
        with unit_of_work() as session:
            do(session, str(form.reason.data))
    except InputInvalid as error:
        refuse(form, error)
        return _page(shown, form), 400
    flash(gettext("The text is removed everywhere. Who wrote it gets a mail about it."))
    return redirect(shown.back, 303)


def _page(shown: Shown, form: RedactForm) -> str:
    relation = visible_relation(db.session(), current_actor(), shown.relation_id)
    return render_template("buyer/notes/redact.html", shown=shown, relation=relation, form=form)
