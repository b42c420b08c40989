"""One step in the portal: reporting it, asking for another date, a body's delay, a question."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from onboarding.domain.people import Duty
from onboarding.services.portal_reading import buyer_of
from onboarding.store.database import db
from onboarding.web.access import needs_contact, portal_relation
from onboarding.web.moments import current_moment
from onboarding.web.portal import step_pages
from onboarding.web.portal.forms import QuestionForm
from onboarding.web.portal.questions import send_question
from onboarding.web.portal.step_pages import Way
from onboarding.web.uploading import first_unexplained

blueprint = Blueprint("portal_steps", __name__)


def _way(relation_id: int, milestone_id: int) -> Way:
    def to(page: str) -> str:
        return url_for(f"portal_steps.{page}", relation_id=relation_id, milestone_id=milestone_id)

    home = url_for("portal_home.show", relation_id=relation_id)
    return Way(
        step=to("show"),
        date=to("show_date"),
        delay=to("show_delay"),
        question=to("show_question"),
        done=home,
        take_back=lambda number: url_for(
            "portal_steps.take_back",
            relation_id=relation_id,
            milestone_id=milestone_id,
            request_id=number,
        ),
        home=home,
        number=lambda number: _number(relation_id, number),
        download=lambda number: url_for(
            "portal_files.download", relation_id=relation_id, evidence_id=number
        ),
        report=lambda number: url_for(
            "portal_reporting.show_file", relation_id=relation_id, evidence_id=number
        ),
        notice=lambda number: url_for(
            "portal_replies.show_notice", relation_id=relation_id, notice_id=number
        ),
    )


def _number(relation_id: int, evidence_id: int) -> str:
    return url_for("portal_files.show", relation_id=relation_id, evidence_id=evidence_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.show(_way(relation_id, milestone_id), milestone_id)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>")
@needs_contact(Duty.FILL_IN)
def report(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.report(_way(relation_id, milestone_id), milestone_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/date")
@needs_contact(Duty.REPORT)
def show_date(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.show_date(_way(relation_id, milestone_id), milestone_id)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/date")
@needs_contact(Duty.REPORT)
def ask_date(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.ask_date(_way(relation_id, milestone_id), milestone_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/delay")
@needs_contact(Duty.REPORT)
def show_delay(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.show_delay(_way(relation_id, milestone_id), milestone_id)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/delay")
@needs_contact(Duty.REPORT)
def report_delay(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.report_delay(_way(relation_id, milestone_id), milestone_id)


@blueprint.post(
    "/portal/<int:relation_id>/steps/<int:milestone_id>/requests/<int:request_id>/take-back"
)
@needs_contact(Duty.REPORT)
def take_back(relation_id: int, milestone_id: int, request_id: int) -> ResponseReturnValue:
    return step_pages.take_back(_way(relation_id, milestone_id), milestone_id, request_id)


@blueprint.get("/portal/<int:relation_id>/steps/<int:milestone_id>/question")
@needs_contact(Duty.REPORT)
def show_question(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.show_question(_way(relation_id, milestone_id), milestone_id)


@blueprint.post("/portal/<int:relation_id>/steps/<int:milestone_id>/question")
@needs_contact(Duty.REPORT)
def ask(relation_id: int, milestone_id: int) -> ResponseReturnValue:
    return step_pages.ask(_way(relation_id, milestone_id), milestone_id)


@blueprint.get("/portal/<int:relation_id>/question")
@needs_contact(Duty.REPORT)
def show_own_question(relation_id: int) -> ResponseReturnValue:
    return _own_question_page(relation_id, QuestionForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/question")
@needs_contact(Duty.REPORT)
def ask_own(relation_id: int) -> ResponseReturnValue:
    """A question about no step in particular."""
    form = QuestionForm()
    kept = send_question(form, relation_id, None)
    if kept is None:
        return _own_question_page(relation_id, form, 422)
    waiting = first_unexplained(kept)
    if waiting is not None:
        return redirect(_number(relation_id, waiting.id), 303)
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)


def _own_question_page(relation_id: int, form: QuestionForm, status: int) -> ResponseReturnValue:
    buyer = buyer_of(db.session(), portal_relation(), current_moment().today)
    home = url_for("portal_home.show", relation_id=relation_id)
    return (
        render_template("portal/question.html", step=None, form=form, home=home, buyer=buyer),
        status,
    )
