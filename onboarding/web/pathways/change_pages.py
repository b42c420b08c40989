"""The two pages on which an agreement is changed: the list of its steps, and old beside new."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.comparisons import Pair
from onboarding.domain.plans import Plan
from onboarding.domain.policy import Level
from onboarding.i18n import level_word, template_title
from onboarding.services.pathway.amendment_reading import AmendmentView
from onboarding.services.pathway.amendments import Terms
from onboarding.services.pathway.drafts import remarks_on
from onboarding.services.pathway.templates import live_templates
from onboarding.services.pathway.views import PathwayView
from onboarding.services.statuses import policies_of
from onboarding.store.database import db
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor
from onboarding.web.forms import day_from, filled_in, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.pathways import step_editor
from onboarding.web.pathways.step_editor import Line

NOT_TYPED = ("csrf_token", "do", "reason")


class ReasonForm(FlaskForm):
    reason = TextAreaField(
        _("Why this change?"), [filled_in(), text()], description=_("The supplier reads this.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed: the agreement, or with `countered` what the supplier proposes instead."""

    pathway: PathwayView
    agreed: Plan
    countered: AmendmentView | None = None

    @property
    def plan(self) -> Plan:
        return self.countered.plan if self.countered else self.agreed

    @property
    def url(self) -> str:
        if self.countered:
            return url_for("changing.counter", amendment_id=self.countered.id)
        return url_for("changing.edit", pathway_id=self.pathway.id)

    @property
    def back_url(self) -> str:
        if self.countered:
            return url_for("amending.show", amendment_id=self.countered.id)
        return url_for("pathway_overview.show", pathway_id=self.pathway.id)


def terms_of(change: Change) -> Terms:
    """What was chosen, else what the plan has."""
    if "target" not in request.form:
        plan = change.plan
        return Terms(
            target=plan.target, template=plan.template, template_version=plan.template_version
        )
    target = request.form["target"]
    return Terms(
        target=Level(target) if target in tuple(Level) else None,
        template=request.form.get("template") or None,
        template_version=request.form.get("template_version", None, int),
    )


def editor(change: Change, lines: list[Line], terms: Terms, refused: str = "") -> str:
    locale, today = current_locale(), current_moment().today
    errors: list[tuple[str | None, str]] = [*step_editor.error_list(lines)]
    if refused:
        errors.insert(0, (None, refused))
    levels = [(level.value, level_word(level.value, locale)) for level in Level]
    actor, relation_id = current_actor(), change.pathway.relation_id
    policy = policies_of(db.session(), actor.customer_id).on(today)
    return render_template(
        "buyer/pathways/change.html",
        change=change,
        pathway=change.pathway,
        relation=visible_relation(db.session(), actor, relation_id),
        lines=lines,
        agreed={str(step.milestone_id): step for step in change.agreed.steps},
        terms=terms,
        levels=[*levels, ("", gettext("No certificate"))],
        templates=[
            (one.code, template_title(one.title, locale))
            for one in live_templates(db.session(), actor)
        ],
        begin_template=request.form.get("begin_template", ""),
        begin_on=day_from(request.form.get("begin_on")) or policy.calendar.on_or_after(today),
        remarks=_remarks(change, lines),
        errors=errors,
        has_error=bool(errors),
        revision=_revision(change),
    )


def _remarks(change: Change, lines: list[Line]) -> dict[int, list[str]]:
    """Codes by place in the list, for steps that are new or get another day."""
    if not lines or any(line.due_on is None for line in lines):
        return {}
    days = {str(step.milestone_id): step.due_on for step in change.agreed.steps}
    plan = Plan(starts_on=change.plan.starts_on, steps=step_editor.steps_of(lines))
    found: dict[int, list[str]] = {}
    relation_id = change.pathway.relation_id
    for one in remarks_on(db.session(), current_actor(), current_moment(), relation_id, plan):
        line = lines[one.step - 1]
        if days.get(line.milestone) != line.due_on:
            found.setdefault(one.step - 1, []).append(one.code)
    return found


def check_page(change: Change, plan: Plan, pairs: list[Pair], form: ReasonForm) -> str:
    return render_template(
        "buyer/pathways/change-check.html",
        change=change,
        pathway=change.pathway,
        relation=visible_relation(db.session(), current_actor(), change.pathway.relation_id),
        plan=plan,
        pairs=pairs,
        typed=[(name, value) for name, value in request.form.items() if name not in NOT_TYPED],
        form=form,
    )


def _revision(change: Change) -> int:
    """The version that the buyer saw, also when the list comes back."""
    current = change.countered.revision if change.countered else 0
    return request.form.get("revision", current, int)
