"""The first question with the phone at the ear: what was it? Only what is possible now is there."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.on_behalf import Act, Option, Possible
from onboarding.domain.people import Duty
from onboarding.i18n import event_text, level_word, step_title
from onboarding.services.on_behalf import what_is_possible
from onboarding.services.statement_reading import StatementView, uncontested_statements
from onboarding.store.contacts import contacts_of
from onboarding.store.database import db
from onboarding.store.relations import visible_relation
from onboarding.store.tables import RelationRow, TaskRow
from onboarding.web.access import current_actor, needs
from onboarding.web.behalf.acts import WAYS
from onboarding.web.intake import number_asked
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.presentation.dates import short

blueprint = Blueprint("behalf_choosing", __name__)


@blueprint.get("/suppliers/<int:relation_id>/contact")
@needs(Duty.BUY)
def show(relation_id: int) -> ResponseReturnValue:
    session, actor, moment = db.session(), current_actor(), current_moment()
    relation = visible_relation(session, actor, relation_id)
    possible = what_is_possible(session, actor, moment, relation_id)
    told = statements_told(session, moment, relation_id, possible)
    return render_template(
        "buyer/behalf/choose.html",
        relation=relation,
        contacts=contacts_of(session, relation_id),
        ways=[(one.act.value, WAYS[one.act].title, _hint(one, told)) for one in possible],
        task=task_of(relation),
    )


def task_of(relation: RelationRow) -> TaskRow | None:
    """The call of which this is the result, where the address or the form names one."""
    task_id = number_asked("task")
    task = db.session().get(TaskRow, task_id) if task_id else None
    return task if task is not None and task.relation_id == relation.id else None


def statements_told(
    session: Session, moment: Moment, relation_id: int, possible: tuple[Possible, ...]
) -> dict[int, StatementView]:
    """What was recorded, in words; not read where nothing can be said about it."""
    if any(one.act is Act.CONTEST for one in possible):
        return uncontested_statements(session, moment, relation_id)
    return {}


def option_label(act: Act, option: Option, told: dict[int, StatementView]) -> str:
    """What it is about, and by when: `Nulmeting, uiterlijk 24 mei 2027`."""
    locale = current_locale()
    if option.id == 0:
        return str(_("Nothing in particular"))
    if act is Act.CONTEST:
        view = told[option.id]
        what = f"{view.said_by} {event_text(view.code, view.facts, locale)}"
        recorded_on = short(view.recorded_on)
        return str(_("%(what)s (recorded on %(day)s)", what=what, day=recorded_on))
    words = level_word if act is Act.RENEWAL else step_title
    title = words(option.title, locale) if option.title else ""
    return _until(title, option.by) if option.by else title


def _until(title: str, by: date) -> str:
    if not title:
        return str(_("by %(day)s", day=short(by)))
    return str(_("%(title)s, by %(day)s", title=title, day=short(by)))


def _hint(possible: Possible, told: dict[int, StatementView]) -> str:
    """The first thing that it can be about, where there is one to name."""
    first = possible.options[0]
    return option_label(possible.act, first, told) if first.id else ""
