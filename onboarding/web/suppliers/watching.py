"""Following a supplier, and the page with what changed at those that somebody follows."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField

from onboarding.domain.mail_choices import WatchRhythm
from onboarding.domain.people import Duty
from onboarding.services import watching
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, filled_in
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.wording import supplier_url

blueprint = Blueprint("watching", __name__)
CHOICES = (
    (WatchRhythm.DAILY, lazy_gettext("On the next working morning")),
    (WatchRhythm.WEEKLY, lazy_gettext("Once a week, on Monday")),
    (WatchRhythm.NONE, lazy_gettext("Not by mail: I look on this page")),
)


class RhythmForm(FlaskForm):
    rhythm = RadioField(
        lazy_gettext("When do you want a mail about changes?"),
        [filled_in(lazy_gettext("Choose an answer."))],
        choices=choices((value.value, label) for value, label in CHOICES),
    )


@blueprint.get("/watched")
@needs(Duty.READ)
def show() -> str:
    return _page()


def _page(form: RhythmForm | None = None) -> str:
    actor = current_actor()
    view = watching.read_watching(db.session(), actor, current_moment())
    return render_template(
        "buyer/watched.html",
        view=view,
        may_buy=actor.may(Duty.BUY),
        form=form or RhythmForm(formdata=None, rhythm=view.rhythm.value),
    )


@blueprint.post("/watched/mail")
@needs(Duty.READ)
def choose_mail() -> ResponseReturnValue:
    form = RhythmForm()
    if not form.validate_on_submit():
        return _page(form), 422
    rhythm = WatchRhythm(str(form.rhythm.data))
    with unit_of_work() as session:
        watching.choose_rhythm(session, current_actor(), rhythm)
    flash(_("Saved. From now on you get mail as you chose."))
    return redirect(url_for("watching.show"), 303)


@blueprint.post("/watched/mine")
@needs(Duty.BUY)
def follow_own() -> ResponseReturnValue:
    with unit_of_work() as session:
        new = watching.follow_own(session, current_actor(), current_moment())
    flash(ngettext("You follow %(num)s supplier more.", "You follow %(num)s suppliers more.", new))
    return redirect(url_for("watching.show"), 303)


@blueprint.post("/suppliers/<int:relation_id>/follow")
@needs(Duty.READ)
def follow(relation_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        watching.follow(session, current_actor(), current_moment(), relation_id)
    flash(_("You follow this supplier. When its status changes, you get a mail in the morning."))
    return redirect(supplier_url(relation_id), 303)


@blueprint.post("/suppliers/<int:relation_id>/unfollow")
@needs(Duty.READ)
def unfollow(relation_id: int) -> ResponseReturnValue:
    with unit_of_work() as session:
        watching.stop_following(session, current_actor(), relation_id)
    flash(_("You do not follow this supplier any more."))
    if request.form.get("next") == "watched":
        return redirect(url_for("watching.show"), 303)
    return redirect(supplier_url(relation_id), 303)
