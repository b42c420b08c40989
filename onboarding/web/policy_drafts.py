"""A draft of a policy: what it would change, how far the counting is, publishing or dropping it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.clock import Clock
from onboarding.domain.errors import InputInvalid, MoveRefused, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services.policy.draft_reading import DraftView, read_draft
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_again, drop_draft
from onboarding.services.policy.publishing import begin_publishing
from onboarding.store.database import db, unit_of_work
from onboarding.store.policy_drafts import visible_draft
from onboarding.web.access import current_actor, needs
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("policy_drafts", __name__)
PIECE = 2  # batches in one request: nobody waits longer than a second or two


@blueprint.get("/policy/drafts/<int:draft_id>")
@needs(Duty.GOVERN)
def show(draft_id: int) -> str:
    only, page = request.args.get("only", ""), number_asked("page") or 1
    view: DraftView = read_draft(db.session(), current_actor(), draft_id, only, page)
    return render_template("buyer/policy-draft.html", view=view)


@blueprint.post("/policy/drafts/<int:draft_id>/next")
@needs(Duty.GOVERN)
def go_on(draft_id: int) -> ResponseReturnValue:
    """Do the next of it now, without waiting for the worker."""
    visible_draft(db.session(), current_actor(), draft_id)
    take_a_piece(draft_id)
    return _back(draft_id)


@blueprint.post("/policy/drafts/<int:draft_id>/count")
@needs(Duty.GOVERN)
def count(draft_id: int) -> ResponseReturnValue:
    """Count anew, with what was recorded since."""
    try:
        with unit_of_work() as session:
            count_again(session, current_actor(), draft_id)
    except MoveRefused as refused:
        flash(error_text(refused.code, refused.facts, current_locale()), "warning")
    else:
        take_a_piece(draft_id)
    return _back(draft_id)


@blueprint.post("/policy/drafts/<int:draft_id>/publish")
@needs(Duty.GOVERN)
def publish(draft_id: int) -> ResponseReturnValue:
    """From now on it is prepared; the worker goes on, whoever looks."""
    try:
        with unit_of_work() as session:
            begin_publishing(session, current_actor(), current_moment(), draft_id)
    except (InputInvalid, MoveRefused, VersionOutdated) as refused:
        flash(error_text(refused.code, refused.facts, current_locale()), "warning")
    else:
        take_a_piece(draft_id)
    return _back(draft_id)


@blueprint.post("/policy/drafts/<int:draft_id>/drop")
@needs(Duty.GOVERN)
def drop(draft_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            drop_draft(session, current_actor(), current_moment(), draft_id)
    except MoveRefused as refused:
        flash(error_text(refused.code, refused.facts, current_locale()), "warning")
        return _back(draft_id)
    flash(_("The draft is thrown away. The policy stays as it is."))
    return redirect(url_for("policies.show"), 303)


def take_a_piece(draft_id: int) -> None:
    """Do some of it in this request; the worker does the rest, whoever looks."""
    clock: Clock = current_app.extensions["clock"]
    work_on_drafts(unit_of_work, clock.moment, most=PIECE, draft_id=draft_id)


def _back(draft_id: int) -> ResponseReturnValue:
    return redirect(url_for("policy_drafts.show", draft_id=draft_id), 303)
