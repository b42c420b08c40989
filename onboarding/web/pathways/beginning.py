"""Beginning a pathway: choose a template, and the start day or the day of the certificate."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import Optional

from onboarding.domain.back_planning import Beginning
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Duty
from onboarding.domain.policy import Level
from onboarding.domain.templates import Template
from onboarding.i18n import length_in_words, level_word, template_summary, template_title
from onboarding.services.pathway.beginnings import Choice, draft_from_template, plan_beginning
from onboarding.services.pathway.reading import pathway_panel
from onboarding.services.pathway.templates import live_templates
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.pathways.composing import where_composed

blueprint = Blueprint("beginning", __name__)
FROM_START, BACK = "start", "certificate"
AS_THE_TEMPLATE, NO_TARGET = "template", ""
A_DAY = _("Fill in a day, such as 2027-03-31.")


class BeginForm(FlaskForm):
    """From what a pathway begins; only the day that is counted from is looked at."""

    template = RadioField(_("How will this supplier get there?"), [filled_in()])
    target = SelectField(_("Goal"))
    counted = RadioField(_("From which day do we count?"), default=FROM_START)
    starts_on = DateField(
        _("Start day"),
        [Optional()],
        description=_("The days are counted from here. Agreed later, they all move along."),
    )
    wished_on = DateField(
        _("The certificate is there on"),
        [Optional()],
        description=_("The start day follows from it. Without a certificate: the last step."),
    )

    def choice(self) -> Choice:
        is_back = self.counted.data == BACK
        return Choice(
            template=self.template.data,
            starts_on=None if is_back else self.starts_on.data,
            wished_on=self.wished_on.data if is_back else None,
            has_own_target=self.target.data != AS_THE_TEMPLATE,
            target=Level(self.target.data) if self.target.data in tuple(Level) else None,
        )

    def day(self) -> DateField:
        """The field of the day that is counted from."""
        return self.wished_on if self.counted.data == BACK else self.starts_on


@blueprint.get("/suppliers/<int:relation_id>/pathway/new")
@needs(Duty.BUY)
def begin(relation_id: int) -> ResponseReturnValue:
    """The form; a supplier with a pathway that is not over leads to that one."""
    actor, moment = current_actor(), current_moment()
    visible_relation(db.session(), actor, relation_id)
    there = pathway_panel(db.session(), actor, moment, relation_id)
    if there is not None and not there.is_over:
        return redirect(where_composed(there))
    templates = live_templates(db.session(), actor)
    calendar = policies_of(db.session(), actor.customer_id).on(moment.today).calendar
    form = BeginForm(
        formdata=None,
        template=templates[0].code if templates else None,
        target=AS_THE_TEMPLATE,
        starts_on=calendar.on_or_after(moment.today),
    )
    return _page(relation_id, form, templates)


@blueprint.post("/suppliers/<int:relation_id>/pathway/new")
@needs(Duty.BUY)
def begin_post(relation_id: int) -> ResponseReturnValue:
    """Show the days that follow, or make the draft."""
    actor, moment = current_actor(), current_moment()
    visible_relation(db.session(), actor, relation_id)
    templates = live_templates(db.session(), actor)
    form = _with_choices(BeginForm(), templates)
    if not form.validate_on_submit() or form.day().data is None:
        if not form.day().errors and form.day().data is None:
            form.day().errors = [A_DAY]
        return _page(relation_id, form, templates), 400
    button = request.form.get("do", "draft")
    try:
        found = plan_beginning(db.session(), actor, moment, form.choice())
        if button == "earliest":
            form.counted.data, form.starts_on.data = FROM_START, found.earliest_start
            form.starts_on.raw_data = None
            found = plan_beginning(db.session(), actor, moment, form.choice())
        if button != "draft":
            return _page(relation_id, form, templates, found)
        with unit_of_work() as session:
            row = draft_from_template(session, actor, moment, relation_id, form.choice())
    except DomainError as error:
        refuse(form, error)
        is_late = error.facts.get("reason") == "start-has-passed"
        return _page(relation_id, form, templates, found if is_late else None), 400
    flash(gettext("This is the draft. The supplier sees nothing yet."))
    return redirect(url_for("composing.edit", pathway_id=row.id), 303)


def _with_choices(form: BeginForm, templates: list[Template]) -> BeginForm:
    locale = current_locale()
    form.template.choices = choices((t.code, template_title(t.title, locale)) for t in templates)
    levels = [(level.value, level_word(level.value, locale)) for level in Level]
    as_said = (AS_THE_TEMPLATE, gettext("What the template leads to"))
    form.target.choices = choices([as_said, *levels, (NO_TARGET, gettext("No certificate"))])
    form.counted.choices = choices(
        [
            (FROM_START, gettext("From a start day")),
            (BACK, gettext("Back from the day on which the certificate must be there")),
        ]
    )
    form.counted.data = form.counted.data or FROM_START
    form.target.data = form.target.data if form.target.data is not None else AS_THE_TEMPLATE
    return form


def _page(
    relation_id: int, form: BeginForm, templates: list[Template], found: Beginning | None = None
) -> str:
    return render_template(
        "buyer/pathways/begin.html",
        form=_with_choices(form, templates),
        relation=visible_relation(db.session(), current_actor(), relation_id),
        templates=templates,
        hints={template.code: _hint(template) for template in templates},
        found=found,
        may_govern=current_actor().may(Duty.GOVERN),
    )


def _hint(template: Template) -> str:
    """For whom it is, and how long it takes."""
    locale = current_locale()
    last = template.last_step
    said = gettext(
        "%(summary)s Takes %(length)s.",
        summary=template_summary(template.summary, locale),
        length=length_in_words(last.months, last.weeks, locale),
    )
    return str(said)
