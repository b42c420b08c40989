"""Changing what was agreed: the open steps as one list, checked beside the old, then proposed."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from onboarding.domain.amended_plans import from_template
from onboarding.domain.comparisons import Pair
from onboarding.domain.errors import (
    AlreadyOpen,
    DomainError,
    InputInvalid,
    LimitReached,
    VersionOutdated,
)
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Duty, Side
from onboarding.domain.plans import Plan, Step
from onboarding.domain.templates import schedule
from onboarding.i18n import error_text
from onboarding.services.pathway.amendment_reading import read_amendment, would_become
from onboarding.services.pathway.amendments import Terms, counter_amendment, propose_amendment
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.templates import live_templates
from onboarding.services.statuses import policies_of
from onboarding.store.amendments import agreed_plan
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import PathwayRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import day_from, refuse, weeks_typed
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.pathways import step_editor
from onboarding.web.pathways.change_pages import (
    Change,
    ReasonForm,
    check_page,
    editor,
    terms_of,
)
from onboarding.web.pathways.step_editor import Line

blueprint = Blueprint("changing", __name__)


@blueprint.get("/pathways/<int:pathway_id>/change")
@needs(Duty.BUY)
def edit(pathway_id: int) -> ResponseReturnValue:
    change = _of_pathway(pathway_id)
    if change.pathway.amendment is not None:
        amendment_id = change.pathway.amendment.id
        return redirect(url_for("amending.show", amendment_id=amendment_id))
    if not change.pathway.is_running:
        return redirect(change.back_url)
    return editor(change, step_editor.lines_of(change.plan.steps), terms_of(change))


@blueprint.post("/pathways/<int:pathway_id>/change")
@needs(Duty.BUY)
def edit_post(pathway_id: int) -> ResponseReturnValue:
    return _post(_of_pathway(pathway_id))


@blueprint.get("/amendments/<int:amendment_id>/counter")
@needs(Duty.BUY)
def counter(amendment_id: int) -> ResponseReturnValue:
    change = _of_amendment(amendment_id)
    if not _may_answer(change):
        return redirect(change.back_url)
    return editor(change, step_editor.lines_of(change.plan.steps), terms_of(change))


@blueprint.post("/amendments/<int:amendment_id>/counter")
@needs(Duty.BUY)
def counter_post(amendment_id: int) -> ResponseReturnValue:
    change = _of_amendment(amendment_id)
    return _post(change) if _may_answer(change) else redirect(change.back_url, 303)


def _post(change: Change) -> ResponseReturnValue:
    """Each button sends the whole list, so that nothing typed is lost."""
    button = request.form.get("do", "check")
    lines, terms = step_editor.read_lines(request.form), terms_of(change)
    if button == "template":
        return _from_template(change, lines, terms)
    if button == "shift":
        weeks = weeks_typed(request.form.get("weeks"))
        refused = "" if weeks else gettext("Fill in a number of weeks, from 1 to 52.")
        lines = step_editor.shifted(lines, weeks)
        return editor(change, lines, terms, refused), 400 if refused else 200
    if button not in ("check", "propose"):
        return editor(change, step_editor.rearranged(lines, button), terms)
    lines = step_editor.checked(lines)
    if not step_editor.are_right(lines):
        return editor(change, lines, terms), 400
    steps = step_editor.steps_of(lines)
    try:
        plan, pairs = would_become(
            db.session(),
            current_actor(),
            current_moment(),
            change.pathway.id,
            steps,
            terms,
            change.countered,
        )
    except (InputInvalid, LimitReached) as error:
        return editor(change, lines, terms, _said(error)), 400
    form = ReasonForm() if button == "propose" else ReasonForm(formdata=None)
    if button == "check":
        return check_page(change, plan, pairs, form)
    if not form.validate_on_submit():
        return check_page(change, plan, pairs, form), 400
    return _propose(change, steps, terms, pairs, plan, form)


def _propose(
    change: Change,
    steps: tuple[Step, ...],
    terms: Terms,
    pairs: list[Pair],
    plan: Plan,
    form: ReasonForm,
) -> ResponseReturnValue:
    actor, moment = current_actor(), current_moment()
    asked: dict[str, Any] = {"steps": steps, "terms": terms, "reason": form.reason.data or ""}
    try:
        with unit_of_work() as session:
            if change.countered is None:
                propose_amendment(session, actor, moment, change.pathway.id, **asked)
            else:
                revision = request.form.get("revision", -1, int)
                amendment_id = change.countered.id
                counter_amendment(session, actor, moment, amendment_id, revision=revision, **asked)
    except (InputInvalid, LimitReached, AlreadyOpen, VersionOutdated) as error:
        refuse(form, error)
        return check_page(change, plan, pairs, form), 409
    flash(gettext("Your proposal is on its way to the supplier."))
    return redirect(url_for("pathway_overview.show", pathway_id=change.pathway.id), 303)


def _from_template(change: Change, lines: list[Line], terms: Terms) -> ResponseReturnValue:
    """The list as another template has it; what is done already is left out."""
    code = request.form.get("begin_template", "")
    templates = live_templates(db.session(), current_actor())
    template = next((one for one in templates if one.code == code), None)
    begin_on = day_from(request.form.get("begin_on"))
    if template is None or begin_on is None:
        said = gettext("Choose a template, and a day from which its steps are counted.")
        return editor(change, lines, terms, said), 400
    policy = policies_of(db.session(), current_actor().customer_id).on(current_moment().today)
    plan = schedule(template, begin_on, policy.calendar, template.target and terms.target)
    done = [s.title for s in change.pathway.steps if s.state is MilestoneState.ACCEPTED]
    steps = from_template(plan.steps, change.agreed.steps, done)
    terms = Terms(target=plan.target, template=template.code, template_version=template.version)
    return editor(change, step_editor.lines_of(steps), terms)


def _of_pathway(pathway_id: int) -> Change:
    pathway = read_pathway(db.session(), current_actor(), current_moment(), pathway_id)
    row = db.session.get_one(PathwayRow, pathway_id)
    return Change(pathway=pathway, agreed=agreed_plan(db.session(), row))


def _of_amendment(amendment_id: int) -> Change:
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    pathway = read_pathway(db.session(), current_actor(), current_moment(), amendment.pathway_id)
    return Change(pathway=pathway, agreed=amendment.agreed, countered=amendment)


def _may_answer(change: Change) -> bool:
    """Whether a counter-proposal lies with us."""
    amendment = change.countered
    return (
        amendment is not None
        and amendment.is_open
        and amendment.waits_for is Side.BUYER
        and change.pathway.is_running
    )


def _said(error: DomainError) -> str:
    return error_text(error.code, error.facts, current_locale())
