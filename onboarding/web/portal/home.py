"""The first page of a supplier, and the choice between several customers."""

from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from onboarding.domain.people import Duty, Side
from onboarding.i18n.steps import step_need
from onboarding.services.portal_reading import Home, read_home
from onboarding.services.sessions import relations_of
from onboarding.services.threads import ON_FIRST_PAGE, read_thread
from onboarding.store.database import db
from onboarding.store.tables import OrganisationRow, RelationRow
from onboarding.web.access import current_actor, logged_in, needs_contact, needs_supplier
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("portal_home", __name__)


@blueprint.get("/portal")
@needs_supplier
def choose() -> ResponseReturnValue:
    who = logged_in()
    assert who is not None
    relations = relations_of(db.session(), who.person_id)
    if len(relations) == 1:
        return redirect(url_for("portal_home.show", relation_id=relations[0].id), 303)
    return render_template("portal/choose.html", relations=[_named(one) for one in relations])


@blueprint.get("/portal/<int:relation_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int) -> ResponseReturnValue:
    actor = current_actor()
    who = logged_in()
    moment = current_moment()
    home = read_home(db.session(), actor, moment, relation_id)
    pathway = home.pathway
    is_paused = bool(pathway and pathway.hold and pathway.hold.starts_on <= moment.today)
    step = pathway.next_step if pathway and pathway.is_running and not is_paused else None
    need = (step.explanation or step_need(step.title, current_locale())) if step else None
    return render_template(
        "portal/home.html",
        home=home,
        talk=read_thread(db.session(), actor, relation_id, ON_FIRST_PAGE),
        step=step,
        is_paused=is_paused,
        need=need,
        now_since=_since(home),
        first_name=who.name.split(" ")[0] if who else "",
        may_report=actor.may(Duty.REPORT),
        may_agree=actor.may(Duty.AGREE),
    )


def _since(home: Home) -> date | None:
    """Since when the next step waits for the supplier."""
    mine = home.turn if home.turn.side is Side.SUPPLIER else home.turn.meanwhile
    return mine.since if mine is not None and mine.step == "milestone" else None


def _named(relation: RelationRow) -> tuple[int, str, str]:
    customer = db.session.get_one(OrganisationRow, relation.customer_id)
    return relation.id, relation.name, customer.name
