"""What is being done to many suppliers: the list of it, how far it is, and taking it back."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.clock import Clock
from onboarding.domain.errors import MoveRefused
from onboarding.domain.people import Duty
from onboarding.i18n import error_text
from onboarding.services.batch_reading import list_batches, read_batch
from onboarding.services.batch_work import work_off
from onboarding.services.batches import undo
from onboarding.store.batches import visible_batch
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

blueprint = Blueprint("supplier_batches", __name__)
PIECE = 20  # suppliers in one request: nobody waits longer than a second or two


@blueprint.get("/suppliers/batches")
@needs(Duty.BUY)
def index() -> str:
    page = number_asked("page") or 1
    found = list_batches(db.session(), current_actor(), page)
    return render_template("buyer/bulk/batches.html", found=found)


@blueprint.get("/suppliers/batches/<int:batch_id>")
@needs(Duty.BUY)
def show(batch_id: int) -> str:
    """How far it is, and what came of each supplier."""
    state, page = request.args.get("state", ""), number_asked("page") or 1
    view = read_batch(db.session(), current_actor(), batch_id, state, page)
    return render_template("buyer/bulk/batch.html", view=view)


@blueprint.post("/suppliers/batches/<int:batch_id>/next")
@needs(Duty.BUY)
def go_on(batch_id: int) -> ResponseReturnValue:
    """Do the next of it now, without waiting for the worker."""
    visible_batch(db.session(), current_actor(), batch_id)
    take_a_piece(batch_id)
    return redirect(url_for("supplier_batches.show", batch_id=batch_id), 303)


@blueprint.post("/suppliers/batches/<int:batch_id>/undo")
@needs(Duty.BUY)
def take_back(batch_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as session:
            reason = _("An action for several suppliers was taken back.")
            undo(session, current_actor(), current_moment(), batch_id, reason)
    except MoveRefused as refused:
        flash(error_text(refused.code, refused.facts, current_locale()), "warning")
    else:
        take_a_piece(batch_id)
    return redirect(url_for("supplier_batches.show", batch_id=batch_id), 303)


def take_a_piece(batch_id: int) -> None:
    """Do some of it in this request; the worker does the rest, whoever looks."""
    clock: Clock = current_app.extensions["clock"]
    work_off(unit_of_work, current_moment(), clock.zone, most=PIECE, batch_id=batch_id)
