"""One thing done to many suppliers: what it would change is shown first, then it is confirmed.

Whom it is about, and what decides that, stands in the address; only confirming is a POST.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from onboarding.domain.batches import BatchKind
from onboarding.domain.errors import InputInvalid, VersionOutdated
from onboarding.domain.people import Duty
from onboarding.services.batches import Preview, Wanted, begin, preview
from onboarding.services.pathway.templates import live_templates
from onboarding.services.statuses import policies_of
from onboarding.store.database import db, unit_of_work
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.suppliers import buyers_of
from onboarding.web.access import current_actor, needs
from onboarding.web.forms import refuse
from onboarding.web.moments import current_moment
from onboarding.web.suppliers.batches import take_a_piece
from onboarding.web.suppliers.bulk_forms import (
    BuyerForm,
    InAddress,
    MessageForm,
    PlainForm,
    WavesForm,
    WhyForm,
)
from onboarding.web.suppliers.lists import FILTERS, asked_for

blueprint = Blueprint("supplier_bulk", __name__)
EXPORTS = {"export": "supplier_lists.export", "excel": "supplier_lists.workbook"}
FILTER = (*FILTERS, "sort")
CHOSEN = (*FILTER, "id", "all")  # what tells which suppliers
Words = MessageForm | WhyForm | PlainForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the address asks: `wanted` is None until all is filled in; `form` asks for it."""

    kind: BatchKind
    asked: SupplierFilter
    form: InAddress | None
    wanted: Wanted | None


@blueprint.get("/suppliers/bulk")
@needs(Duty.BUY)
def show() -> ResponseReturnValue:
    """What would change, what would not and why; or the question that comes first."""
    file = EXPORTS.get(request.args.get("do", ""))
    if file is not None and not _is_nobody():
        return redirect(url_for(file, **_chosen()), 303)
    asking = _asking()
    if asking is None or _is_nobody():
        return _nobody_page()
    return _page(asking, _words(asking.kind, fresh=True))


@blueprint.post("/suppliers/bulk")
@needs(Duty.BUY)
def confirm() -> ResponseReturnValue:
    """Begin it, do the first of it at once, and leave the rest to the worker."""
    asking = _asking()
    if asking is None or _is_nobody():
        return _nobody_page(), 422
    words = _words(asking.kind)
    if asking.wanted is None or not words.validate():
        return _page(asking, words, status=422)
    try:
        with unit_of_work() as session:
            row = begin(
                session,
                current_actor(),
                current_moment(),
                asking.wanted,
                request.form.get("seen", ""),
                words=words.words,
            )
    except VersionOutdated:
        return _page(asking, words, status=422, is_outdated=True)
    except InputInvalid as error:
        refuse(words, error)
        return _page(asking, words, status=422)
    batch_id = row.id
    take_a_piece(batch_id)
    return redirect(url_for("supplier_batches.show", batch_id=batch_id), 303)


def _asking() -> Asking | None:
    """None for an action that does not exist."""
    try:
        kind = BatchKind(request.args.get("do", ""))
    except ValueError:
        return None
    asked = asked_for()
    form: InAddress | None = None
    wanted: Wanted | None = None
    match kind:
        case BatchKind.ASSIGN:
            form = buyer = BuyerForm(_answers())
            buyer.fill_choices(_buyers())
            if _answers() is not None and buyer.validate():
                wanted = Wanted(kind=kind, asked=asked, buyer_id=buyer.chosen())
        case BatchKind.PROPOSE:
            actor, moment = current_actor(), current_moment()
            policy = policies_of(db.session(), actor.customer_id).on(moment.today)
            templates = live_templates(db.session(), actor)
            form = waves = WavesForm(_answers(), policy, moment.today, templates)
            if _answers() is not None and waves.validate():
                wanted = Wanted(
                    kind=kind,
                    asked=asked,
                    waves=waves.waves(),
                    template=waves.template.data,
                    target=waves.chosen_target(),
                )
        case _:
            wanted = Wanted(kind=kind, asked=asked)
    return Asking(kind=kind, asked=asked, form=form, wanted=wanted)


def _answers() -> MultiDict[str, str] | None:
    """What was filled in; None before anybody did."""
    return request.args if "shown" in request.args else None


def _words(kind: BatchKind, *, fresh: bool = False) -> Words:
    """What is asked with the confirmation."""
    forms: dict[BatchKind, type[Words]] = {
        BatchKind.TAKE_OUT: WhyForm,
        BatchKind.PROPOSE: MessageForm,
    }
    form = forms.get(kind, PlainForm)
    return form(formdata=None) if fresh else form()


def _page(
    asking: Asking, words: Words, *, status: int = 200, is_outdated: bool = False
) -> ResponseReturnValue:
    shown: Preview | None = None
    if asking.wanted is not None:
        try:
            shown = preview(db.session(), current_actor(), current_moment(), asking.wanted)
        except InputInvalid as error:
            refuse(asking.form or words, error)
    form = asking.form
    is_wrong = form is not None and bool(form.errors or form.form_errors)
    return (
        render_template(
            "buyer/bulk/show.html",
            asking=asking,
            shown=shown,
            form=form if is_wrong else words,
            question=form,
            words=words,
            chosen=_chosen(),
            is_outdated=is_outdated,
        ),
        422 if is_wrong else status,
    )


def _nobody_page() -> str:
    return render_template(
        "buyer/bulk/nobody.html", back=url_for("supplier_lists.index", **_chosen(FILTER))
    )


def _is_nobody() -> bool:
    return not request.args.get("all") and not asked_for().ids


def _chosen(names: tuple[str, ...] = CHOSEN) -> dict[str, Any]:
    """The part of the address that tells which suppliers."""
    return {name: request.args.getlist(name) for name in names if request.args.get(name)}


def _buyers() -> list[tuple[str, str]]:
    people = buyers_of(db.session(), current_actor().customer_id)
    return [(str(person.id), person.name) for person in people]
