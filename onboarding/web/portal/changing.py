"""Changing what was agreed: proposed by the supplier, or ours read and answered."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from onboarding.domain.errors import AlreadyOpen, InputInvalid, LimitReached, VersionOutdated
from onboarding.domain.people import Duty, Side
from onboarding.domain.plans import Step
from onboarding.i18n import error_text
from onboarding.services.pathway.amendment_reading import AmendmentView, read_amendment
from onboarding.services.pathway.amendments import (
    accept_amendment,
    counter_amendment,
    decline_amendment,
    propose_amendment,
    withdraw_amendment,
)
from onboarding.services.pathway.reading import read_pathway
from onboarding.services.pathway.views import PathwayView
from onboarding.services.portal_reading import buyer_of, function_of
from onboarding.store.database import db, unit_of_work
from onboarding.web.access import current_actor, needs_contact, portal_relation
from onboarding.web.forms import refuse, weeks_typed
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment
from onboarding.web.portal.forms import (
    AgreeForm,
    ChangeForm,
    DeclineChangeForm,
    WithdrawForm,
)
from onboarding.web.portal.wishes import (
    Wish,
    shifted,
    steps_wished,
    typed,
    wishes_of,
    with_refusal,
)

blueprint = Blueprint("portal_changing", __name__)


@blueprint.get("/portal/<int:relation_id>/pathways/<int:pathway_id>/change")
@needs_contact(Duty.AGREE)
def show_propose(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    pathway = _pathway(pathway_id)
    if pathway.amendment is not None:
        return redirect(_address(pathway.amendment), 303)
    if not pathway.is_running:
        return _home(relation_id)
    return _change_page(pathway, _new_form(0), wishes_of(db.session(), pathway))


@blueprint.post("/portal/<int:relation_id>/pathways/<int:pathway_id>/change")
@needs_contact(Duty.AGREE)
def propose(relation_id: int, pathway_id: int) -> ResponseReturnValue:
    return _send(_pathway(pathway_id), None)


@blueprint.get("/portal/<int:relation_id>/amendments/<int:amendment_id>")
@needs_contact(Duty.FILL_IN)
def show(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    return _amendment_page(amendment_id)


@blueprint.post("/portal/<int:relation_id>/amendments/<int:amendment_id>/agree")
@needs_contact(Duty.AGREE)
def agree(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    read_amendment(db.session(), current_actor(), amendment_id)
    form = AgreeForm()
    if not form.validate():
        return _amendment_page(amendment_id, agree_form=form, status=422)
    try:
        with unit_of_work() as session:
            accept_amendment(
                session,
                current_actor(),
                current_moment(),
                amendment_id,
                revision=form.revision.data or 0,
                function=str(form.function.data),
            )
    except VersionOutdated as outdated:
        said = error_text(outdated.code, outdated.facts, current_locale())
        return _amendment_page(amendment_id, outdated=said, status=409)
    flash(_("Agreed. You get a mail with the steps as they are now."))
    return _home(relation_id)


@blueprint.post("/portal/<int:relation_id>/amendments/<int:amendment_id>/decline")
@needs_contact(Duty.AGREE)
def decline(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    read_amendment(db.session(), current_actor(), amendment_id)
    form = DeclineChangeForm()
    if not form.validate():
        return _amendment_page(amendment_id, decline_form=form, status=422)
    with unit_of_work() as session:
        actor, moment = current_actor(), current_moment()
        decline_amendment(session, actor, moment, amendment_id, reason=str(form.reason.data))
    flash(_("Your answer is sent. What we agreed stays as it is."))
    return _home(relation_id)


@blueprint.post("/portal/<int:relation_id>/amendments/<int:amendment_id>/withdraw")
@needs_contact(Duty.AGREE)
def withdraw(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    """Take back what we did not answer yet."""
    read_amendment(db.session(), current_actor(), amendment_id)
    form = WithdrawForm()
    if not form.validate():
        return _amendment_page(amendment_id, withdraw_form=form, status=422)
    try:
        with unit_of_work() as session:
            withdraw_amendment(
                session,
                current_actor(),
                current_moment(),
                amendment_id,
                revision=form.revision.data or -1,
                note=form.note.data,
            )
    except VersionOutdated as outdated:
        said = error_text(outdated.code, outdated.facts, current_locale())
        return _amendment_page(amendment_id, outdated=said, withdrawing=True, status=409)
    flash(_("Taken back. What we agreed stays as it is."))
    return _home(relation_id)


@blueprint.get("/portal/<int:relation_id>/amendments/<int:amendment_id>/counter")
@needs_contact(Duty.AGREE)
def show_counter(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    pathway = _pathway(amendment.pathway_id)
    if not _may_answer(amendment, pathway):
        return redirect(_address(amendment), 303)
    form = _new_form(amendment.revision)
    wishes = wishes_of(db.session(), pathway, amendment)
    return _change_page(pathway, form, wishes, amendment)


@blueprint.post("/portal/<int:relation_id>/amendments/<int:amendment_id>/counter")
@needs_contact(Duty.AGREE)
def counter(relation_id: int, amendment_id: int) -> ResponseReturnValue:
    amendment = read_amendment(db.session(), current_actor(), amendment_id)
    return _send(_pathway(amendment.pathway_id), amendment)


def _send(pathway: PathwayView, amendment: AmendmentView | None) -> ResponseReturnValue:
    form = ChangeForm()
    wishes = [typed(wish, request.form) for wish in wishes_of(db.session(), pathway, amendment)]
    if request.form.get("do") == "shift":
        weeks = weeks_typed(request.form.get("weeks"))
        if not weeks:
            form.form_errors.append(_("Fill in a number of weeks, from 1 to 52."))
        wishes = [shifted(wish, weeks) for wish in wishes]
        return _change_page(pathway, form, wishes, amendment, 200 if weeks else 422)
    is_filled_in = form.validate()
    if not is_filled_in or any(wish.error for wish in wishes):
        return _change_page(pathway, form, wishes, amendment, 422)
    try:
        _propose(pathway, amendment, form, steps_wished(db.session(), pathway, amendment, wishes))
    except (AlreadyOpen, InputInvalid, LimitReached, VersionOutdated) as refused:
        wishes, is_said = with_refusal(wishes, refused)
        if not is_said:
            refuse(form, refused)
        return _change_page(_pathway(pathway.id), form, wishes, amendment, 422)
    flash(_("Your proposal is sent. We answer soon."))
    return _home(pathway.relation_id)


def _propose(
    pathway: PathwayView,
    amendment: AmendmentView | None,
    form: ChangeForm,
    steps: tuple[Step, ...],
) -> None:
    actor, moment = current_actor(), current_moment()
    asked: dict[str, Any] = {
        "steps": steps,
        "reason": str(form.reason.data),
        "function": str(form.function.data),
    }
    with unit_of_work() as session:
        if amendment is None:
            propose_amendment(session, actor, moment, pathway.id, **asked)
        else:
            revision = form.revision.data or 0
            counter_amendment(session, actor, moment, amendment.id, revision=revision, **asked)


def _pathway(pathway_id: int) -> PathwayView:
    return read_pathway(db.session(), current_actor(), current_moment(), pathway_id)


def _may_answer(amendment: AmendmentView, pathway: PathwayView) -> bool:
    return amendment.is_open and amendment.waits_for is Side.SUPPLIER and pathway.is_running


def _new_form(revision: int) -> ChangeForm:
    function = function_of(db.session(), current_actor())
    return ChangeForm(formdata=None, revision=revision, function=function)


def _change_page(
    pathway: PathwayView,
    form: ChangeForm,
    wishes: Sequence[Wish],
    amendment: AmendmentView | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return (
        render_template(
            "portal/change.html",
            pathway=pathway,
            amendment=amendment,
            form=form,
            wishes=wishes,
            has_error=bool(form.errors or form.form_errors or any(w.error for w in wishes)),
        ),
        status,
    )


def _amendment_page(
    amendment_id: int,
    *,
    agree_form: AgreeForm | None = None,
    decline_form: DeclineChangeForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    outdated: str = "",
    withdrawing: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    actor = current_actor()
    amendment = read_amendment(db.session(), actor, amendment_id)
    pathway = _pathway(amendment.pathway_id)
    relation = portal_relation()
    function = function_of(db.session(), actor)
    return (
        render_template(
            "portal/amendment.html",
            amendment=amendment,
            pathway=pathway,
            relation=relation,
            buyer=buyer_of(db.session(), relation, current_moment().today),
            agree_form=agree_form
            or AgreeForm(formdata=None, revision=amendment.revision, function=function),
            decline_form=decline_form or DeclineChangeForm(formdata=None),
            withdraw_form=withdraw_form or WithdrawForm(formdata=None, revision=amendment.revision),
            form=agree_form or decline_form or withdraw_form,
            outdated=outdated,
            withdrawing=withdrawing,
            may_answer=_may_answer(amendment, pathway),
            may_agree=actor.may(Duty.AGREE),
        ),
        status,
    )


def _address(amendment: AmendmentView) -> str:
    return url_for(
        "portal_changing.show", relation_id=amendment.relation_id, amendment_id=amendment.id
    )


def _home(relation_id: int) -> ResponseReturnValue:
    return redirect(url_for("portal_home.show", relation_id=relation_id), 303)
