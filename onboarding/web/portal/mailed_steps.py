"""One step behind the link of a mail, for fourteen days and without a log-in.

A GET shows, a POST does. Nothing else of the relation is here: no other step, no download, no
agreement; for those the page mails a link to log in.
"""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.access import LinkPurpose
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Duty
from onboarding.services.accounts import ask_portal_link
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import visible_evidence
from onboarding.store.tables import EvidenceRow
from onboarding.web.access import client_address, current_actor, entry
from onboarding.web.mailed_access import needs_link, opened
from onboarding.web.moments import current_moment
from onboarding.web.portal import step_pages
from onboarding.web.portal.files import number_answered, number_asked
from onboarding.web.portal.step_pages import Way

blueprint = Blueprint("mailed_steps", __name__)


def _way(token: str) -> Way:
    def to(page: str) -> str:
        return url_for(f"mailed_steps.{page}", token=token)

    return Way(
        step=to("show"),
        date=to("show_date"),
        delay=to("show_delay"),
        question=to("show_question"),
        done=to("show"),
        take_back=lambda number: url_for("mailed_steps.take_back", token=token, request_id=number),
        number=lambda number: url_for("mailed_steps.show_file", token=token, evidence_id=number),
        log_in=to("mail_log_in"),
        person=opened().person.name,
    )


def _step_id() -> int:
    milestone_id = opened().milestone_id
    assert milestone_id is not None  # a link with this purpose is about a step
    return milestone_id


@blueprint.get("/portal/step/<token>")
@needs_link(LinkPurpose.STEP)
def show(token: str) -> ResponseReturnValue:
    return step_pages.show(_way(token), _step_id())


@blueprint.post("/portal/step/<token>")
@needs_link(LinkPurpose.STEP)
def report(token: str) -> ResponseReturnValue:
    return step_pages.report(_way(token), _step_id())


@blueprint.get("/portal/step/<token>/date")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def show_date(token: str) -> ResponseReturnValue:
    return step_pages.show_date(_way(token), _step_id())


@blueprint.post("/portal/step/<token>/date")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def ask_date(token: str) -> ResponseReturnValue:
    return step_pages.ask_date(_way(token), _step_id())


@blueprint.get("/portal/step/<token>/delay")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def show_delay(token: str) -> ResponseReturnValue:
    return step_pages.show_delay(_way(token), _step_id())


@blueprint.post("/portal/step/<token>/delay")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def report_delay(token: str) -> ResponseReturnValue:
    return step_pages.report_delay(_way(token), _step_id())


@blueprint.post("/portal/step/<token>/requests/<int:request_id>/take-back")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def take_back(token: str, request_id: int) -> ResponseReturnValue:
    return step_pages.take_back(_way(token), _step_id(), request_id)


@blueprint.get("/portal/step/<token>/question")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def show_question(token: str) -> ResponseReturnValue:
    return step_pages.show_question(_way(token), _step_id())


@blueprint.post("/portal/step/<token>/question")
@needs_link(LinkPurpose.STEP, Duty.REPORT)
def ask(token: str) -> ResponseReturnValue:
    return step_pages.ask(_way(token), _step_id())


@blueprint.get("/portal/step/<token>/files/<int:evidence_id>")
@needs_link(LinkPurpose.STEP)
def show_file(token: str, evidence_id: int) -> ResponseReturnValue:
    return number_asked(_own_file(evidence_id), _crumbs(token), _way(token).step)


@blueprint.post("/portal/step/<token>/files/<int:evidence_id>")
@needs_link(LinkPurpose.STEP)
def explain(token: str, evidence_id: int) -> ResponseReturnValue:
    return number_answered(_own_file(evidence_id), _crumbs(token), _way(token).step)


@blueprint.post("/portal/step/<token>/log-in")
@needs_link(LinkPurpose.STEP)
def mail_log_in(token: str) -> ResponseReturnValue:
    """Mail the reader a link to log in, as often as anybody may ask for one."""
    here = opened()
    after = url_for("portal_steps.show", relation_id=here.relation.id, milestone_id=_step_id())
    with unit_of_work() as session:
        ask_portal_link(
            session, entry(), current_moment(), here.person.email or "", client_address(), after
        )
    flash(_("A mail with a link to log in is on its way to you."))
    return redirect(_way(token).step, 303)


def _own_file(evidence_id: int) -> EvidenceRow:
    """A file that this reader sent for this step. Raises NotFound for any other."""
    row = visible_evidence(db.session(), current_actor(), evidence_id)
    if row.milestone_id != _step_id() or row.uploaded_by != current_actor().person_id:
        raise NotFound(what="evidence")
    return row


def _crumbs(token: str) -> list[tuple[str, str | None]]:
    return [(_("My step"), _way(token).step), (_("A number in your file"), None)]
