"""All that both sides wrote each other beside the steps, as the supplier sees it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from onboarding.domain.people import Duty
from onboarding.services.portal_reading import buyer_of
from onboarding.services.threads import read_thread
from onboarding.store.database import db
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.moments import current_moment

blueprint = Blueprint("portal_conversation", __name__)


@blueprint.get("/portal/<int:relation_id>/conversation")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int) -> ResponseReturnValue:
    session, actor, relation = db.session(), current_actor(), portal_relation()
    return render_template(
        "portal/conversation.html",
        relation=relation,
        talk=read_thread(session, actor, relation_id, most=None),
        buyer=buyer_of(session, relation, current_moment().today),
        may_report=actor.may(Duty.REPORT),
    )
