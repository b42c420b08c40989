"""Agreements on paper: a PDF for either side of the relation."""

from flask import Blueprint, Flask, Response, current_app

from onboarding.clock import Clock
from onboarding.domain.people import Duty
from onboarding.services.pathway.agreement_papers import agreement_paper
from onboarding.store.database import db
from onboarding.web.access import current_actor, needs, needs_contact
from onboarding.web.language import current_locale

blueprint = Blueprint("papers", __name__)


@blueprint.get("/pathways/<int:pathway_id>/versions/<int:number>.pdf")
@needs(Duty.READ)
def agreement_pdf(pathway_id: int, number: int) -> Response:
    return _pdf(pathway_id, number)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/versions/<int:number>.pdf")
@needs_contact(Duty.FILL_IN)
def own_agreement_pdf(relation_id: int, pathway_id: int, number: int) -> Response:
    return _pdf(pathway_id, number)


def _pdf(pathway_id: int, number: int) -> Response:
    clock: Clock = current_app.extensions["clock"]
    paper = agreement_paper(
        db.session(), current_actor(), pathway_id, number, current_locale(), clock.zone
    )
    return Response(
        paper.content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{paper.file_name}"'},
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
