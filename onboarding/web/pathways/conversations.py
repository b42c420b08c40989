"""Calls, mails, meetings and letters noted, and questions answered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField, SelectField, TextAreaField

from onboarding.domain.errors import InputInvalid, NotFound
from onboarding.domain.people import Channel, Duty, Side
from onboarding.i18n import word
from onboarding.services.conversations import QUESTION, answer_question, record_contact
from onboarding.services.enclosures import enclose
from onboarding.store.database import db, unit_of_work
from onboarding.store.relations import visible_relation
from onboarding.store.tables import ContactRow, EventRow, PersonRow, RelationRow, TaskRow
from onboarding.store.threads import files_with
from onboarding.web.access import current_actor, needs
from onboarding.web.evidence import evidence_files
from onboarding.web.forms import DateField, choices, filled_in, refuse, text
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

blueprint = Blueprint("conversations", __name__)
SPOKEN = (Channel.PHONE, Channel.MAIL, Channel.MEETING, Channel.LETTER)


class ContactForm(FlaskForm):
    """`who` is a contact of the supplier, or nobody in particular."""

    channel = RadioField(_("How?"), [filled_in(_("Choose an answer."))])
    contact_on = DateField(_("On which day?"), [filled_in(_("Fill in a day, such as 2027-03-31."))])
    who = SelectField(_("With whom?"))
    was_reached = RadioField(_("Did you get through?"), [filled_in(_("Choose an answer."))])
    note = TextAreaField(_("What was said?"), [text()])
    is_shared = RadioField(_("Who may read it?"), [filled_in(_("Choose an answer."))])


class AnswerForm(FlaskForm):
    text = TextAreaField(_("Your answer"), [filled_in(), text()])
    files = files_field(_("Files"))
    is_clean = clean_field()


@blueprint.get("/suppliers/<int:relation_id>/contact/note")
@needs(Duty.BUY)
def note(relation_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    form = _contact_form(relation_id)
    form.channel.data = Channel.PHONE.value
    form.contact_on.data = current_moment().today
    form.was_reached.data, form.is_shared.data = "yes", "internal"
    return _contact_page(relation, form)


@blueprint.post("/suppliers/<int:relation_id>/contact/note")
@needs(Duty.BUY)
def note_post(relation_id: int) -> ResponseReturnValue:
    relation = visible_relation(db.session(), current_actor(), relation_id)
    form = _contact_form(relation_id)
    if not form.validate_on_submit():
        return _contact_page(relation, form), 400
    task = _task_of(relation_id)
    try:
        with unit_of_work() as session:
            record_contact(
                session,
                current_actor(),
                current_moment(),
                relation_id,
                channel=Channel(form.channel.data),
                contact_on=form.contact_on.data or current_moment().today,
                was_reached=form.was_reached.data == "yes",
                note=form.note.data,
                person_id=int(form.who.data) if form.who.data else None,
                milestone_id=task.milestone_id if task else None,
                is_shared=form.is_shared.data == "shared",
                task_id=task.id if task else None,
            )
    except InputInvalid as error:
        refuse(form, error)
        return _contact_page(relation, form), 400
    flash(gettext("Noted."))
    return redirect("/" if task else supplier_url(relation_id), 303)


@blueprint.post("/tasks/<int:task_id>/not-reached")
@needs(Duty.BUY)
def not_reached(task_id: int) -> ResponseReturnValue:
    """One click on the work list: called, and nobody answered."""
    task = _task(task_id)
    with unit_of_work() as session:
        record_contact(
            session,
            current_actor(),
            current_moment(),
            task.relation_id,
            channel=Channel.PHONE,
            contact_on=current_moment().today,
            was_reached=False,
            milestone_id=task.milestone_id,
            task_id=task_id,
        )
    flash(gettext("Noted: nobody answered."))
    return redirect(own_path(request.form.get("next")), 303)


@blueprint.get("/questions/<int:task_id>")
@needs(Duty.BUY)
def question(task_id: int) -> ResponseReturnValue:
    return _question_page(_question(task_id), AnswerForm())


@blueprint.post("/questions/<int:task_id>")
@needs(Duty.BUY)
def question_post(task_id: int) -> ResponseReturnValue:
    task = _question(task_id)
    relation_id = task.relation_id
    form = AnswerForm()
    form.validate()
    uploads = checked_files(form)
    if form.errors:
        choose_again(form)
        return _question_page(task, form), 400
    actor, moment = current_actor(), current_moment()
    try:
        with unit_of_work() as session:
            answer_id = answer_question(
                session, actor, moment, task_id, text=form.text.data or "", files=len(uploads)
            )
            kept = enclose(session, actor, moment, evidence_files(), answer_id, uploads)
    except InputInvalid as error:
        refuse(form, error)
        return _question_page(task, form), 400
    flash(gettext("Your answer is on its way to the supplier."))
    waiting = first_unexplained(kept)
    if waiting is not None:
        return redirect(url_for("proof_files.show", evidence_id=waiting.id), 303)
    return redirect(supplier_url(relation_id), 303)


def _task(task_id: int) -> TaskRow:
    row = db.session().get(TaskRow, task_id)
    if row is None:
        raise NotFound(what="task")
    visible_relation(db.session(), current_actor(), row.relation_id)
    return row


def _question(task_id: int) -> TaskRow:
    row = _task(task_id)
    if row.kind != QUESTION:
        raise NotFound(what="question")
    return row


def _task_of(relation_id: int) -> TaskRow | None:
    """The call that this note is the result of, where the address names one."""
    task_id = number_asked("task")
    task = db.session().get(TaskRow, task_id) if task_id else None
    return task if task is not None and task.relation_id == relation_id else None


def _people(relation_id: int) -> list[PersonRow]:
    return list(
        db.session().scalars(
            select(PersonRow)
            .join(ContactRow, ContactRow.person_id == PersonRow.id)
            .where(ContactRow.relation_id == relation_id, ContactRow.retired_at.is_(None))
            .order_by(ContactRow.is_main.desc(), PersonRow.name)
        )
    )


def _contact_form(relation_id: int) -> ContactForm:
    form = ContactForm()
    locale = current_locale()
    form.channel.choices = choices((c.value, word("channel", c, locale)) for c in SPOKEN)
    people = [(str(person.id), person.name) for person in _people(relation_id)]
    form.who.choices = choices([*people, ("", gettext("Somebody else"))])
    form.was_reached.choices = choices(
        (("yes", gettext("Yes")), ("no", gettext("No, nobody answered")))
    )
    form.is_shared.choices = choices(
        (
            ("internal", gettext("Only we (internal)")),
            ("shared", gettext("The supplier too (shared): it gets a mail with it")),
        )
    )
    return form


def _contact_page(relation: RelationRow, form: ContactForm) -> str:
    return render_template(
        "buyer/pathways/contact.html",
        relation=relation,
        people=_people(relation.id),
        task=_task_of(relation.id),
        form=form,
    )


def _question_page(task: TaskRow, form: AnswerForm) -> str:
    asked = db.session().get(EventRow, task.facts["question_id"])
    asker = (asked.said_by or asked.actor_id) if asked else None
    return render_template(
        "buyer/pathways/question.html",
        task=task,
        asked=asked,
        files=files_with(db.session(), [asked.id], Side.BUYER) if asked else [],
        asked_by=db.session().get(PersonRow, asker) if asker else None,
        relation=visible_relation(db.session(), current_actor(), task.relation_id),
        form=form,
    )
