"""The question about many suppliers: up to a thousand references, for one day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any

from onboarding.api.bodies import read_body
from onboarding.api.body_values import text, wrong
from onboarding.api.parameters import MOST, day, instant
from onboarding.api.problems import Problem, facts_as_json, sentence_of
from onboarding.api.status_text import lasting, of_the_moment
from onboarding.clock import Moment
from onboarding.domain.errors import DomainError, InputInvalid
from onboarding.services.feed.eligibility_answers import Answer
from onboarding.services.feed.eligibility_lookup import Named

FIELDS = ("refs", "on", "known_at")


@dataclass(frozen=True, slots=True)
class Question:
    """Which suppliers, and the day and the instant of the answer."""

    refs: list[str]
    on: date
    known_at: datetime


def question(moment: Moment) -> Question:
    """What the body asks. Raises Problem."""
    body = read_body()
    for field in body:
        if field not in FIELDS:
            raise Problem(
                "body-invalid", field=field[:60], reason="unknown-field", known=list(FIELDS)
            )
    refs = body.get("refs")
    if not isinstance(refs, list) or not 1 <= len(refs) <= MOST:
        raise wrong("refs", f"a list of 1 to {MOST} references")
    known_at = instant(_texts(body, "known_at"), "known_at", moment)
    return Question(
        refs=[text("refs", ref) for ref in refs],
        on=day(_texts(body, "on"), "on", moment.today),
        known_at=known_at or moment.now,
    )


def item(named: Named, locale: str) -> tuple[str, str]:
    """The reference with the status, or with why there is none: as JSON, and how it ends."""
    ref, told = f'{{"ref":{quoted(named.ref)},', named.told
    if isinstance(told, Answer):
        return ref + lasting(told.row, locale)[1:], of_the_moment(told.on, told.known_at)
    problem = json.dumps(_problem(told), ensure_ascii=False, separators=(",", ":"))
    return f'{ref}"problem":{problem}', "}"


def _problem(told: DomainError) -> dict[str, Any]:
    facts: Mapping[str, Any]
    if isinstance(told, InputInvalid):
        kind, facts = "reference-invalid", {"given": told.facts["given"]}
    else:
        kind, facts = told.code, told.facts
    return {"code": kind, "detail": sentence_of(kind, facts), "facts": facts_as_json(facts)}


def _texts(body: Mapping[str, Any], field: str) -> dict[str, str]:
    return {field: text(field, body[field])} if body.get(field) is not None else {}
