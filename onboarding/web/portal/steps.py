"""One step: reporting it, asking for another date, a body's delay, and asking a question."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import InputInvalid, LimitReached
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Duty, Side
from onboarding.i18n.steps import step_need
from onboarding.services import conversations, milestones, requests
from onboarding.services.evidence import pending_uploads
from onboarding.services.pathway_reading import read_step
from onboarding.services.pathway_views import StepView
from onboarding.services.portal_reading import buyer_of
from onboarding.services.preparing import prepare_step, prepared_note
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import DateForm, DelayForm, QuestionForm, ReportForm
from onboarding.web.uploading import first_unexplained, keep_files

blueprint = Blueprint("portal_steps", __name__)


def _read(milestone_id: int) -> StepView:
    _, step = read_step(db.session(), current_actor(), current_moment(), milestone_id)
    return step


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    form = ReportForm(formdata=None, note=prepared_note(db.session(), milestone_id))
    return _page(_read(milestone_id), form, 200)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>")
@needs_contact(Duty.FILL_IN)
def report(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    """Keep what was filled in and, where the button says so, hand it in."""
    step = _read(milestone_id)
    sends = request.form.get("action") == "send"
    if sends:
        current_actor().must(Duty.REPORT)
    form = ReportForm()
    if not form.validate():
        return _page(step, form, 422)
    kept = keep_files(form, relation_id, milestone_id)
    note = str(form.note.data or "")
    if form.files.errors or form.is_clean.errors:
        _prepare(milestone_id, note)
        return _page(_read(milestone_id), form, 422)
    waiting = first_unexplained(kept)
    pending = pending_uploads(db.session(), current_actor(), relation_id, milestone_id)
    if waiting is not None or pending:
        _prepare(milestone_id, note)
        flash(_("Your text is kept. First tell us about a number in a file."), "warning")
        evidence_id = waiting.id if waiting is not None else pending[0].id
        return redirect(
            url_for("portal_files.show", relation_id=relation_id, evidence_id=evidence_id), 303
        )
    if not sends:
        return _save(relation_id, milestone_id, step, note)
    if not note and not kept and not step.files:
        form.note.errors = [_("Write in a few words what you did, or add a file.")]
        return _page(step, form, 422)
    with unit_of_work() as session:
        milestones.submit_milestone(
            session,
            current_actor(),
            current_moment(),
            milestone_id,
            note=note or None,
            evidence_ids=[one.id for one in kept],
        )
    if step.is_reviewed:
        flash(_("Sent. We look at it and let you know; meanwhile you have nothing to do for it."))
    else:
        flash(_("Sent. This step is done."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/date")
@needs_contact(Duty.REPORT)
def show_date(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return _date_page(_read(milestone_id), DateForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/date")
@needs_contact(Duty.REPORT)
def ask_date(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    step = _read(milestone_id)
    form = DateForm()
    if not form.validate() or form.wished_on.data is None:
        return _date_page(step, form, 422)
    try:
        with unit_of_work() as session:
            requests.ask_for_date(
                session,
                current_actor(),
                current_moment(),
                milestone_id,
                wished_on=form.wished_on.data,
                reason=str(form.reason.data),
            )
    except (InputInvalid, LimitReached) as refused:
        refuse(form, refused)
        return _date_page(step, form, 422)
    flash(_("Asked. As long as we have not answered, this step does not become late."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/delay")
@needs_contact(Duty.REPORT)
def show_delay(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return _delay_page(_read(milestone_id), DelayForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/delay")
@needs_contact(Duty.REPORT)
def report_delay(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    step = _read(milestone_id)
    form = DelayForm()
    if not form.validate() or form.new_day.data is None:
        return _delay_page(step, form, 422)
    try:
        with unit_of_work() as session:
            requests.report_outside_delay(
                session,
                current_actor(),
                current_moment(),
                milestone_id,
                new_day=form.new_day.data,
                reason=str(form.reason.data),
            )
    except (InputInvalid, LimitReached) as refused:
        refuse(form, refused)
        return _delay_page(step, form, 422)
    flash(_("Reported. A delay at the certifying body does not count against you."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/question")
@needs_contact(Duty.REPORT)
def show_question(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return _question_page(_read(milestone_id), QuestionForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/question")
@needs_contact(Duty.REPORT)
def ask(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return _ask(relation_id, _read(milestone_id))


@blueprint.get("/portal/<int:relation_id>/question")
@needs_contact(Duty.REPORT)
def show_own_question(relation_id: int) -> ResponseReturnValue:
    return _question_page(None, QuestionForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/question")
@needs_contact(Duty.REPORT)
def ask_own(relation_id: int) -> ResponseReturnValue:
    return _ask(relation_id, None)


def _ask(relation_id: int, step: StepView | None) -> ResponseReturnValue:
    form = QuestionForm()
    if not form.validate():
        return _question_page(step, form, 422)
    with unit_of_work() as session:
        conversations.ask_question(
            session,
            current_actor(),
            current_moment(),
            relation_id,
            text=str(form.text.data),
            milestone_id=step.id if step else None,
        )
    flash(_("Your question is sent. You get the answer by mail."))
    return _home(relation_id)


def _prepare(milestone_id: int, note: str) -> None:
    """Keep the text, so that nobody types it twice."""
    if note:
        with unit_of_work() as session:
            prepare_step(session, current_actor(), current_moment(), milestone_id, note=note)


def _save(relation_id: int, milestone_id: int, step: StepView, note: str) -> ResponseReturnValue:
    """Kept for later; whoever reports tells with it that the step is begun."""
    _prepare(milestone_id, note)
    may_start = current_actor().may(Duty.REPORT) and step.owner is Side.SUPPLIER
    if may_start and step.state is MilestoneState.PLANNED:
        with unit_of_work() as session:
            milestones.start_milestone(session, current_actor(), current_moment(), milestone_id)
    flash(_("Saved. It is not sent yet."))
    return redirect(
        url_for("portal_steps.show", relation_id=relation_id, milestone_id=milestone_id), 303
    )


def _page(step: StepView, form: ReportForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    relation = portal_relation()
    return (
        render_template(
            "portal/step.html",
            step=step,
            form=form,
            relation=relation,
            need=step.explanation or step_need(step.title, current_locale()),
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_report=actor.may(Duty.REPORT),
            pending=pending_uploads(db.session(), actor, relation.id, step.id),
            may_fill_in=step.is_open()
            and step.state is not MilestoneState.SUBMITTED
            and step.owner is not Side.BUYER,
        ),
        status,
    )


def _date_page(step: StepView, form: DateForm, status: int) -> ResponseReturnValue:
    return (
        render_template("portal/date.html", step=step, form=form, relation=portal_relation()),
        status,
    )


def _delay_page(step: StepView, form: DelayForm, status: int) -> ResponseReturnValue:
    return (
        render_template("portal/delay.html", step=step, form=form, relation=portal_relation()),
        status,
    )


def _question_page(step: StepView | None, form: QuestionForm, status: int) -> ResponseReturnValue:
    relation = portal_relation()
    buyer = buyer_of(db.session(), relation, current_moment().today)
    return (
        render_template(
            "portal/question.html", step=step, form=form, relation=relation, buyer=buyer
        ),
        status,
    )


def _home(relation_id: int) -> ResponseReturnValue:
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)
