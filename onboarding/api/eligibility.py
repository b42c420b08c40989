"""The buying status over REST: of one supplier, and of all of them in pages."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, current_app
from flask.wrappers import Response
from sqlalchemy.engine import Connection

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
from onboarding.api.answers import json_answer, streamed, written_answer
from onboarding.api.cursors import Place, first_place, place_from
from onboarding.api.locales import reader_locale
from onboarding.api.problems import Problem, parameter_invalid
from onboarding.api.status_text import lasting, of_the_moment
from onboarding.api.streams import FORMS
from onboarding.clock import Clock
from onboarding.domain.references import Ref
from onboarding.domain.tokens import Scope
from onboarding.services.feed.eligibility_answers import (
    ID,
    Answer,
    Asked,
    Lookup,
    TimelineLookup,
    list_statuses,
    look_up_status,
    look_up_through_time,
    pages_of_statuses,
)
from onboarding.services.feed.eligibility_lookup import look_up_many
from onboarding.store.database import db
from onboarding.store.readers import one_read

blueprint = Blueprint("api_eligibility", __name__, url_prefix="/api/v1/eligibility")

Found = TypeVar("Found", Lookup, TimelineLookup)


@blueprint.get("/<path:ref>")
def single(ref: str) -> Response:
    """The status on a day."""
    found = _looked_up(look_up_status, ref, "on", "known_at")
    answer = found.answer()
    if found.asked.known_at is None and answer.on == found.asked.moment.today:
        told_grants.note_rows([answer.row])
    told = lasting(answer.row, reader_locale())
    end = of_the_moment(answer.on, answer.known_at)
    return written_answer(told + end, representations.text_tag(told))


@blueprint.get("/<path:ref>/timeline")
def timeline(ref: str) -> Response:
    """The status through time."""
    found = _looked_up(look_up_through_time, ref, "known_at")
    through_time = found.timeline()
    if found.asked.known_at is None:
        told_grants.note_timeline(through_time.periods, through_time.on)
    told = representations.timeline(through_time, reader_locale())
    return json_answer(told, representations.weak_tag(told), is_weak=True)


def _looked_up(
    look_up: Callable[[Connection, str, datetime, Ref, Asked], Found], ref: str, *known: str
) -> Found:
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
    now = real_now()
    with one_read() as connection:
        found = look_up(connection, bearer_token(), now, meant, asked)
    admit(found.program, Scope.ELIGIBILITY_READ, now)
    return found


@blueprint.post("/lookup")
@needs_scope(Scope.ELIGIBILITY_READ)
def lookup() -> Response:
    """Many suppliers at once; what is wrong with one stands in its place."""
    parameters.only()
    parameters.accepts_json()
    moment = current_moment()
    asked = lookups.question(moment)
    named = look_up_many(
        db.session(),
        current_actor().customer_id,
        asked.refs,
        asked.on,
        asked.known_at,
        moment.today,
    )
    if (asked.on, asked.known_at) == (moment.today, moment.now):
        told_grants.note_rows(one.told.row for one in named if isinstance(one.told, Answer))
    locale = reader_locale()
    items = [lookups.item(one, locale) for one in named]
    tag = representations.text_tag("\n".join([told for told, _end in items]))
    body = ",".join([told + end for told, end in items])
    return written_answer(f'{{"items":[{body}]}}', tag)


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
    listed = place.listed()
    rows = list_statuses(listed, after_id=place.after_id, limit=limit + 1)
    page, following = rows[:limit], rows[limit:]
    next_cursor = place.after(page[-1][ID]) if following else None
    told_grants.note_rows(page)
    locale = reader_locale()
    items = [lasting(row, locale) for row in page]
    tag = representations.text_tag("\n".join([*items, str(next_cursor)]))
    end = of_the_moment(listed.on, listed.known_at)
    body = ",".join([told + end for told in items])
    return written_answer(f'{{"items":[{body}],"next_cursor":{json.dumps(next_cursor)}}}', tag)


def _stream(given: dict[str, str], form: str) -> Response:
    for name in ("cursor", "limit"):
        if name in given:
            raise parameter_invalid(name, "only-in-json")
    listed = _place(given).listed()
    lines = FORMS[form](told_grants.counted(pages_of_statuses(listed)), listed, reader_locale())
    return streamed(lines, form)


def _place(given: dict[str, str]) -> Place:
    customer_id, status = current_actor().customer_id, parameters.status(given)
    clock: Clock = current_app.extensions["clock"]
    changed_since = parameters.since(given, "changed_since", clock)
    if "cursor" in given:
        return place_from(given["cursor"], customer_id, status, changed_since)
    return first_place(customer_id, current_moment(), status, changed_since)
