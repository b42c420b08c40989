"""What did we hold for a day at an instant: a page for the auditor, all of it in the address."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField

from onboarding.clock import Moment
from onboarding.domain.dossiers import DossierForm
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.services.dossier.as_json import dossier_json
from onboarding.services.dossier.as_of import read_as_of
from onboarding.services.dossier.dossiers import read_dossier, record_export
from onboarding.services.dossier.papers import dossier_name, typeset_dossier
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import FIRST_DAY, LAST_DAY, DateField, filled_in, refuse
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment, local_zone

blueprint = Blueprint("supplier_as_of", __name__)
MINUTES, SECONDS = "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"


class InstantField(DateTimeLocalField):
    """A day and a time that somebody can mean."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST_DAY <= self.data.date() <= LAST_DAY:
            self.data = None
            raise ValueError(gettext("Fill in a day and a time."))


class AsOfForm(FlaskForm):
    """A question by GET; nothing is changed by it, so it needs no token."""

    class Meta:
        csrf = False

    on = DateField(_("Day"), [filled_in()], description=_("Of which day do you want to know?"))
    at = InstantField(
        _("As known on"),
        [filled_in(_("Fill in a day and a time."))],
        format=[MINUTES, SECONDS],
        description=_(
            "What was recorded by then counts, that minute included. What came later is left out."
        ),
    )


@blueprint.get("/suppliers/<int:relation_id>/as-of")
@needs(Duty.READ)
def show(relation_id: int) -> ResponseReturnValue:
    session, actor, moment = db.session(), current_actor(), current_moment()
    relation = visible_relation(session, actor, relation_id)
    form, known_at = asked(moment)
    answer = None
    if form.validate() and form.on.data is not None:
        try:
            answer = read_as_of(
                session,
                actor,
                moment,
                local_zone(),
                relation_id,
                on=form.on.data,
                known_at=known_at,
            )
        except InputInvalid as refused:
            refuse(form, refused)
    page = render_template(
        "buyer/suppliers/as-of.html", relation=relation, form=form, answer=answer
    )
    return page if answer is not None else (page, 400)


@blueprint.post("/suppliers/<int:relation_id>/dossier")
@needs(Duty.READ)
def dossier(relation_id: int) -> Response:
    """All of one supplier, to take along; that somebody did stands in the history."""
    session, actor, moment = db.session(), current_actor(), current_moment()
    visible_relation(session, actor, relation_id)  # who may not see it learns nothing
    try:
        form = DossierForm(request.form.get("form", ""))
    except ValueError:
        abort(400)
    made = read_dossier(session, actor, moment, relation_id)
    # Rendered before anything is written: nobody waits for it.
    if form is DossierForm.PDF:
        paper = typeset_dossier(made, current_locale(), local_zone())
        content, name = paper.content, paper.file_name
    else:
        content, name = dossier_json(made).encode(), f"{dossier_name(made, local_zone())}.json"
    with unit_of_work() as writing:
        record_export(writing, actor, moment, made, form)
    return Response(
        content,
        mimetype=f"application/{form}",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def asked(moment: Moment) -> tuple[AsOfForm, datetime | None]:
    """The form as the address fills it, with today and now where it says nothing; and the
    instant that is meant: the end of the minute or second that was typed, None for now.
    """
    here = moment.now.astimezone(local_zone())
    given = request.args.to_dict()
    if not given.get("on"):
        given["on"] = moment.today.isoformat()
    is_now = not given.get("at")
    if is_now:
        given["at"] = here.strftime(MINUTES)
    form = AsOfForm(formdata=type(request.args)(given))
    if is_now:
        return form, None
    typed = form.at.data
    if typed is None:
        return form, None  # and the form is refused
    length = timedelta(seconds=1) if len(given["at"]) > len("2026-11-24T10:00") else A_MINUTE
    # An hour that the clock has twice is its second one: by then both are known.
    instant = typed.replace(tzinfo=local_zone(), fold=1).astimezone(UTC) + length - A_TICK
    is_running = typed <= here.replace(tzinfo=None) and instant >= moment.now
    return form, None if is_running else instant


A_MINUTE, A_TICK = timedelta(minutes=1), timedelta(microseconds=1)
