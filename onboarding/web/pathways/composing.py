"""Composing a pathway: the draft as one editable list, checked on one page, proposed."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.back_planning import check_start
from onboarding.domain.errors import DomainError, InputInvalid, VersionOutdated
from onboarding.domain.pathways import PathwayState
from onboarding.domain.people import Duty
from onboarding.domain.plans import Plan, check_plan, moved_by
from onboarding.domain.policy import Policy
from onboarding.i18n import error_text
from onboarding.services.pathway.drafts import change_draft, drop_draft, remarks_on
from onboarding.services.pathway.negotiation import propose_pathway
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.pathways import draft_plan
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import day_from, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.pathways import step_editor
from onboarding.web.pathways.addresses import supplier_url
from onboarding.web.pathways.step_editor import Line

blueprint = Blueprint("composing", __name__)


class ProposeForm(FlaskForm):
    message = TextAreaField(
        _("A word with it"),
        [text()],
        description=_("The supplier reads it above the steps."),
    )


@blueprint.get("/pathways/<int:pathway_id>/edit")
@needs(Duty.BUY)
def edit(pathway_id: int) -> ResponseReturnValue:
    pathway, relation = _draft(pathway_id)
    if pathway.state is not PathwayState.DRAFT:
        return redirect(where_composed(pathway))
    plan = draft_plan(db.session(), pathway_id)
    return _editor(pathway, relation, plan.starts_on, step_editor.lines_of(plan.steps))


@blueprint.post("/pathways/<int:pathway_id>/edit")
@needs(Duty.BUY)
def edit_post(pathway_id: int) -> ResponseReturnValue:
    """Each button of the list sends the whole list, so that nothing typed is lost."""
    pathway, relation = _draft(pathway_id)
    if pathway.state is not PathwayState.DRAFT:
        return redirect(where_composed(pathway), 303)
    button = request.form.get("do", "save")
    typed = step_editor.read_lines(request.form)
    plan = draft_plan(db.session(), pathway_id)
    starts_on = day_from(request.form.get("starts_on"))
    if button in ("save", "check", "shift"):
        lines = step_editor.checked(typed)
    else:
        lines = step_editor.rearranged(typed, button)
        return _editor(pathway, relation, plan.starts_on, lines)
    if not step_editor.are_right(lines):
        return _editor(pathway, relation, plan.starts_on, lines), 400
    if button == "shift" and starts_on is None:
        said = gettext("Fill in a day, such as 2027-03-31.")
        return _editor(pathway, relation, plan.starts_on, lines, said), 400
    changed = replace(plan, steps=step_editor.steps_of(lines))
    try:
        if button == "shift" and starts_on is not None:
            changed = _shifted(changed, starts_on)
        if button == "check":
            check_plan(changed, _policy(), current_actor())
        _save(pathway_id, changed)
    except DomainError as error:
        said = error_text(error.code, error.facts, current_locale())
        return _editor(pathway, relation, plan.starts_on, lines, said), 400
    if button == "check":
        return redirect(url_for("composing.check", pathway_id=pathway_id), 303)
    if button == "shift":
        flash(gettext("The days of all steps have moved along, and the draft is saved."))
    else:
        flash(gettext("The draft is saved. The supplier sees nothing yet."))
    return redirect(url_for("composing.edit", pathway_id=pathway_id), 303)


@blueprint.get("/pathways/<int:pathway_id>/check")
@needs(Duty.BUY)
def check(pathway_id: int) -> ResponseReturnValue:
    """The proposal as the supplier will read it."""
    pathway, relation = _draft(pathway_id)
    if pathway.state is not PathwayState.DRAFT:
        return redirect(where_composed(pathway))
    return _check_page(pathway, relation, ProposeForm())


@blueprint.post("/pathways/<int:pathway_id>/propose")
@needs(Duty.BUY)
def propose(pathway_id: int) -> ResponseReturnValue:
    pathway, relation = _draft(pathway_id)
    form = ProposeForm()
    if not form.validate_on_submit():
        return _check_page(pathway, relation, form), 400
    actor, moment = current_actor(), current_moment()
    message = (form.message.data or "").strip() or None
    try:
        with unit_of_work() as session:
            revision = request.form.get("revision", -1, int)
            propose_pathway(session, actor, moment, relation.id, revision, message=message)
    except VersionOutdated:
        raise
    except DomainError as error:
        pathway, relation = _draft(pathway_id)
        refuse(form, error)
        return _check_page(pathway, relation, form), 400
    flash(gettext("The proposal is on its way to the supplier."))
    return redirect(supplier_url(relation.id), 303)


@blueprint.post("/pathways/<int:pathway_id>/drop")
@needs(Duty.BUY)
def drop(pathway_id: int) -> ResponseReturnValue:
    """Throw away what the supplier never saw."""
    relation = _draft(pathway_id)[1]
    with unit_of_work() as session:
        drop_draft(session, current_actor(), current_moment(), pathway_id)
    flash(gettext("The draft is thrown away. The supplier knows nothing of it."))
    return redirect(supplier_url(relation.id), 303)


def _draft(pathway_id: int) -> tuple[PathwayView, RelationRow]:
    actor = current_actor()
    pathway = read_pathway(db.session(), actor, current_moment(), pathway_id)
    return pathway, visible_relation(db.session(), actor, pathway.relation_id)


def _save(pathway_id: int, plan: Plan) -> None:
    if not plan.steps:
        raise InputInvalid(field="steps", reason="no-steps")
    with unit_of_work() as session:
        change_draft(
            session,
            current_actor(),
            current_moment(),
            pathway_id,
            plan,
            revision=request.form.get("revision", -1, int),
        )


def _shifted(plan: Plan, starts_on: date) -> Plan:
    check_start(starts_on, current_moment().today)
    return moved_by(plan, (starts_on - plan.starts_on).days, _policy().calendar)


def _policy() -> Policy:
    return policies_of(db.session(), current_actor().customer_id).on(current_moment().today)


def _editor(
    pathway: PathwayView,
    relation: RelationRow,
    starts_on: date,
    lines: list[Line],
    refused: str | None = None,
) -> str:
    """The list with its remarks; `revision` stays the one that the buyer saw."""
    errors: list[tuple[str | None, str]] = [*step_editor.error_list(lines)]
    if refused:
        errors.insert(0, (None, refused))
    return render_template(
        "buyer/pathways/edit.html",
        pathway=pathway,
        relation=relation,
        starts_on=starts_on,
        lines=lines,
        remarks=_remarks(relation.id, starts_on, lines),
        errors=errors,
        has_error=bool(errors),
        revision=request.form.get("revision", pathway.revision, int),
    )


def _remarks(relation_id: int, starts_on: date, lines: list[Line]) -> dict[int, list[str]]:
    """Codes by place in the list; only a list in which each day can be read has them."""
    found: dict[int, list[str]] = {}
    if not lines or any(line.due_on is None for line in lines):
        return found
    plan = Plan(starts_on=starts_on, steps=step_editor.steps_of(lines))
    for remark in remarks_on(db.session(), current_actor(), current_moment(), relation_id, plan):
        found.setdefault(remark.step - 1, []).append(remark.code)
    return found


def _check_page(pathway: PathwayView, relation: RelationRow, form: ProposeForm) -> str:
    plan = draft_plan(db.session(), pathway.id)
    lines = step_editor.lines_of(plan.steps)
    return render_template(
        "buyer/pathways/check.html",
        pathway=pathway,
        relation=relation,
        form=form,
        remarks=_remarks(relation.id, plan.starts_on, lines),
    )


def where_composed(pathway: PathwayView) -> str:
    """Where a pathway that is not to be composed now is dealt with."""
    if pathway.state is PathwayState.DRAFT:
        return url_for("composing.edit", pathway_id=pathway.id)
    return url_for("pathway_overview.show", pathway_id=pathway.id)
