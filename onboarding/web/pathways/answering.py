"""Answering what a supplier asks: a counter-proposal, another date, a certifying body's delay."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from onboarding.domain.comparisons import side_by_side
from onboarding.domain.errors import InputInvalid, LimitReached, NotFound
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Duty
from onboarding.domain.plans import Step
from onboarding.services.pathway.negotiation import (
    agree_pathway,
    counter_pathway,
    withdraw_proposal,
)
from onboarding.services.pathway.reading import read_pathway, read_step
from onboarding.services.pathway.requests import answer_request
from onboarding.services.pathway.views import PathwayView
from onboarding.store.database import db, unit_of_work
from onboarding.store.pathways import draft_plan, last_proposed
from onboarding.store.relations import visible_relation
from onboarding.store.tables import DateRequestRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, day_from, filled_in, refuse, text
from onboarding.web.moments import current_moment
from onboarding.web.pathways import step_editor
from onboarding.web.pathways.addresses import supplier_url

blueprint = Blueprint("answering", __name__)


class CounterForm(FlaskForm):
    """Other days than the supplier asked; the steps' days stand beside it as `due-0`, …"""

    revision = IntegerField(widget=HiddenInput())
    message = TextAreaField(
        _("Why these days?"),
        [filled_in(), text()],
        description=_("The supplier reads it above the steps."),
    )


class RequestForm(FlaskForm):
    decision = RadioField(_("Your answer"), [filled_in(_("Choose an answer."))])
    granted_on = DateField(_("The new day"), [Optional()])
    note = TextAreaField(
        _("A word with it"),
        [text()],
        description=_("Needed when the day stays as it was. The supplier reads it."),
    )


@blueprint.get("/pathways/<int:pathway_id>/answer")
@needs(Duty.BUY)
def counter_proposal(pathway_id: int) -> ResponseReturnValue:
    pathway = read_pathway(db.session(), current_actor(), current_moment(), pathway_id)
    if pathway.state is not PathwayState.COUNTERED:
        return redirect(url_for("pathway_overview.show", pathway_id=pathway_id))
    return _answer_page(pathway, CounterForm(revision=pathway.revision))


@blueprint.post("/pathways/<int:pathway_id>/agree")
@needs(Duty.BUY)
def agree(pathway_id: int) -> ResponseReturnValue:
    pathway = _read(pathway_id)
    with unit_of_work() as session:
        revision = request.form.get("revision", -1, int)
        agree_pathway(session, current_actor(), current_moment(), pathway_id, revision=revision)
    flash(gettext("Agreed. The supplier is told."))
    return redirect(supplier_url(pathway.relation_id), 303)


@blueprint.post("/pathways/<int:pathway_id>/withdraw")
@needs(Duty.BUY)
def withdraw(pathway_id: int) -> ResponseReturnValue:
    _read(pathway_id)
    with unit_of_work() as session:
        withdraw_proposal(session, current_actor(), current_moment(), pathway_id)
    flash(gettext("The proposal is a draft again. The supplier is told."))
    return redirect(url_for("composing.edit", pathway_id=pathway_id), 303)


@blueprint.post("/pathways/<int:pathway_id>/counter")
@needs(Duty.BUY)
def counter(pathway_id: int) -> ResponseReturnValue:
    pathway = _read(pathway_id)
    form = CounterForm()
    steps, wrong = _steps_with_days(pathway_id)
    if not form.validate_on_submit() or wrong:
        form.form_errors.extend(wrong)
        return _answer_page(pathway, form), 400
    try:
        with unit_of_work() as session:
            counter_pathway(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                revision=form.revision.data or -1,
                steps=steps,
                message=form.message.data or "",
            )
    except (InputInvalid, LimitReached) as error:
        refuse(form, error)
        return _answer_page(_read(pathway_id), form), 400
    flash(gettext("Your proposal is on its way to the supplier."))
    return redirect(supplier_url(pathway.relation_id), 303)


@blueprint.get("/requests/<int:request_id>")
@needs(Duty.BUY)
def date_request(request_id: int) -> ResponseReturnValue:
    return _request_page(request_id, _request_form())


@blueprint.post("/requests/<int:request_id>")
@needs(Duty.BUY)
def date_request_post(request_id: int) -> ResponseReturnValue:
    pathway = read_step(
        db.session(), current_actor(), current_moment(), _request(request_id).milestone_id
    )[0]
    form = _request_form()
    if not form.validate_on_submit():
        return _request_page(request_id, form), 400
    granted_on = _granted(request_id, form)
    if form.decision.data == "other" and granted_on is None:
        form.granted_on.errors = [gettext("Fill in a day, such as 2027-03-31.")]
        return _request_page(request_id, form), 400
    try:
        with unit_of_work() as session:
            answer_request(
                session,
                current_actor(),
                current_moment(),
                request_id,
                granted_on=granted_on,
                note=form.note.data,
            )
    except (InputInvalid, LimitReached) as error:
        refuse(form, error)
        return _request_page(request_id, form), 400
    flash(gettext("Your answer is on its way to the supplier."))
    return redirect(supplier_url(pathway.relation_id), 303)


def _read(pathway_id: int) -> PathwayView:
    return read_pathway(db.session(), current_actor(), current_moment(), pathway_id)


def _answer_page(pathway: PathwayView, form: CounterForm) -> str:
    before = last_proposed(db.session(), pathway.id)
    after = draft_plan(db.session(), pathway.id).steps
    return render_template(
        "buyer/pathways/answer.html",
        pathway=pathway,
        relation=visible_relation(db.session(), current_actor(), pathway.relation_id),
        pairs=side_by_side(before, after),
        lines=step_editor.lines_of(after),
        typed=request.form,
        form=form,
    )


def _steps_with_days(pathway_id: int) -> tuple[tuple[Step, ...], list[str]]:
    """The steps on the table with the days typed in, and what is wrong with those."""
    steps, wrong = [], []
    for number, step in enumerate(draft_plan(db.session(), pathway_id).steps):
        day = day_from(request.form.get(f"due-{number}"))
        if day is None:
            wrong.append(
                gettext(
                    "Step %(number)s: %(error)s",
                    number=number + 1,
                    error=gettext("Fill in a day, such as 2027-03-31."),
                )
            )
        steps.append(replace(step, due_on=day or step.due_on))
    return tuple(steps), wrong


def _request(request_id: int) -> DateRequestRow:
    row = db.session().get(DateRequestRow, request_id)
    if row is None:
        raise NotFound(what="request")
    return row


def _request_form() -> RequestForm:
    form = RequestForm()
    form.decision.choices = choices(
        (
            ("asked", gettext("Yes, the day that was asked")),
            ("other", gettext("Another day")),
            ("refused", gettext("No, the day stays as it was")),
        )
    )
    return form


def _granted(request_id: int, form: RequestForm) -> date | None:
    match form.decision.data:
        case "asked":
            return _request(request_id).asked_due_on
        case "other":
            day: date | None = form.granted_on.data
            return day
        case _:
            return None


def _request_page(request_id: int, form: RequestForm) -> str:
    row = _request(request_id)
    actor, moment = current_actor(), current_moment()
    pathway, step = read_step(db.session(), actor, moment, row.milestone_id)
    asked = next((one for one in step.requests if one.id == request_id), None)
    if asked is None:
        raise NotFound(what="request")
    return render_template(
        "buyer/pathways/request.html",
        pathway=pathway,
        step=step,
        asked=asked,
        relation=visible_relation(db.session(), actor, pathway.relation_id),
        form=form,
    )
