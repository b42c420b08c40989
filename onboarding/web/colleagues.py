"""Colleagues who buy: who is away, who stands in, where answers go, and handing over for good."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField
from wtforms.validators import Optional

from onboarding.domain.errors import DomainError, NotAllowed, NotFound
from onboarding.domain.people import Duty, Role
from onboarding.services import colleagues
from onboarding.store.colleagues import Buyer
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import DateField, choices, filled_in, line, refuse, stripped
from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.moments import current_moment

blueprint = Blueprint("colleagues", __name__)


class AbsenceForm(FlaskForm):
    deputy = SelectField(_("Who stands in?"), validate_choice=False)
    starts_on = DateField(_("Away from"), [Optional()])
    ends_on = DateField(_("Up to and including"), [Optional()])


class AnswersForm(FlaskForm):
    reply_to = EmailField(_("Address for answers"), [line()], filters=[stripped])


class HandOverForm(FlaskForm):
    successor = SelectField(
        _("Who takes over?"), [filled_in(_("Choose a colleague."))], validate_choice=False
    )


Forms = tuple[AbsenceForm, AnswersForm, HandOverForm]


@blueprint.get("/colleagues")
@needs(Duty.READ)
def index() -> str:
    actor = current_actor()
    return render_template(
        "buyer/colleagues.html",
        colleagues=colleagues.list_colleagues(db.session(), actor, current_moment()),
        may_govern=actor.may(Duty.GOVERN),
        me=actor.person_id if actor.may(Duty.BUY) else None,
    )


@blueprint.get("/colleagues/me")
@needs(Duty.BUY)
def me() -> ResponseReturnValue:
    return _page(current_actor().person_id or 0)


@blueprint.get("/colleagues/<int:person_id>")
@needs(Duty.GOVERN)
def show(person_id: int) -> ResponseReturnValue:
    return _page(person_id)


@blueprint.post("/colleagues/<int:person_id>/absence")
@needs(Duty.BUY)
def plan(person_id: int) -> ResponseReturnValue:
    form = AbsenceForm()
    _colleague(person_id)
    if form.deputy.data and not form.ends_on.data:
        form.ends_on.errors = [*form.ends_on.errors, gettext("Fill in the last day.")]
        return _page(person_id, absence=form), 400
    if not form.validate_on_submit():
        return _page(person_id, absence=form), 400
    try:
        with unit_of_work() as session:
            colleagues.set_absence(
                session,
                current_actor(),
                current_moment(),
                person_id,
                deputy_id=number_from(form.deputy.data),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(person_id, absence=form), 400
    flash(
        gettext("Saved. Tasks and mail go to the deputy on those days.")
        if form.deputy.data
        else gettext("Saved. Nobody stands in.")
    )
    return redirect(_address(person_id), 303)


@blueprint.post("/colleagues/<int:person_id>/answers")
@needs(Duty.BUY)
def answers(person_id: int) -> ResponseReturnValue:
    form = AnswersForm()
    _colleague(person_id)
    if not form.validate_on_submit():
        return _page(person_id, answers=form), 400
    try:
        with unit_of_work() as session:
            colleagues.set_reply_to(
                session, current_actor(), current_moment(), person_id, form.reply_to.data
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(person_id, answers=form), 400
    flash(gettext("Saved."))
    return redirect(_address(person_id), 303)


@blueprint.post("/colleagues/<int:person_id>/hand-over")
@needs(Duty.GOVERN)
def hand_over(person_id: int) -> ResponseReturnValue:
    form = HandOverForm()
    buyer = _colleague(person_id)
    if not form.validate_on_submit():
        return _page(person_id, over=form), 400
    try:
        with unit_of_work() as session:
            went = colleagues.hand_over(
                session,
                current_actor(),
                current_moment(),
                person_id,
                number_from(form.successor.data) or 0,
            )
    except (NotFound, NotAllowed):
        raise
    except DomainError as refused:
        refuse(form, refused)
        return _page(person_id, over=form), 400
    flash(
        ngettext(
            "%(num)s supplier of %(name)s was handed over.",
            "%(num)s suppliers of %(name)s were handed over.",
            went,
            name=buyer.person.name,
        )
    )
    return redirect(url_for("colleagues.index"), 303)


def _colleague(person_id: int) -> Buyer:
    return colleagues.colleague(db.session(), current_actor(), current_moment(), person_id)


def _page(
    person_id: int,
    *,
    absence: AbsenceForm | None = None,
    answers: AnswersForm | None = None,
    over: HandOverForm | None = None,
) -> str:
    actor, moment = current_actor(), current_moment()
    buyer = _colleague(person_id)
    everybody = colleagues.list_colleagues(db.session(), actor, moment)
    planned = buyer.absence
    absence_form = absence or AbsenceForm(
        formdata=None,
        deputy=str(planned.deputy_id) if planned else "",
        starts_on=planned.starts_on if planned else None,
        ends_on=planned.ends_on if planned else None,
    )
    absence_form.deputy.choices = colleague_choices(
        everybody, besides=person_id, nobody=gettext("Nobody")
    )
    over_form = over or HandOverForm(formdata=None)
    over_form.successor.choices = colleague_choices(everybody, besides=person_id)
    return render_template(
        "buyer/colleague.html",
        buyer=buyer,
        is_me=actor.person_id == person_id,
        may_govern=actor.may(Duty.GOVERN),
        absence_form=absence_form,
        answers_form=answers or AnswersForm(formdata=None, reply_to=buyer.reply_to or ""),
        over_form=over_form,
        form=absence or answers or over,
    )


def _address(person_id: int) -> str:
    if current_actor().person_id == person_id:
        return url_for("colleagues.me")
    return url_for("colleagues.show", person_id=person_id)


def colleague_choices(
    everybody: Iterable[Buyer], *, besides: int, nobody: str | None = None
) -> list[Any]:
    """The other buyers, for a field that names one."""
    others = ((str(one.person.id), one.person.name) for one in everybody)
    empty = nobody or gettext("Choose a colleague")
    return choices([("", empty), *(other for other in others if other[0] != str(besides))])


def number_from(text: str | None) -> int | None:
    """A person's id from a choice; 0, which is nobody, for what is no number."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    roles = frozenset({Role.MANAGER.value})
    add_menu_item(app, MenuItem("buyer", 45, "colleagues.index", _("Colleagues"), roles))
