"""Pauses: granted without being asked, answered when the supplier asks, and ended earlier."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import Optional

from onboarding.domain.errors import AlreadyOpen, InputInvalid
from onboarding.domain.people import Duty
from onboarding.domain.workdays import Span
from onboarding.i18n.days import day_in_words
from onboarding.services.pathway.hold_reading import (
    HoldView,
    MovedStep,
    read_hold,
    running_hold,
    told,
    would_move,
)
from onboarding.services.pathway.holds import (
    end_running_hold,
    grant_asked_hold,
    hold_pathway,
    refuse_asked_hold,
)
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, filled_in, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("pausing", __name__)
A_DAY = _("Fill in a day, such as 2027-03-31.")
LOOK = "look"


class PauseForm(FlaskForm):
    starts_on = DateField(_("First day of the pause"), [filled_in(A_DAY)])
    ends_on = DateField(_("Last day of the pause"), [filled_in(A_DAY)])
    reason = TextAreaField(
        _("Why a pause?"), [filled_in(), text()], description=_("The supplier reads this.")
    )


class AnswerForm(FlaskForm):
    """The other last day is needed for one answer only, and the word for a no."""

    decision = RadioField(_("Your answer"), [filled_in(_("Choose an answer."))])
    ends_on = DateField(_("Last day of the pause"), [Optional()])
    note = TextAreaField(
        _("A word with it"),
        [text()],
        description=_("Needed when there is no pause. The supplier reads it."),
    )


@blueprint.get("/pathways/<int:pathway_id>/pause")
@needs(Duty.BUY)
def show(pathway_id: int) -> ResponseReturnValue:
    """The pause in force or to come; else the form for one."""
    pathway = _pathway(pathway_id)
    if not pathway.is_running:
        return redirect(url_for("pathway_overview.show", pathway_id=pathway_id))
    if pathway.asked_hold is not None:
        return redirect(url_for("pausing.show_asked", hold_id=pathway.asked_hold.id))
    form = PauseForm(formdata=None, starts_on=current_moment().today)
    return _pause_page(pathway, form)


@blueprint.post("/pathways/<int:pathway_id>/pause")
@needs(Duty.BUY)
def pause(pathway_id: int) -> ResponseReturnValue:
    """Show what would move, or pause."""
    pathway = _pathway(pathway_id)
    form = PauseForm()
    starts_on, ends_on = form.starts_on.data, form.ends_on.data
    if request.form.get("do") == LOOK and starts_on and ends_on and starts_on <= ends_on:
        return _pause_page(pathway, form, moved=_would_move(pathway, Span(starts_on, ends_on)))
    if not form.validate_on_submit() or starts_on is None or ends_on is None:
        return _pause_page(pathway, form), 400
    actor, moment = current_actor(), current_moment()
    try:
        with unit_of_work() as session:
            span, reason = Span(starts_on, ends_on), form.reason.data or ""
            hold_pathway(session, actor, moment, pathway_id, span=span, reason=reason)
    except (InputInvalid, AlreadyOpen) as error:
        refuse(form, error)
        return _pause_page(_pathway(pathway_id), form), 400
    flash(gettext("The pathway is paused. The supplier is told."))
    return redirect(url_for("pausing.show", pathway_id=pathway_id), 303)


@blueprint.post("/pathways/<int:pathway_id>/pause/end")
@needs(Duty.BUY)
def end(pathway_id: int) -> ResponseReturnValue:
    _pathway(pathway_id)
    with unit_of_work() as session:
        end_running_hold(session, current_actor(), current_moment(), pathway_id)
    flash(gettext("The pause is over. The supplier is told."))
    return redirect(url_for("pathway_overview.show", pathway_id=pathway_id), 303)


@blueprint.get("/holds/<int:hold_id>")
@needs(Duty.BUY)
def show_asked(hold_id: int) -> ResponseReturnValue:
    hold = read_hold(db.session(), current_actor(), hold_id)
    return _asked_page(hold, _answer_form(hold))


@blueprint.post("/holds/<int:hold_id>")
@needs(Duty.BUY)
def answer(hold_id: int) -> ResponseReturnValue:
    hold = read_hold(db.session(), current_actor(), hold_id)
    form = _answer_form(hold)
    other = form.ends_on.data if form.decision.data == "other" else None
    if request.form.get("do") == LOOK and other and hold.starts_on <= other:
        return _asked_page(hold, form, until=other)
    if not form.validate_on_submit():
        return _asked_page(hold, form), 400
    if form.decision.data == "other" and other is None:
        form.ends_on.errors = [str(A_DAY)]
        return _asked_page(hold, form), 400
    try:
        _answer(hold_id, form.decision.data, other, (form.note.data or "").strip())
    except (InputInvalid, AlreadyOpen) as error:
        error.facts["field"] = "note" if error.facts.get("field") == "reason" else "ends_on"
        refuse(form, error)
        return _asked_page(read_hold(db.session(), current_actor(), hold_id), form), 400
    flash(gettext("Your answer is on its way to the supplier."))
    return redirect(url_for("pathway_overview.show", pathway_id=hold.pathway_id), 303)


def _answer(hold_id: int, decision: str, ends_on: date | None, note: str) -> None:
    actor, moment = current_actor(), current_moment()
    with unit_of_work() as session:
        if decision == "refused":
            refuse_asked_hold(session, actor, moment, hold_id, reason=note)
        else:
            grant_asked_hold(session, actor, moment, hold_id, ends_on=ends_on, answer=note or None)


def _pathway(pathway_id: int) -> PathwayView:
    return read_pathway(db.session(), current_actor(), current_moment(), pathway_id)


def _would_move(pathway: PathwayView, span: Span) -> tuple[MovedStep, ...]:
    return would_move(db.session(), current_actor(), current_moment(), pathway.id, span)


def _answer_form(hold: HoldView) -> AnswerForm:
    form = AnswerForm()
    until = day_in_words(hold.ends_on, current_locale())
    form.decision.choices = choices(
        (
            ("asked", gettext("Yes, until %(day)s", day=until)),
            ("other", gettext("Yes, until another day")),
            ("refused", gettext("No, the days stay as they are")),
        )
    )
    return form


def _pause_page(
    pathway: PathwayView, form: PauseForm, moved: tuple[MovedStep, ...] | None = None
) -> str:
    actor = current_actor()
    hold = running_hold(db.session(), actor, pathway.id)
    return render_template(
        "buyer/pathways/pause.html",
        pathway=pathway,
        relation=visible_relation(db.session(), actor, pathway.relation_id),
        running=hold,
        moved=told(db.session(), hold.moved) if hold else moved,
        form=form,
    )


def _asked_page(hold: HoldView, form: AnswerForm, until: date | None = None) -> str:
    pathway = _pathway(hold.pathway_id)
    span = Span(hold.starts_on, until or hold.ends_on)
    return render_template(
        "buyer/pathways/hold.html",
        hold=hold,
        pathway=pathway,
        relation=visible_relation(db.session(), current_actor(), hold.relation_id),
        moved=_would_move(pathway, span) if hold.is_asked else told(db.session(), hold.moved),
        until=span.ends_on,
        form=form,
    )
