"""Notes about a supplier or a step, internal or shared, with files."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField

from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Duty
from onboarding.i18n import step_title
from onboarding.services.conversations import write_note
from onboarding.services.enclosures import enclose
from onboarding.services.threads import read_thread
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.threads import steps_to_name
from onboarding.web.access import current_actor, needs
from onboarding.web.evidence import evidence_files
from onboarding.web.forms import choices, filled_in, refuse, stripped, text
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale, own_path
from onboarding.web.moments import current_moment
from onboarding.web.pathways.addresses import supplier_url
from onboarding.web.uploading import (
    checked_files,
    choose_again,
    clean_field,
    files_field,
    first_unexplained,
)

blueprint = Blueprint("notes", __name__)
INTERNAL, SHARED = "internal", "shared"


class NoteForm(FlaskForm):
    """`about` is a step of the supplier, or nothing in particular."""

    text = TextAreaField(_("Your note"), [filled_in(), text()], filters=[stripped])
    is_shared = RadioField(
        _("Who may read it?"), [filled_in(_("Choose an answer."))], default=INTERNAL
    )
    about = SelectField(_("What is it about?"), default="")
    files = files_field(_("Files"))
    is_clean = clean_field()


def note_form(relation_id: int, milestone_id: int | None = None) -> NoteForm:
    """An empty form, on a page that shows something else too."""
    about = str(milestone_id) if milestone_id is not None else ""
    return _with_choices(NoteForm(formdata=None, about=about), relation_id)


@blueprint.get("/suppliers/<int:relation_id>/notes")
@needs(Duty.READ)
def show(relation_id: int) -> ResponseReturnValue:
    visible_relation(db.session(), current_actor(), relation_id)
    return _page(relation_id, note_form(relation_id, number_asked("step")))


@blueprint.post("/suppliers/<int:relation_id>/notes")
@needs(Duty.BUY)
def write(relation_id: int) -> ResponseReturnValue:
    actor, moment = current_actor(), current_moment()
    visible_relation(db.session(), actor, relation_id)
    form = _with_choices(NoteForm(), relation_id)
    form.validate()
    uploads = checked_files(form)
    if form.errors:
        choose_again(form)
        return _page(relation_id, form), 400
    is_shared = form.is_shared.data == SHARED
    try:
        with unit_of_work() as session:
            note_id = write_note(
                session,
                actor,
                moment,
                relation_id,
                text=form.text.data or "",
                is_shared=is_shared,
                milestone_id=int(form.about.data) if form.about.data else None,
                files=len(uploads),
            )
            kept = enclose(session, actor, moment, evidence_files(), note_id, uploads)
    except InputInvalid as error:
        refuse(form, error)
        return _page(relation_id, form), 400
    flash(
        gettext("Noted. The supplier gets a mail with it.")
        if is_shared
        else gettext("Noted, for us only.")
    )
    waiting = first_unexplained(kept)
    if waiting is not None:
        return redirect(url_for("proof_files.show", evidence_id=waiting.id), 303)
    return redirect(_next(relation_id), 303)


def _next(relation_id: int) -> str:
    wanted = own_path(request.form.get("next"))
    return wanted if wanted != "/" else supplier_url(relation_id) + "#notes"


def _with_choices(form: NoteForm, relation_id: int) -> NoteForm:
    locale = current_locale()
    form.is_shared.choices = choices(
        (
            (INTERNAL, gettext("Only we (internal)")),
            (SHARED, gettext("The supplier too (shared): it gets a mail with it")),
        )
    )
    steps = steps_to_name(db.session(), relation_id)
    form.about.choices = choices(
        [("", gettext("Nothing in particular"))]
        + [(str(step_id), step_title(title, locale)) for step_id, title in steps]
    )
    return form


def _page(relation_id: int, form: NoteForm) -> str:
    actor = current_actor()
    return render_template(
        "buyer/notes/notes.html",
        relation=visible_relation(db.session(), actor, relation_id),
        notes=read_thread(db.session(), actor, relation_id, most=None),
        may_buy=actor.may(Duty.BUY),
        may_govern=actor.may(Duty.GOVERN),
        form=form,
        next=_next(relation_id),
    )
