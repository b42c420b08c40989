"""A step on a page of its own: what was handed in, and accept, return, waive or report it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.errors import InputInvalid, LimitReached
from onboarding.domain.people import Duty
from onboarding.services.pathway.milestones import (
    accept_milestone,
    return_milestone,
    submit_milestone,
    waive_milestone,
)
from onboarding.services.pathway.reading import read_step
from onboarding.services.threads import read_step_thread
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import filled_in, refuse, text
from onboarding.web.moments import current_moment
from onboarding.web.pathways.notes import note_form

blueprint = Blueprint("reviewing", __name__)


class AcceptForm(FlaskForm):
    note = TextAreaField(_("A word with it"), [text()], id="accept-note")


class ReturnForm(FlaskForm):
    note = TextAreaField(
        _("What has to be added?"),
        [filled_in(), text()],
        id="return-note",
        description=_("The supplier reads it, and gets new time for it."),
    )


class WaiveForm(FlaskForm):
    reason = TextAreaField(_("Why is it no longer needed?"), [filled_in(), text()])


class DoneForm(FlaskForm):
    note = TextAreaField(_("What was done?"), [text()], id="done-note")


FORMS: dict[str, type[FlaskForm]] = {
    "accept": AcceptForm,
    "return": ReturnForm,
    "waive": WaiveForm,
    "done": DoneForm,
}


@blueprint.get("/milestones/<int:milestone_id>")
@needs(Duty.READ)
def show(milestone_id: int) -> ResponseReturnValue:
    return _page(milestone_id)


@blueprint.post("/milestones/<int:milestone_id>/accept")
@needs(Duty.BUY)
def accept(milestone_id: int) -> ResponseReturnValue:
    return _do(milestone_id, "accept")


@blueprint.post("/milestones/<int:milestone_id>/return")
@needs(Duty.BUY)
def send_back(milestone_id: int) -> ResponseReturnValue:
    return _do(milestone_id, "return")


@blueprint.post("/milestones/<int:milestone_id>/waive")
@needs(Duty.BUY)
def waive(milestone_id: int) -> ResponseReturnValue:
    return _do(milestone_id, "waive")


@blueprint.post("/milestones/<int:milestone_id>/done")
@needs(Duty.BUY)
def done(milestone_id: int) -> ResponseReturnValue:
    """The buyer's own step, or an outside one that is over."""
    return _do(milestone_id, "done")


def _do(milestone_id: int, what: str) -> ResponseReturnValue:
    read_step(db.session(), current_actor(), current_moment(), milestone_id)
    form = FORMS[what]()
    if not form.validate_on_submit():
        return _page(milestone_id, form, what), 400
    try:
        _perform(milestone_id, what, form)
    except (InputInvalid, LimitReached) as error:
        refuse(form, error)
        return _page(milestone_id, form, what), 400
    said = {
        "accept": gettext("Accepted. The supplier is told."),
        "return": gettext("Sent back. The supplier is told what to add, and by when."),
        "waive": gettext("The step is no longer needed."),
        "done": gettext("The step is reported."),
    }
    flash(said[what])
    return redirect(url_for("reviewing.show", milestone_id=milestone_id), 303)


def _perform(milestone_id: int, what: str, form: FlaskForm) -> None:
    actor, moment = current_actor(), current_moment()
    revision = request.form.get("revision", type=int)
    with unit_of_work() as session:
        match what:
            case "accept":
                note = form["note"].data
                accept_milestone(session, actor, moment, milestone_id, note=note, revision=revision)
            case "return":
                note = form["note"].data
                return_milestone(session, actor, moment, milestone_id, note=note, revision=revision)
            case "waive":
                reason = form["reason"].data
                waive_milestone(
                    session, actor, moment, milestone_id, reason=reason, revision=revision
                )
            case _:
                submit_milestone(session, actor, moment, milestone_id, note=form["note"].data)


def _page(milestone_id: int, form: FlaskForm | None = None, what: str = "") -> str:
    actor = current_actor()
    pathway, step = read_step(db.session(), actor, current_moment(), milestone_id)
    forms = {name: made() for name, made in FORMS.items()}
    if form is not None:
        forms[what] = form
    return render_template(
        "buyer/pathways/step.html",
        pathway=pathway,
        step=step,
        relation=visible_relation(db.session(), actor, pathway.relation_id),
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
        talk=read_step_thread(db.session(), actor, milestone_id),
        note_form=note_form(pathway.relation_id, milestone_id),
        forms=forms,
        form=form,
        tried=what,
    )
