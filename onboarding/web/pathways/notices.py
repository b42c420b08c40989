"""A formal notice on a page: what it will say; send, hold, add a line, give it, answer a reply."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.notices import cure_end
from onboarding.domain.people import Channel, Duty
from onboarding.i18n import word
from onboarding.services.opening import calendar_with_closures
from onboarding.services.pathway import notices
from onboarding.services.pathway.reading import read_step
from onboarding.services.pathway.views import NoticeView, PathwayView, StepView
from onboarding.services.statuses import policies_of
from onboarding.store.contact_days import last_contact_on
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import NoticeRow
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, refuse, text
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("notices", __name__)
GIVEN_BY = (Channel.LETTER, Channel.MEETING, Channel.MAIL)


class HoldForm(FlaskForm):
    reason = TextAreaField(_("Why does it wait?"), [filled_in(), text()])


class LineForm(FlaskForm):
    line = TextAreaField(
        _("A line of your own"),
        [filled_in(), text()],
        description=_("It stands in the warning, below what is asked."),
    )


class GivenForm(FlaskForm):
    channel = RadioField(_("How was it given?"), [filled_in(_("Choose an answer."))])
    given_on = DateField(_("On which day?"), [filled_in(_("Fill in a day, such as 2027-03-31."))])


class AnswerForm(FlaskForm):
    text = TextAreaField(
        _("Your answer"),
        [filled_in(), text()],
        description=_("With your answer the supplier has five working days more, or longer."),
    )


FORMS: dict[str, type[FlaskForm]] = {
    "hold": HoldForm,
    "line": LineForm,
    "given": GivenForm,
    "answer": AnswerForm,
}


@blueprint.get("/notices/<int:notice_id>")
@needs(Duty.READ)
def show(notice_id: int) -> ResponseReturnValue:
    return _page(notice_id)


@blueprint.post("/notices/<int:notice_id>/send")
@needs(Duty.BUY)
def send(notice_id: int) -> ResponseReturnValue:
    _read(notice_id)
    with unit_of_work() as session:
        notices.send_now(session, current_actor(), current_moment(), notice_id)
    return _done(notice_id, gettext("The warning goes out now."))


@blueprint.post("/notices/<int:notice_id>/release")
@needs(Duty.BUY)
def release(notice_id: int) -> ResponseReturnValue:
    _read(notice_id)
    with unit_of_work() as session:
        notices.release_notice(session, current_actor(), current_moment(), notice_id)
    return _done(notice_id, gettext("The warning goes out on the next working day."))


@blueprint.post("/notices/<int:notice_id>/hold")
@needs(Duty.BUY)
def hold(notice_id: int) -> ResponseReturnValue:
    return _do(notice_id, "hold", gettext("The warning waits until you release it."))


@blueprint.post("/notices/<int:notice_id>/line")
@needs(Duty.BUY)
def line(notice_id: int) -> ResponseReturnValue:
    return _do(notice_id, "line", gettext("Your line stands in the warning."))


@blueprint.post("/notices/<int:notice_id>/given")
@needs(Duty.BUY)
def given(notice_id: int) -> ResponseReturnValue:
    return _do(notice_id, "given", gettext("Recorded. The time to repair counts from that day."))


@blueprint.post("/notices/<int:notice_id>/answer")
@needs(Duty.BUY)
def answer(notice_id: int) -> ResponseReturnValue:
    return _do(notice_id, "answer", gettext("Your answer is on its way to the supplier."))


def _do(notice_id: int, what: str, said: str) -> ResponseReturnValue:
    _read(notice_id)
    form = _form(what)
    if not form.validate_on_submit():
        return _page(notice_id, form, what), 400
    try:
        _perform(notice_id, what, form)
    except InputInvalid as error:
        refuse(form, error)
        return _page(notice_id, form, what), 400
    return _done(notice_id, said)


def _perform(notice_id: int, what: str, form: FlaskForm) -> None:
    actor, moment = current_actor(), current_moment()
    with unit_of_work() as session:
        match what:
            case "hold":
                reason = form["reason"].data
                notices.hold_notice(session, actor, moment, notice_id, reason=reason)
            case "line":
                notices.add_line(session, actor, moment, notice_id, line=form["line"].data)
            case "given":
                notices.given_otherwise(
                    session,
                    actor,
                    moment,
                    notice_id,
                    given_on=form["given_on"].data,
                    channel=Channel(form["channel"].data),
                )
            case _:
                notices.answer_reply(session, actor, moment, notice_id, text=form["text"].data)


def _done(notice_id: int, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


def _form(what: str) -> FlaskForm:
    form = FORMS[what]()
    if isinstance(form, GivenForm):
        locale = current_locale()
        form.channel.choices = choices((c.value, word("channel", c, locale)) for c in GIVEN_BY)
    return form


def _read(notice_id: int) -> tuple[PathwayView, StepView, NoticeView]:
    row = db.session().get(NoticeRow, notice_id)
    if row is None:
        raise NotFound(what="notice")
    actor, moment = current_actor(), current_moment()
    pathway, step = read_step(db.session(), actor, moment, row.milestone_id)
    notice = next((one for one in step.notices if one.id == notice_id), None)
    if notice is None:
        raise NotFound(what="notice")
    return pathway, step, notice


def _page(notice_id: int, form: FlaskForm | None = None, what: str = "") -> str:
    pathway, step, notice = _read(notice_id)
    actor, moment = current_actor(), current_moment()
    relation = visible_relation(db.session(), actor, pathway.relation_id)
    policy = policies_of(db.session(), actor.customer_id).on(moment.today)
    calendar = calendar_with_closures(db.session(), relation.id, policy)
    forms = {name: _form(name) for name in FORMS}
    if form is not None:
        forms[what] = form
    sent_on = max(notice.planned_on, moment.today)
    return render_template(
        "buyer/pathways/notice.html",
        pathway=pathway,
        step=step,
        notice=notice,
        relation=relation,
        called=last_contact_on(db.session(), relation.id, notice.missed_on),
        cure_ends_on=notice.cure_ends_on
        or cure_end(sent_on, pathway.cure_working_days, policy, calendar),
        clock_decides=notice.clock_decides if notice.cure_ends_on else policy.clock_decides,
        may_buy=actor.may(Duty.BUY),
        forms=forms,
        form=form,
        tried=what,
    )
