"""A proposal: read as a whole, agreed to, countered with other days, or declined; and stopping."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import DomainError, InputInvalid, LimitReached, VersionOutdated
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Duty
from onboarding.services.pathway import negotiation
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.services.portal_reading import function_of, read_home
from onboarding.store.database import db, unit_of_work
from onboarding.store.plans import plan_on_table
from onboarding.store.tables import PathwayRow
from onboarding.web.access import current_actor, needs_contact
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.days import TypedDays, proposed_days, typed_days
from onboarding.web.portal.forms import AgreeForm, CounterForm, DeclineForm, StopForm

blueprint = Blueprint("portal_proposal", __name__)

UNREADABLE = "unreadable"


def _read(relation_id: int, pathway_id: int) -> PathwayView:
    return read_pathway(db.session(), current_actor(), current_moment(), pathway_id)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    function = function_of(db.session(), current_actor())
    form = AgreeForm(formdata=None, revision=pathway.revision, function=function)
    return _page(pathway, form, 200)


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/agree")
@needs_contact(Duty.AGREE)
def agree(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    form = AgreeForm()
    if not form.validate():
        return _page(pathway, form, 422)
    try:
        with unit_of_work() as session:
            negotiation.agree_pathway(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                revision=form.revision.data or 0,
                function=str(form.function.data),
            )
    except VersionOutdated as outdated:
        return _changed(pathway, outdated)
    flash(_("Agreed. You get a mail with what we agreed."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/counter")
@needs_contact(Duty.AGREE)
def show_counter(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    if pathway.state is not PathwayState.PROPOSED:
        return redirect(
            url_for("portal_proposal.show", relation_id=relation_id, pathway_id=pathway_id), 303
        )
    form = CounterForm(formdata=None, revision=pathway.revision)
    return _counter_page(pathway, form, proposed_days(pathway.steps), 200)


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/counter")
@needs_contact(Duty.AGREE)
def counter(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    form = CounterForm()
    typed = typed_days(len(pathway.steps))
    is_filled_in = form.validate()
    if not is_filled_in or typed.wrong:
        return _counter_page(pathway, form, typed, 422)
    plan = plan_on_table(db.session.get_one(PathwayRow, pathway_id))
    try:
        with unit_of_work() as session:
            negotiation.counter_pathway(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                revision=form.revision.data or 0,
                steps=typed.on(plan.steps),
                message=str(form.message.data),
            )
    except VersionOutdated as outdated:
        return _changed(pathway, outdated)
    except (InputInvalid, LimitReached) as refused:
        refuse(form, refused)
        return _counter_page(pathway, form, typed, 422)
    flash(_("Your other days are sent. We answer soon; meanwhile nothing counts against you."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/decline")
@needs_contact(Duty.AGREE)
def show_decline(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    return _decline_page(_read(relation_id, pathway_id), DeclineForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/decline")
@needs_contact(Duty.AGREE)
def decline(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    form = DeclineForm()
    if not form.validate():
        return _decline_page(pathway, form, 422)
    with unit_of_work() as session:
        negotiation.decline_pathway(
            session,
            current_actor(),
            current_moment(),
            pathway_id,
            reason=str(form.reason.data),
        )
    flash(_("Your answer is sent. Your buyer will contact you."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/stop")
@needs_contact(Duty.AGREE)
def show_stop(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    return _stop_page(_read(relation_id, pathway_id), StopForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/stop")
@needs_contact(Duty.AGREE)
def stop(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _read(relation_id, pathway_id)
    form = StopForm()
    if not form.validate():
        return _stop_page(pathway, form, 422)
    try:
        with unit_of_work() as session:
            negotiation.stop_pathway(
                session,
                current_actor(),
                current_moment(),
                pathway_id,
                reason=str(form.reason.data),
            )
    except InputInvalid as refused:
        refuse(form, refused)
        return _stop_page(pathway, form, 422)
    flash(_("The pathway is stopped. Your buyer will contact you."))
    return _home(relation_id)


def _page(pathway: PathwayView, form: AgreeForm, status: int) -> ResponseReturnValue:
    actor, moment = current_actor(), current_moment()
    home = read_home(db.session(), actor, moment, pathway.relation_id)
    return (
        render_template(
            "portal/pathway.html",
            pathway=pathway,
            form=form,
            home=home,
            may_agree=actor.may(Duty.AGREE),
            may_report=actor.may(Duty.REPORT),
        ),
        status,
    )


def _counter_page(
    pathway: PathwayView, form: CounterForm, typed: TypedDays, status: int
) -> ResponseReturnValue:
    return (
        render_template(
            "portal/counter.html",
            pathway=pathway,
            form=form,
            rows=list(zip(pathway.steps, typed.given, strict=False)),
            wrong=typed.wrong,
            has_error=bool(typed.wrong or form.errors or form.form_errors),
        ),
        status,
    )


def _decline_page(pathway: PathwayView, form: DeclineForm, status: int) -> ResponseReturnValue:
    return render_template("portal/decline.html", pathway=pathway, form=form), status


def _stop_page(pathway: PathwayView, form: StopForm, status: int) -> ResponseReturnValue:
    return render_template("portal/stop.html", pathway=pathway, form=form), status


def _changed(pathway: PathwayView, outdated: DomainError) -> ResponseReturnValue:
    """Somebody put another text on the table while this page stood open."""
    return render_template("portal/changed.html", pathway=pathway, facts=outdated.facts), 409


def _home(relation_id: int) -> ResponseReturnValue:
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)
