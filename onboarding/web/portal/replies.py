"""Replying: to a warning with time to repair, and to an announced block."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import AlreadyOpen, InputInvalid, NotFound
from onboarding.domain.people import Duty
from onboarding.services.decisions import reply_to_block
from onboarding.services.pathway.notices import reply_to_notice
from onboarding.services.pathway.reading import read_step
from onboarding.services.pathway.views import NoticeView, StepView
from onboarding.services.portal_reading import BlockView, buyer_of, read_block
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import NoticeRow
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import ReplyForm

blueprint = Blueprint("portal_replies", __name__)


def _read_notice(notice_id: int) -> tuple[StepView, NoticeView]:
    """A notice that was handed over, and its step. Raises NotFound."""
    row = db.session.get(NoticeRow, notice_id)
    if row is None:
        raise NotFound(what="notice")
    _, step = read_step(db.session(), current_actor(), current_moment(), row.milestone_id)
    notice = next((one for one in step.notices if one.id == notice_id), None)
    if notice is None or notice.handed_over_on is None:
        raise NotFound(what="notice")
    return step, notice


@blueprint.get("/portal/<int:relation_id>/notices/<int:notice_id>")
@needs_contact(Duty.FILL_IN)
def show_notice(relation_id: int, notice_id: int) -> ResponseReturnValue:
    step, notice = _read_notice(notice_id)
    return _notice_page(step, notice, ReplyForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/notices/<int:notice_id>")
@needs_contact(Duty.REPORT)
def reply_notice(relation_id: int, notice_id: int) -> ResponseReturnValue:
    step, notice = _read_notice(notice_id)
    form = ReplyForm()
    if not form.validate():
        return _notice_page(step, notice, form, 422)
    try:
        with unit_of_work() as session:
            reply_to_notice(
                session,
                current_actor(),
                current_moment(),
                notice_id,
                text=str(form.text.data),
            )
    except (AlreadyOpen, InputInvalid) as refused:
        refuse(form, refused)
        return _notice_page(step, notice, form, 422)
    flash(_("Your reply is sent. As long as we have not answered, nothing changes."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/decisions/<int:decision_id>")
@needs_contact(Duty.FILL_IN)
def show_block(relation_id: int, decision_id: int) -> ResponseReturnValue:
    block = read_block(db.session(), current_actor(), current_moment(), decision_id)
    return _block_page(block, ReplyForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/decisions/<int:decision_id>")
@needs_contact(Duty.REPORT)
def reply_block(relation_id: int, decision_id: int) -> ResponseReturnValue:
    block = read_block(db.session(), current_actor(), current_moment(), decision_id)
    form = ReplyForm()
    if not form.validate():
        return _block_page(block, form, 422)
    try:
        with unit_of_work() as session:
            reply_to_block(
                session,
                current_actor(),
                current_moment(),
                decision_id,
                text=str(form.text.data),
            )
    except (AlreadyOpen, InputInvalid) as refused:
        refuse(form, refused)
        return _block_page(block, form, 422)
    flash(_("Your reply is sent. A contract manager answers it."))
    return _home(relation_id)


def _notice_page(
    step: StepView, notice: NoticeView, form: ReplyForm, status: int
) -> ResponseReturnValue:
    relation = portal_relation()
    return (
        render_template(
            "portal/notice.html",
            step=step,
            notice=notice,
            form=form,
            relation=relation,
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_reply=current_actor().may(Duty.REPORT) and not notice.reply_waits(),
        ),
        status,
    )


def _block_page(block: BlockView, form: ReplyForm, status: int) -> ResponseReturnValue:
    relation = portal_relation()
    return (
        render_template(
            "portal/block.html",
            block=block,
            form=form,
            relation=relation,
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_reply=current_actor().may(Duty.REPORT) and block.may_reply(),
        ),
        status,
    )


def _home(relation_id: int) -> ResponseReturnValue:
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)
