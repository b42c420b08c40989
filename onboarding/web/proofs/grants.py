"""The second signature for a grant beyond a limit of the policy: given, refused, or not needed."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.people import Duty
from onboarding.services.grants import confirm_grant, refuse_grant, withdraw_grant
from onboarding.store.database import unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.moments import current_moment
from onboarding.web.proofs.decisions import RefuseForm, decision_page, read_one

blueprint = Blueprint("grants", __name__)


@blueprint.post("/decisions/<int:decision_id>/confirm")
@needs(Duty.GOVERN)
def confirm(decision_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        confirm_grant(session, current_actor(), current_moment(), decision_id)
    flash(_("Signed. The permission counts from now on, on the days below. Who asked gets a mail."))
    return _back(decision_id)


@blueprint.post("/decisions/<int:decision_id>/refuse")
@needs(Duty.GOVERN)
def refuse(decision_id: int) -> ResponseReturnValue:
    decision = read_one(decision_id)
    form = RefuseForm()
    if not form.validate_on_submit():
        return decision_page(decision, form, "refuse"), 400
    with unit_of_work() as session:
        refuse_grant(
            session,
            current_actor(),
            current_moment(),
            decision_id,
            answer=form.answer.data or "",
        )
    flash(_("Not signed. Who asked gets a mail with your answer."))
    return _back(decision_id)


@blueprint.post("/decisions/<int:decision_id>/take-back")
@needs(Duty.BUY)
def take_back(decision_id: int) -> ResponseReturnValue:
    """Only who asked it."""
    with unit_of_work() as session:
        withdraw_grant(session, current_actor(), current_moment(), decision_id)
    flash(_("Taken back. Nobody need sign it any more."))
    return _back(decision_id)


def _back(decision_id: int) -> ResponseReturnValue:
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)
