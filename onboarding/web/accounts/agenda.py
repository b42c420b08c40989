"""The page on which somebody gets the secret address of their days, makes another, or ends it."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.people import Duty, Side
from onboarding.services.mail.agenda_feeds import Whose, end_feeds, feed_of, make_feed
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import logged_in, needs_log_in, real_now

blueprint = Blueprint("agenda", __name__)


@blueprint.get("/account/calendar")
@needs_log_in
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("/account/calendar")
@needs_log_in
def make() -> ResponseReturnValue:
    """The answer shows the address, of which only a hash is stored: it cannot be shown again."""
    whose = _whose()
    with unit_of_work() as session:
        token = make_feed(session, real_now(), whose)
    base = str(current_app.config["PUBLIC_URL"])
    address = base + url_for("agenda_feed.show", token=token)
    return _page(address=address)


@blueprint.post("/account/calendar/end")
@needs_log_in
def end() -> ResponseReturnValue:
    whose = _whose()
    with unit_of_work() as session:
        end_feeds(session, real_now(), whose)
    flash(_("The address works no more."))
    return redirect(url_for("agenda.show"), 303)


def _whose() -> Whose:
    """Whoever is logged in; on the customer's side only who has suppliers in hand."""
    who = logged_in()
    assert who is not None
    if who.side is Side.BUYER:
        who.actor().must(Duty.BUY)
    return Whose(person_id=who.person_id, side=who.side, customer_id=who.customer_id)


def _page(address: str = "") -> ResponseReturnValue:
    whose = _whose()
    return render_template(
        "account/calendar.html",
        address=address,
        feed=feed_of(db.session(), whose),
        is_user=whose.side is Side.BUYER,
    )
