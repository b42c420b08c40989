"""Mail that did not arrive, for administrators: why, once more, and whether the server works."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from onboarding.domain.dead_letters import GivenUp
from onboarding.domain.people import Duty
from onboarding.services.mail import breaker, dead_letters
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.intake import number_asked
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment

blueprint = Blueprint("dead_letters", __name__, url_prefix="/messages")

REASONS = {
    GivenUp.GAVE_UP: lazy_gettext("Tried for days without success."),
    GivenUp.ADDRESS_REFUSED: lazy_gettext("The mail server does not take this address."),
    GivenUp.CONTENT_REFUSED: lazy_gettext("The mail server does not take this mail."),
    GivenUp.BOUNCED: lazy_gettext("It came back later: it could not be delivered."),
    GivenUp.NOT_WRITTEN: lazy_gettext("The mail could not be written. Tell this to the operator."),
    GivenUp.UNKNOWN_KIND: lazy_gettext("This version of the tool does not know this message."),
    None: lazy_gettext("It could not be delivered."),
}


@blueprint.get("/dead")
@needs(Duty.ADMINISTER)
def index() -> str:
    page = number_asked("page") or 1
    found = dead_letters.list_dead(db.session(), current_actor(), page)
    return render_template("buyer/dead-letters.html", found=found, reasons=REASONS)


@blueprint.post("/dead/<int:message_id>/again")
@needs(Duty.ADMINISTER)
def again(message_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        name = dead_letters.requeue(session, current_actor(), current_moment(), message_id)
    flash(_("The mail to %(name)s goes once more, within a minute or two.", name=name))
    return redirect(url_for("dead_letters.index"), 303)


@blueprint.post("/try-now")
@needs(Duty.ADMINISTER)
def try_now() -> ResponseReturnValue:
    with unit_of_work() as session:
        breaker.try_now(session, current_actor(), current_moment())
    flash(_("The worker tries with one mail, within a minute or two."))
    return redirect(url_for("dead_letters.index"), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    add_menu_item(
        app,
        MenuItem(
            "buyer",
            92,
            "dead_letters.index",
            lazy_gettext("Not delivered"),
            roles=frozenset({"admin"}),
        ),
    )
