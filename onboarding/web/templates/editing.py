"""Editing templates: one list, saved as a new version; copied, retired and brought back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from onboarding.domain.errors import InputInvalid, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.domain.policy import Level
from onboarding.domain.template_versions import mistakes
from onboarding.domain.templates import Evidence, Template
from onboarding.i18n import level_word, template_summary, template_title
from onboarding.services.pathway import templates
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, refuse, stripped
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.ordered_lines import rearranged
from onboarding.web.templates import step_list
from onboarding.web.templates.step_list import Line

blueprint = Blueprint("template_editing", __name__)
NO_TARGET = ""


class TemplateForm(FlaskForm):
    """What stands above the steps; `seen` is the version that the manager looked at.

    `title_code` and `summary_code` are what our words stand for, where they are ours.
    """

    seen = IntegerField(widget=HiddenInput())
    title_code = StringField(widget=HiddenInput())
    summary_code = StringField(widget=HiddenInput())
    title = StringField(_("Name"), filters=[stripped])
    summary = TextAreaField(
        _("For whom is it?"),
        filters=[stripped],
        description=_("One sentence. A buyer reads it when choosing."),
    )
    target = SelectField(
        _("Goal"),
        description=_("Where the policy requires more, that becomes the goal."),
    )

    def wanted_title(self) -> str:
        ours = template_title(self.title_code.data or "", current_locale())
        return str((self.title_code.data if ours == self.title.data else self.title.data) or "")

    def wanted_summary(self) -> str:
        ours = template_summary(self.summary_code.data or "", current_locale())
        is_ours = ours == self.summary.data
        return str((self.summary_code.data if is_ours else self.summary.data) or "")


@blueprint.get("/templates/new")
@needs(Duty.GOVERN)
def new() -> ResponseReturnValue:
    """A template of one's own: a copy of another (`?from=straight`), or from one empty step."""
    origin = _origin()
    if origin is None:
        return _page(None, _form(), [Line()])
    title = gettext("Copy of %(title)s", title=template_title(origin.title, current_locale()))
    return _page(None, _form(origin, title=title, title_code=""), step_list.lines_of(origin))


@blueprint.post("/templates/new")
@needs(Duty.GOVERN)
def new_post() -> ResponseReturnValue:
    return _saved_or_shown(None)


@blueprint.get("/templates/<template_code>/edit")
@needs(Duty.GOVERN)
def edit(template_code: str) -> ResponseReturnValue:
    current = templates.current_template(db.session(), current_actor(), template_code)
    if not current.is_live:
        return redirect(url_for("templates.show", template_code=template_code))
    return _page(current.template, _form(current.template), step_list.lines_of(current.template))


@blueprint.post("/templates/<template_code>/edit")
@needs(Duty.GOVERN)
def edit_post(template_code: str) -> ResponseReturnValue:
    current = templates.current_template(db.session(), current_actor(), template_code)
    return _saved_or_shown(current.template)


@blueprint.post("/templates/<template_code>/retire")
@needs(Duty.GOVERN)
def retire(template_code: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        templates.retire_template(session, current_actor(), current_moment(), template_code)
    flash(gettext("Retired. Nobody can choose it any more; pathways that came from it go on."))
    return redirect(url_for("templates.show", template_code=template_code), 303)


@blueprint.post("/templates/<template_code>/restore")
@needs(Duty.GOVERN)
def restore(template_code: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        templates.restore_template(session, current_actor(), current_moment(), template_code)
    flash(gettext("Buyers can choose it again."))
    return redirect(url_for("templates.show", template_code=template_code), 303)


def _saved_or_shown(template: Template | None) -> ResponseReturnValue:
    """Each button sends the whole list, so that nothing typed is lost."""
    form, lines = _with_targets(TemplateForm()), step_list.read_lines(request.form)
    button = request.form.get("do", "save")
    if button != "save":
        return _page(template, form, rearranged(lines, button, Line()))
    steps, wrong = step_list.steps_of(lines)
    wanted = Template(
        code=template.code if template else "",
        title=form.wanted_title(),
        summary=form.wanted_summary(),
        target=Level(form.target.data) if form.target.data in tuple(Level) else None,
        steps=steps,
    )
    policy = policies_of(db.session(), current_actor().customer_id).on(current_moment().today)
    said = {mistake.facts["step"] for mistake in wrong}
    wrong += [one for one in mistakes(wanted, policy) if one.facts.get("step") not in said]
    if not form.validate_on_submit() or wrong:
        for mistake in wrong:
            if "step" not in mistake.facts:
                refuse(form, mistake)
        in_lines = [mistake for mistake in wrong if "step" in mistake.facts]
        return _page(template, form, step_list.with_mistakes(lines, in_lines)), 400
    try:
        saved = _save(wanted, form.seen.data or 0, is_new=template is None)
    except (InputInvalid, VersionOutdated) as error:
        refuse(form, error)
        return _page(template, form, lines, overtaken_by=error.facts.get("current")), 400
    flash(gettext("Version %(version)s is saved.", version=saved.version))
    return redirect(url_for("templates.show", template_code=saved.code), 303)


def _save(wanted: Template, seen: int, *, is_new: bool) -> Template:
    actor, moment = current_actor(), current_moment()
    with unit_of_work() as session:
        if is_new:
            origin = _origin()
            from_code = origin.code if origin else None
            return templates.begin_template(session, actor, moment, wanted, copied_from=from_code)
        return templates.save_template(session, actor, moment, wanted, seen=seen)


def _origin() -> Template | None:
    code = request.args.get("from")
    if not code:
        return None
    return templates.current_template(db.session(), current_actor(), code).template


def _form(template: Template | None = None, **fields: str) -> TemplateForm:
    """The form as a template fills it; `fields` go before."""
    if template is None:
        return _with_targets(TemplateForm(formdata=None, target=Level.TREDE_1.value, seen=0))
    locale = current_locale()
    shown = {
        "seen": template.version,
        "title_code": template.title,
        "summary_code": template.summary,
        "title": template_title(template.title, locale),
        "summary": template_summary(template.summary, locale),
        "target": template.target.value if template.target else NO_TARGET,
        **fields,
    }
    return _with_targets(TemplateForm(formdata=None, **shown))


def _with_targets(form: TemplateForm) -> TemplateForm:
    levels = [(level.value, level_word(level.value, current_locale())) for level in Level]
    form.target.choices = choices([*levels, (NO_TARGET, gettext("No certificate"))])
    return form


def _page(
    template: Template | None,
    form: TemplateForm,
    lines: list[Line],
    *,
    overtaken_by: int | None = None,
) -> str:
    """`overtaken_by` is what a colleague saved meanwhile; saving again makes the version after."""
    if overtaken_by is not None:
        form.seen.data = overtaken_by
        form.seen.raw_data = None
    return render_template(
        "buyer/templates/edit.html",
        template=template,
        form=form,
        lines=lines,
        proofs=tuple(Evidence),
        errors=step_list.error_list(lines),
        overtaken_by=overtaken_by,
    )
