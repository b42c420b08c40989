"""The change feed: every change of a status, and of data where asked, in order, none skipped."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask.wrappers import Response

from onboarding.api import parameters, representations
from onboarding.api.access import current_actor, needs_scope
from onboarding.api.answers import json_answer
from onboarding.api.problems import parameter_invalid
from onboarding.domain.announcements import ANNOUNCED, StatusChanged
from onboarding.domain.tokens import Scope
from onboarding.services.feed.announcements import list_announcements
from onboarding.store.database import db

blueprint = Blueprint("api_events", __name__, url_prefix="/api/v1/events")

EVENT_ID = re.compile(r"\d{12}", re.ASCII)


@blueprint.get("")
@needs_scope(Scope.EVENTS_READ)
def following() -> Response:
    """What was announced after an event, the earliest first."""
    given = parameters.only("after", "limit", "types")
    parameters.accepts_json()
    limit = parameters.limit(given)
    found = list_announcements(
        db.session(), current_actor().customer_id, _position(given), limit + 1, _types(given)
    )
    items = [representations.event(one) for one in found[:limit]]
    told: dict[str, Any] = {
        "items": items,
        "next_cursor": items[-1]["id"] if len(found) > limit else None,
    }
    return json_answer(told, representations.weak_tag(told), is_weak=True)


def _types(given: dict[str, str]) -> Sequence[str]:
    """Which events; those of statuses where the program does not say."""
    types = given.get("types", StatusChanged.code).split(",")
    if not types or set(types) - set(ANNOUNCED):
        raise parameter_invalid("types", "unknown-value", known=list(ANNOUNCED))
    return types


def _position(given: dict[str, str]) -> int:
    after = given.get("after")
    if after is None:
        return 0
    if not EVENT_ID.fullmatch(after):
        raise parameter_invalid("after", "not-an-event", given=after[:60])
    return min(int(after), 2**31 - 1)
