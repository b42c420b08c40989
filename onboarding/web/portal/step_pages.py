"""The pages of one step, the same in the portal and behind the link of a mail.

What differs is where they lead: that is the `Way` that each page takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from onboarding.domain.errors import InputInvalid, LimitReached, NotFound
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.people import Duty, Side
from onboarding.i18n.steps import step_need
from onboarding.services.evidence import pending_uploads
from onboarding.services.pathway import milestones, requests
from onboarding.services.pathway.preparing import prepare_step, prepared_note
from onboarding.services.pathway.reading import read_step
from onboarding.services.pathway.views import PathwayView, StepView
from onboarding.services.portal_reading import buyer_of
from onboarding.services.threads import read_step_thread
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, portal_relation
from onboarding.web.forms import DateField, refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import DateForm, DelayForm, QuestionForm, ReportForm
from onboarding.web.portal.questions import send_question
from onboarding.web.uploading import first_unexplained, keep_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where the pages of one step lead.

    `done` is the page after something was sent, `home` that of all that waits. Behind the link
    of a mail there is no home, no download and no notice: for those somebody logs in, by asking
    for it at `log_in`, and the page says for whom it is (`person`).
    """

    step: str
    date: str
    delay: str
    question: str
    done: str
    take_back: Callable[[int], str]
    number: Callable[[int], str]
    home: str | None = None
    download: Callable[[int], str] | None = None
    report: Callable[[int], str] | None = None
    notice: Callable[[int], str] | None = None
    log_in: str | None = None
    person: str = ""


def show(way: Way, milestone_id: int) -> ResponseReturnValue:
    form = ReportForm(formdata=None, note=prepared_note(db.session(), milestone_id))
    return _page(way, milestone_id, form, 200)


def report(way: Way, milestone_id: int) -> ResponseReturnValue:
    """Keep what was filled in and, where the button says so, hand it in."""
    step = read(milestone_id)
    sends = request.form.get("action") == "send"
    if sends:
        current_actor().must(Duty.REPORT)
    form = ReportForm()
    if not form.validate():
        return _page(way, milestone_id, form, 422)
    relation_id = portal_relation().id
    kept = keep_files(form, relation_id, milestone_id)
    note = str(form.note.data or "")
    if form.files.errors or form.is_clean.errors:
        _prepare(milestone_id, note)
        return _page(way, milestone_id, form, 422)
    waiting = first_unexplained(kept)
    pending = pending_uploads(db.session(), current_actor(), relation_id, milestone_id)
    if waiting is not None or pending:
        _prepare(milestone_id, note)
        flash(_("Your text is kept. First tell us about a number in a file."), "warning")
        return redirect(way.number(waiting.id if waiting is not None else pending[0].id), 303)
    if not sends:
        return _save(way, step, milestone_id, note)
    if not note and not kept and not step.files:
        form.note.errors = [_("Write in a few words what you did, or add a file.")]
        return _page(way, milestone_id, form, 422)
    with unit_of_work() as session:
        milestones.submit_milestone(
            session,
            current_actor(),
            current_moment(),
            milestone_id,
            note=note or None,
            evidence_ids=[one.id for one in kept],
        )
    if step.is_reviewed:
        flash(_("Sent. We look at it and let you know; meanwhile you have nothing to do for it."))
    else:
        flash(_("Sent. This step is done."))
    return redirect(way.done, 303)


def show_date(way: Way, milestone_id: int) -> ResponseReturnValue:
    return _form_page("date", way, read(milestone_id), DateForm(formdata=None), 200)


def ask_date(way: Way, milestone_id: int) -> ResponseReturnValue:
    form = DateForm()
    said = _("Asked. As long as we have not answered, this step does not become late.")

    def ask_it(session: Session, wished_on: date) -> None:
        actor, moment, reason = current_actor(), current_moment(), str(form.reason.data)
        requests.ask_for_date(
            session, actor, moment, milestone_id, wished_on=wished_on, reason=reason
        )

    return _with_day("date", way, milestone_id, form, form.wished_on, ask_it, said)


def show_delay(way: Way, milestone_id: int) -> ResponseReturnValue:
    return _form_page("delay", way, read(milestone_id), DelayForm(formdata=None), 200)


def report_delay(way: Way, milestone_id: int) -> ResponseReturnValue:
    form = DelayForm()
    said = _("Reported. A delay at the certifying body does not count against you.")

    def report_it(session: Session, new_day: date) -> None:
        actor, moment, reason = current_actor(), current_moment(), str(form.reason.data)
        requests.report_outside_delay(
            session, actor, moment, milestone_id, new_day=new_day, reason=reason
        )

    return _with_day("delay", way, milestone_id, form, form.new_day, report_it, said)


def take_back(way: Way, milestone_id: int, request_id: int) -> ResponseReturnValue:
    """Take back what was asked about this step's day. Raises NotFound for another step's."""
    if not any(one.id == request_id for one in read(milestone_id).requests):
        raise NotFound(what="request")
    with unit_of_work() as session:
        requests.withdraw_request(session, current_actor(), current_moment(), request_id)
    flash(_("Taken back. The day stays as it was, and you have five working days at least."))
    return redirect(way.step, 303)


def show_question(way: Way, milestone_id: int) -> ResponseReturnValue:
    return _form_page("question", way, read(milestone_id), QuestionForm(formdata=None), 200)


def ask(way: Way, milestone_id: int) -> ResponseReturnValue:
    step = read(milestone_id)
    form = QuestionForm()
    kept = send_question(form, portal_relation().id, milestone_id)
    if kept is None:
        return _form_page("question", way, step, form, 422)
    waiting = first_unexplained(kept)
    return redirect(way.number(waiting.id) if waiting is not None else way.done, 303)


def read(milestone_id: int) -> StepView:
    return _read(milestone_id)[1]


def _read(milestone_id: int) -> tuple[PathwayView, StepView]:
    return read_step(db.session(), current_actor(), current_moment(), milestone_id)


def _prepare(milestone_id: int, note: str) -> None:
    """Keep the text, so that nobody types it twice."""
    if note:
        with unit_of_work() as session:
            prepare_step(session, current_actor(), current_moment(), milestone_id, note=note)


def _save(way: Way, step: StepView, milestone_id: int, note: str) -> ResponseReturnValue:
    """Kept for later; whoever reports tells with it that the step is begun."""
    _prepare(milestone_id, note)
    may_start = current_actor().may(Duty.REPORT) and step.owner is Side.SUPPLIER
    if may_start and step.state is MilestoneState.PLANNED:
        with unit_of_work() as session:
            milestones.start_milestone(session, current_actor(), current_moment(), milestone_id)
    flash(_("Saved. It is not sent yet."))
    return redirect(way.step, 303)


def _page(way: Way, milestone_id: int, form: ReportForm, status: int) -> ResponseReturnValue:
    actor, relation = current_actor(), portal_relation()
    pathway, step = _read(milestone_id)
    return (
        render_template(
            "portal/step.html",
            way=way,
            step=step,
            form=form,
            relation=relation,
            need=step.explanation or step_need(step.title, current_locale()),
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_report=actor.may(Duty.REPORT),
            pending=pending_uploads(db.session(), actor, relation.id, milestone_id),
            talk=read_step_thread(db.session(), actor, milestone_id) if way.home else None,
            is_asked=pathway.is_running,
            may_fill_in=pathway.is_running
            and step.is_open()
            and step.state is not MilestoneState.SUBMITTED
            and step.owner is not Side.BUYER,
        ),
        status,
    )


def _with_day(
    page: str,
    way: Way,
    milestone_id: int,
    form: DateForm | DelayForm,
    day: DateField,
    doing: Callable[[Session, date], None],
    said: str,
) -> ResponseReturnValue:
    """Send a form that asks for a day and a reason; what cannot be, the form says."""
    step = read(milestone_id)
    if not form.validate() or day.data is None:
        return _form_page(page, way, step, form, 422)
    try:
        with unit_of_work() as session:
            doing(session, day.data)
    except (InputInvalid, LimitReached) as refused:
        refuse(form, refused)
        return _form_page(page, way, step, form, 422)
    flash(said)
    return redirect(way.done, 303)


def _form_page(
    page: str,
    way: Way,
    step: StepView,
    form: DateForm | DelayForm | QuestionForm,
    status: int,
) -> ResponseReturnValue:
    relation = portal_relation()
    buyer = buyer_of(db.session(), relation, current_moment().today) if page == "question" else None
    return (
        render_template(f"portal/{page}.html", way=way, step=step, form=form, buyer=buyer),
        status,
    )
