"""The buying status over REST: of one supplier, and of all of them in pages."""

from flask import Blueprint, current_app
from flask.wrappers import Response

from onboarding.api import lookups, parameters, representations, told_grants
from onboarding.api.access import (
    admit,
    bearer_token,
    current_actor,
    current_moment,
    needs_scope,
    real_now,
    the_program,
)
from onboarding.api.answers import json_answer, streamed
from onboarding.api.cursors import Place, first_place, place_from
from onboarding.api.locales import reader_locale
from onboarding.api.problems import Problem, parameter_invalid
from onboarding.api.streams import FORMS
from onboarding.clock import Clock
from onboarding.domain.tokens import Scope
from onboarding.services.eligibility_answers import (
    Answer,
    Asked,
    Lookup,
    list_statuses,
    look_up_status,
    pages_of_statuses,
)
from onboarding.services.eligibility_lookup import look_up_many
from onboarding.store.database import db, one_read

blueprint = Blueprint("api_eligibility", __name__, url_prefix="/api/v1/eligibility")


@blueprint.get("/<path:ref>")
def single(ref: str) -> Response:
    """The status on a day."""
    found = _looked_up(ref, "on", "known_at")
    answer = found.answer()
    if found.asked.known_at is None and found.asked.on == current_moment().today:
        told_grants.note_answers([answer])
    told = representations.eligibility(answer, reader_locale())
    return json_answer(told, representations.weak_tag(told), is_weak=True)


@blueprint.get("/<path:ref>/timeline")
def timeline(ref: str) -> Response:
    """The status through time."""
    found = _looked_up(ref, "known_at", is_whole=True)
    through_time = found.timeline()
    if found.asked.known_at is None:
        told_grants.note_timeline(through_time.periods, through_time.on)
    told = representations.timeline(through_time, reader_locale())
    return json_answer(told, representations.weak_tag(told), is_weak=True)


def _looked_up(ref: str, *known: str, is_whole: bool = False) -> Lookup:
    """Token, supplier and status come from one statement; nothing is written."""
    moment = current_moment()
    try:
        meant = parameters.reference(ref)
        given = parameters.only(*known)
        asked = Asked(
            on=parameters.day(given, "on", moment.today),
            known_at=parameters.instant(given, "known_at", moment),
            moment=moment,
        )
        parameters.accepts_json()
    except Problem:
        the_program(Scope.ELIGIBILITY_READ)  # who may not ask learns nothing from asking wrongly
        raise
    with one_read() as connection:
        found = look_up_status(
            connection, bearer_token(), real_now(), meant, asked, is_whole=is_whole
        )
    admit(found.program, Scope.ELIGIBILITY_READ)
    return found


@blueprint.post("/lookup")
@needs_scope(Scope.ELIGIBILITY_READ)
def lookup() -> Response:
    """Many suppliers at once; what is wrong with one stands in its place."""
    parameters.only()
    parameters.accepts_json()
    asked = lookups.question(current_moment())
    named = look_up_many(
        db.session(), current_actor().customer_id, asked.refs, asked.on, asked.known_at
    )
    moment = current_moment()
    if (asked.on, asked.known_at) == (moment.today, moment.now):
        told_grants.note_answers(one.told for one in named if isinstance(one.told, Answer))
    items = [lookups.item(one) for one in named]
    return json_answer({"items": items}, representations.weak_tag(*items), is_weak=True)


@blueprint.get("")
@needs_scope(Scope.ELIGIBILITY_READ)
def several() -> Response:
    """The customer's suppliers by the tool's own number: in pages of JSON, or all in one stream."""
    form = parameters.accepted("application/json", *FORMS)
    given = parameters.only("status", "changed_since", "cursor", "limit")
    if form in FORMS:
        return _stream(given, form)
    limit = parameters.limit(given)
    place = _place(given)
    answers = list_statuses(db.session(), place.listed(), after_id=place.after_id, limit=limit + 1)
    page, following = answers[:limit], answers[limit:]
    next_cursor = place.after(page[-1].relation_id) if following else None
    told_grants.note_answers(page)
    locale = reader_locale()
    items = [representations.eligibility(one, locale) for one in page]
    tag = representations.weak_tag(*items, next_cursor)
    return json_answer({"items": items, "next_cursor": next_cursor}, tag, is_weak=True)


def _stream(given: dict[str, str], form: str) -> Response:
    for name in ("cursor", "limit"):
        if name in given:
            raise parameter_invalid(name, "only-in-json")
    listed = _place(given).listed()
    lines = FORMS[form](
        told_grants.counted(pages_of_statuses(db.session(), listed)), listed, reader_locale()
    )
    return streamed(lines, form)


def _place(given: dict[str, str]) -> Place:
    customer_id, status = current_actor().customer_id, parameters.status(given)
    clock: Clock = current_app.extensions["clock"]
    changed_since = parameters.since(given, "changed_since", clock)
    if "cursor" in given:
        return place_from(given["cursor"], customer_id, status, changed_since)
    return first_place(customer_id, current_moment(), status, changed_since)
