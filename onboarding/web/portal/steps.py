"""One step in the portal: reporting it, asking for another date, a body's delay, a question."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.people import Duty
from onboarding.services import conversations
from onboarding.services.portal_reading import buyer_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.moments import current_moment
from onboarding.web.portal import step_pages
from onboarding.web.portal.forms import QuestionForm
from onboarding.web.portal.step_pages import Way

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
        home=home,
        number=lambda number: url_for(
            "portal_files.show", relation_id=relation_id, evidence_id=number
        ),
        download=lambda number: url_for(
            "portal_files.download", relation_id=relation_id, evidence_id=number
        ),
        notice=lambda number: url_for(
            "portal_replies.show_notice", relation_id=relation_id, notice_id=number
        ),
    )


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
    if not form.validate():
        return _own_question_page(relation_id, form, 422)
    with unit_of_work() as session:
        conversations.ask_question(
            session, current_actor(), current_moment(), relation_id, text=str(form.text.data)
        )
    flash(_("Your question is sent. You get the answer by mail."))
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)


def _own_question_page(relation_id: int, form: QuestionForm, status: int) -> ResponseReturnValue:
    buyer = buyer_of(db.session(), portal_relation(), current_moment().today)
    home = url_for("portal_home.show", relation_id=relation_id)
    return (
        render_template("portal/question.html", step=None, form=form, home=home, buyer=buyer),
        status,
    )
