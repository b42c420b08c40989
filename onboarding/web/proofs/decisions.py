"""Decisions: take one, announce a block otherwise, answer a reply to it, end one early."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Optional

from onboarding.domain.decision_moves import earliest_block
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import InputInvalid
from onboarding.domain.grants import may_sign
from onboarding.domain.people import Duty
from onboarding.services import decisions
from onboarding.services.proof_reading import read_decision
from onboarding.services.proof_views import DecisionView
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, refuse, text
from onboarding.web.moments import current_moment
from onboarding.web.proofs.files import FilesForm, after_keeping, keep
from onboarding.web.uploading import checked_files, choose_again, clean_field, files_field

blueprint = Blueprint("decisions", __name__)
A_DAY = _("Fill in a day, such as 2027-03-31.")


class DecideForm(FlaskForm):
    """A decision with a last day."""

    reason = TextAreaField(_("Why?"), [filled_in(), text()])
    starts_on = DateField(_("First day"), [filled_in(A_DAY)])
    ends_on = DateField(_("Last day"), [filled_in(A_DAY)])
    files = files_field(_("Files"))
    is_clean = clean_field()


class BlockForm(FlaskForm):
    """A block may go on without an end, and may be urgent."""

    reason = TextAreaField(
        _("Why?"),
        [filled_in(), text()],
        description=_("The supplier reads it in the announcement."),
    )
    starts_on = DateField(_("First day"), [filled_in(A_DAY)])
    ends_on = DateField(_("Last day"), [Optional()])
    is_urgent = BooleanField(
        _("It cannot wait fourteen days, for the reason above"),
        description=_("The supplier is told, and the block holds from the first day."),
    )


class RefuseForm(FlaskForm):
    """Why a second manager does not sign."""

    answer = TextAreaField(
        _("Why not?"),
        [filled_in(), text()],
        description=_("Your colleague reads it, the supplier does not."),
    )


class GivenForm(FlaskForm):
    given_on = DateField(_("Told on"), [filled_in(A_DAY)])


class AnswerForm(FlaskForm):
    text = TextAreaField(
        _("Your answer"), [filled_in(), text()], description=_("The supplier reads it.")
    )
    outcome = RadioField(_("What happens now?"), [filled_in(_("Choose an answer."))])


class EndForm(FlaskForm):
    ended_on = DateField(_("From which day does it no longer hold?"), [filled_in(A_DAY)])
    reason = TextAreaField(_("Why?"), [filled_in(), text()], id="end-reason")


FORMS: dict[str, type[FlaskForm]] = {"given": GivenForm, "answer": AnswerForm, "end": EndForm}


@blueprint.get("/suppliers/<int:relation_id>/decisions/new/<kind>")
@needs(Duty.BUY)
def decide(relation_id: int, kind: str) -> ResponseReturnValue:
    today = current_moment().today
    is_block = _kind(kind) is DecisionKind.BLOCK
    form = BlockForm() if is_block else DecideForm()
    form.starts_on.data = earliest_block(today, False) if is_block else today
    return _decide_page(relation_id, _kind(kind), form)


@blueprint.post("/suppliers/<int:relation_id>/decisions/new/<kind>")
@needs(Duty.BUY)
def decide_post(relation_id: int, kind: str) -> ResponseReturnValue:
    visible_relation(db.session(), current_actor(), relation_id)
    is_block = _kind(kind) is DecisionKind.BLOCK
    form: BlockForm | DecideForm = BlockForm() if is_block else DecideForm()
    is_right = form.validate_on_submit()
    uploads = checked_files(form) if isinstance(form, DecideForm) else []
    if is_right and not form.errors:
        assert isinstance(form.starts_on.data, date)
        try:
            with unit_of_work() as session:
                decision_id = decisions.take_decision(
                    session,
                    current_actor(),
                    current_moment(),
                    relation_id,
                    _kind(kind),
                    reason=form.reason.data or "",
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    is_urgent=isinstance(form, BlockForm) and bool(form.is_urgent.data),
                )
                kept = keep(session, relation_id, decision_id, uploads)
        except InputInvalid as error:
            refuse(form, error)
        else:
            flash(_what_was_done(decision_id))
            return after_keeping(decision_id, kept)
    if isinstance(form, DecideForm):
        choose_again(form)
    return _decide_page(relation_id, _kind(kind), form), 400


@blueprint.get("/decisions/<int:decision_id>")
@needs(Duty.READ)
def show(decision_id: int) -> ResponseReturnValue:
    return decision_page(read_one(decision_id))


@blueprint.post("/decisions/<int:decision_id>/given")
@needs(Duty.GOVERN)
def given(decision_id: int) -> ResponseReturnValue:
    return _do(decision_id, "given")


@blueprint.post("/decisions/<int:decision_id>/answer")
@needs(Duty.GOVERN)
def answer(decision_id: int) -> ResponseReturnValue:
    return _do(decision_id, "answer")


@blueprint.post("/decisions/<int:decision_id>/end")
@needs(Duty.BUY)
def end(decision_id: int) -> ResponseReturnValue:
    return _do(decision_id, "end")


@blueprint.post("/decisions/<int:decision_id>/files")
@needs(Duty.BUY)
def add_files(decision_id: int) -> ResponseReturnValue:
    """The proof, or more of it."""
    decision = read_one(decision_id)
    form = FilesForm()
    form.validate_on_submit()
    uploads = checked_files(form)
    if not uploads and not form.errors:
        form.files.errors = [gettext("Choose a file.")]
    if form.errors:
        return decision_page(decision, form, "files"), 400
    with unit_of_work() as session:
        kept = keep(session, decision.relation_id, decision_id, uploads)
    flash(gettext("The file is kept with this decision."))
    return after_keeping(decision_id, kept)


def _what_was_done(decision_id: int) -> str:
    decision = read_one(decision_id)
    if decision.code == "asked":
        said = gettext("Asked. It counts for nothing until a second contract manager has signed.")
    elif decision.is_block:
        said = gettext("Decided. The supplier is told before it begins.")
    else:
        said = gettext("Decided.")
    return str(said)


def _do(decision_id: int, what: str) -> ResponseReturnValue:
    decision = read_one(decision_id)
    form = _with_outcomes(FORMS[what]())
    if not form.validate_on_submit():
        return decision_page(decision, form, what), 400
    actor, moment = current_actor(), current_moment()
    try:
        with unit_of_work() as session:
            match form:
                case GivenForm():
                    assert isinstance(form.given_on.data, date)
                    decisions.announcement_given(
                        session, actor, moment, decision_id, given_on=form.given_on.data
                    )
                case AnswerForm():
                    decisions.answer_block_reply(
                        session,
                        actor,
                        moment,
                        decision_id,
                        text=form.text.data or "",
                        is_withdrawn=form.outcome.data == "withdraw",
                    )
                case EndForm():
                    assert isinstance(form.ended_on.data, date)
                    decisions.end_decision(
                        session,
                        actor,
                        moment,
                        decision_id,
                        ended_on=form.ended_on.data,
                        reason=form.reason.data or "",
                    )
    except InputInvalid as error:
        refuse(form, error)
        return decision_page(decision, form, what), 400
    said = {
        "given": gettext("Recorded. The days of the block count from there."),
        "answer": gettext("Answered. The supplier is told."),
        "end": gettext("Ended early."),
    }
    flash(said[what])
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)


def _kind(kind: str) -> DecisionKind:
    if kind not in [known.value for known in DecisionKind]:
        abort(404)
    return DecisionKind(kind)


def _with_outcomes(form: FlaskForm) -> FlaskForm:
    if isinstance(form, AnswerForm):
        form.outcome.choices = choices(
            [
                ("keep", gettext("The block stays, from today at the earliest")),
                ("withdraw", gettext("I withdraw the block")),
            ]
        )
    return form


def _decide_page(relation_id: int, kind: DecisionKind, form: FlaskForm) -> str:
    actor = current_actor()
    if kind is DecisionKind.BLOCK:
        actor.must(Duty.GOVERN)
    relation = visible_relation(db.session(), actor, relation_id)
    return render_template(
        "buyer/proofs/decide.html",
        relation=relation,
        kind=kind,
        form=form,
        policy=policies_of(db.session(), actor.customer_id).on(current_moment().today),
    )


def read_one(decision_id: int) -> DecisionView:
    return read_decision(db.session(), current_actor(), current_moment(), decision_id)


def decision_page(decision: DecisionView, form: FlaskForm | None = None, tried: str = "") -> str:
    actor, today = current_actor(), current_moment().today
    forms = {
        "given": GivenForm(formdata=None, given_on=today),
        "answer": _with_outcomes(AnswerForm(formdata=None)),
        "end": EndForm(formdata=None, ended_on=today),
        "files": FilesForm(formdata=None),
        "refuse": RefuseForm(formdata=None),
    }
    if form is not None:
        forms[tried] = form
    return render_template(
        "buyer/proofs/decision.html",
        decision=decision,
        relation=visible_relation(db.session(), actor, decision.relation_id),
        may_end=actor.may(Duty.GOVERN if decision.is_block else Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
        may_buy=actor.may(Duty.BUY),
        may_take_back=decision.signing is not None
        and decision.signing.asked_by_id == actor.person_id
        and actor.may(Duty.BUY),
        may_sign=decision.signing is not None and may_sign(decision.signing.asked_by_id, actor),
        forms=forms,
        form=form,
        tried=tried,
    )
