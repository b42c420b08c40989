"""No reminders until after a day: about one step, or about all of a supplier."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services.mail import snoozes
from onboarding.store import snoozes as store
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import MilestoneRow, RelationRow, SnoozeRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, filled_in, refuse, text
from onboarding.web.moments import current_moment
from onboarding.web.pathways.addresses import supplier_url

blueprint = Blueprint("snoozing", __name__)
A_DAY = _("Fill in a day, such as 2027-03-31.")


class SnoozeForm(FlaskForm):
    until_on = DateField(_("No reminders up to and including"), [filled_in(A_DAY)])
    reason = TextAreaField(
        _("Why?"), [filled_in(), text()], description=_("The supplier reads this.")
    )


@blueprint.get("/suppliers/<int:relation_id>/snooze")
@needs(Duty.BUY)
def show_supplier(relation_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    return _page(relation, None, SnoozeForm(formdata=None), 200)


@blueprint.post("/suppliers/<int:relation_id>/snooze")
@needs(Duty.BUY)
def put_off_supplier(relation_id: int) -> ResponseReturnValue:
    return _put_off(visible_relation(db.session(), current_actor(), relation_id), None)


@blueprint.get("/milestones/<int:milestone_id>/snooze")
@needs(Duty.BUY)
def show_step(milestone_id: int) -> ResponseReturnValue:
    relation, step = snoozes.visible_step(db.session(), current_actor(), milestone_id)
    return _page(relation, step, SnoozeForm(formdata=None), 200)


@blueprint.post("/milestones/<int:milestone_id>/snooze")
@needs(Duty.BUY)
def put_off_step(milestone_id: int) -> ResponseReturnValue:
    return _put_off(*snoozes.visible_step(db.session(), current_actor(), milestone_id))


@blueprint.post("/snoozes/<int:snooze_id>/end")
@needs(Duty.BUY)
def end(snooze_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        row = snoozes.let_reminders_go_on(session, current_actor(), current_moment(), snooze_id)
        back = _back(row.relation_id, row.milestone_id)
    flash(gettext("The reminders go on."))
    return redirect(back, 303)


def _put_off(relation: RelationRow, step: MilestoneRow | None) -> ResponseReturnValue:
    form = SnoozeForm()
    if not form.validate_on_submit() or form.until_on.data is None:
        return _page(relation, step, form, 400)
    try:
        with unit_of_work() as session:
            snoozes.put_off_reminders(
                session,
                current_actor(),
                current_moment(),
                relation.id,
                until_on=form.until_on.data,
                reason=form.reason.data or "",
                milestone_id=step.id if step else None,
            )
    except InputInvalid as refused:
        refuse(form, refused)
        return _page(relation, step, form, 400)
    flash(gettext("Put off. The supplier can read it, with your reason."))
    return redirect(_back(relation.id, step.id if step else None), 303)


def _page(
    relation: RelationRow, step: MilestoneRow | None, form: SnoozeForm, status: int
) -> ResponseReturnValue:
    milestone_id = step.id if step else None
    running = store.own(db.session(), relation.id, milestone_id, current_moment().today)
    page = render_template(
        "buyer/pathways/snooze.html",
        relation=relation,
        step=step,
        form=form,
        running=running[0] if running else None,
        back=_back(relation.id, milestone_id),
    )
    return page, status


def _back(relation_id: int, milestone_id: int | None) -> str:
    if milestone_id is None:
        return supplier_url(relation_id)
    return url_for("reviewing.show", milestone_id=milestone_id)


def snooze_about(relation_id: int, milestone_id: int | None = None) -> SnoozeRow | None:
    """What a page of a step or a supplier tells of it, on either side."""
    return store.about(db.session(), relation_id, milestone_id, current_moment().today)
