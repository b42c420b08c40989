"""What a buyer recorded for the supplier; within five working days: "this is not right"."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty
from onboarding.services.contests import contest_statement
from onboarding.services.portal_reading import buyer_of
from onboarding.services.statement_reading import StatementView, read_statement
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import ContestForm

blueprint = Blueprint("portal_statements", __name__)


@blueprint.get("/portal/<int:relation_id>/statements/<int:statement_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, statement_id: int) -> ResponseReturnValue:
    return _page(_read(statement_id), ContestForm(formdata=None), 200)


@blueprint.post("/portal/<int:relation_id>/statements/<int:statement_id>")
@needs_contact(Duty.REPORT)
def contest(relation_id: int, statement_id: int) -> ResponseReturnValue:
    statement = _read(statement_id)
    form = ContestForm()
    if not form.validate():
        return _page(statement, form, 422)
    try:
        with unit_of_work() as session:
            contest_statement(
                session,
                current_actor(),
                current_moment(),
                statement_id,
                text=str(form.text.data),
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(_read(statement_id), form, 422)
    flash(_("Sent. Until we have answered, nothing that follows from it falls due."))
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)


def _read(statement_id: int) -> StatementView:
    return read_statement(db.session(), current_actor(), current_moment(), statement_id)


def _page(statement: StatementView, form: ContestForm, status: int) -> ResponseReturnValue:
    relation = portal_relation()
    return (
        render_template(
            "portal/statement.html",
            statement=statement,
            form=form,
            relation=relation,
            buyer=buyer_of(db.session(), relation, current_moment().today),
            may_contest=current_actor().may(Duty.REPORT) and statement.may_be_contested,
        ),
        status,
    )
