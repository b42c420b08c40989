"""The page of one supplier: how it stands, its pathway, its people and all that happened."""

from flask import Blueprint, render_template

from onboarding.domain.people import Duty
from onboarding.services.divisions import list_divisions
from onboarding.services.foresight import foresee
from onboarding.services.merge_reading import list_formers
from onboarding.services.pathway.reading import pathway_panel
from onboarding.services.proof_reading import proofs_panel
from onboarding.services.supplier_reading import read_supplier
from onboarding.services.threads import read_thread
from onboarding.services.watching import follows
from onboarding.store.database import db
from onboarding.web.access import current_actor, needs
from onboarding.web.intake import number_asked
from onboarding.web.moments import current_moment
from onboarding.web.pathways.notes import note_form

blueprint = Blueprint("supplier_pages", __name__)


@blueprint.get("/suppliers/<int:relation_id>")
@needs(Duty.READ)
def show(relation_id: int) -> str:
    session, actor, moment = db.session(), current_actor(), current_moment()
    before = number_asked("before")
    view = read_supplier(session, actor, moment, relation_id, before)
    return render_template(
        "buyer/supplier.html",
        view=view,
        foresight=foresee(session, actor, moment, relation_id, view.coming),
        pathway=pathway_panel(session, actor, moment, relation_id),
        proofs=proofs_panel(session, actor, moment, relation_id),
        divisions=list_divisions(session, actor, relation_id),
        notes=read_thread(session, actor, relation_id),
        note_form=note_form(relation_id),
        formers=list_formers(session, actor, relation_id),
        is_followed=follows(session, actor, relation_id),
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
        is_older=before is not None,
    )
