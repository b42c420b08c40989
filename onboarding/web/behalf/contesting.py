"""What was recorded for a supplier, and answering its "this is not right"."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty, Side
from onboarding.services.contests import answer_contest
from onboarding.services.statement_reading import StatementView, read_statement
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import unexplained_files
from onboarding.store.relations import visible_relation
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import choices, filled_in, refuse, stripped, text
from onboarding.web.moments import current_moment

blueprint = Blueprint("behalf_contesting", __name__)

DOES = {
    "step-goes-on": _("The step goes on: it is not handed in, and gets new time."),
    "request-is-dropped": _("What we recorded as asked is dropped."),
    "report-is-dropped": _("What we recorded as reported is dropped."),
    "contact-is-back": _("The contact gets the reminders again."),
    "closure-is-called-off": _("The days on which it is closed are taken away."),
    "proposed-again": _("What we proposed last is proposed again."),
    "agreement-ends": _("The agreement ends, without counting as stopped by the supplier."),
    "end-does-not-count": _("The end no longer counts against the supplier. Propose anew."),
}


class AnswerForm(FlaskForm):
    decision = RadioField(_("Your answer"), [filled_in(_("Choose an answer."))])
    text = TextAreaField(
        _("In a few words"),
        [filled_in(), text()],
        filters=[stripped],
        description=_("The supplier reads it."),
    )


@blueprint.get("/statements/<int:statement_id>")
@needs(Duty.READ)
def show(statement_id: int) -> ResponseReturnValue:
    statement = _read(statement_id)
    return _page(statement, _form(statement, formdata=None), 200)


@blueprint.post("/statements/<int:statement_id>")
@needs(Duty.BUY)
def answer(statement_id: int) -> ResponseReturnValue:
    statement = _read(statement_id)
    form = _form(statement)
    if not form.validate():
        return _page(statement, form, 422)
    try:
        with unit_of_work() as session:
            answer_contest(
                session,
                current_actor(),
                current_moment(),
                statement_id,
                stands=form.decision.data == "stands",
                text=str(form.text.data),
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(_read(statement_id), form, 422)
    flash(gettext("Your answer is on its way to the supplier."))
    return redirect(url_for("supplier_pages.show", relation_id=statement.relation_id), 303)


def _read(statement_id: int) -> StatementView:
    return read_statement(db.session(), current_actor(), current_moment(), statement_id)


def _form(statement: StatementView, **data: object) -> AnswerForm:
    """A manager's answer where only a manager can put it right."""
    form = AnswerForm(**data)
    answers = [("stands", gettext("It is right: what we recorded stays"))]
    if not statement.needs_manager or current_actor().may(Duty.GOVERN):
        answers.append(("wrong", gettext("The supplier is right")))
    form.decision.choices = choices(answers)
    return form


def _page(statement: StatementView, form: AnswerForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    return (
        render_template(
            "buyer/behalf/statement.html",
            statement=statement,
            relation=visible_relation(db.session(), actor, statement.relation_id),
            form=form,
            does=DOES.get(statement.does or ""),
            unexplained=unexplained_files(db.session(), statement.relation_id, Side.BUYER),
            may_buy=actor.may(Duty.BUY),
            may_answer=actor.may(Duty.BUY) and statement.waits,
            may_govern=actor.may(Duty.GOVERN),
        ),
        status,
    )
