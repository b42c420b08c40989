"""A supplier's status as JSON, written from its row as the database has it.

What many suppliers share (a status with its action, reasons with their words) is written once and
kept; nothing is made a value only to be written again.
"""

import json
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from json.encoder import encode_basestring as quoted

from onboarding.api.representations import APPLIES_TO, instant, reason
from onboarding.domain.eligibility import Action, Reason, Status, action
from onboarding.services.feed.eligibility_answers import Written
from onboarding.services.feed.told_events import INTERNAL_FACTS

KEPT = 4096  # different reasons; suppliers share most of them
# What is told nowhere, and makes the same reason of two suppliers differ.
OWN_NUMBER = re.compile(rf'"(?:{"|".join(sorted(INTERNAL_FACTS))})": \d+')
NO_NUMBER = f'"{min(INTERNAL_FACTS)}": 0'


def lasting(row: Written, locale: str) -> str:
    """All but when it is told, of which a tag is made; `of_the_moment` ends it."""
    _id, kvk_number, name, status, reasons, warnings, policy_version, before, after = row
    until, then = day_before(after[:10]) if after else None, after[10:] if after else None
    return (
        f'{{"kvk_number":{_text(kvk_number)},"supplier":{quoted(name)},{_status(status)},'
        f'"reasons":{_told(shared(reasons), locale)},"warnings":{_told(shared(warnings), locale)},'
        f'"since":"{day_after(before)}","until":{_text(until)},"then":{_text(then)},'
        f'"policy_version":{policy_version}'
    )


def of_the_moment(on: date, known_at: datetime) -> str:
    """The end of every status that is told of this day, as known at this instant."""
    return f',"as_of":"{on.isoformat()}","known_at":"{instant(known_at)}"}}'


def _text(value: str | None) -> str:
    """A word without anything to escape, or null."""
    return "null" if value is None else f'"{value}"'


@lru_cache(len(Status))
def todo(status: str) -> tuple[str, str]:
    """Whether one may buy, and what to do."""
    told = action(Status(status))
    return ("false" if told is Action.BLOCK else "true"), told.value


@lru_cache(len(Status))
def _status(status: str) -> str:
    eligible, told = todo(status)
    applies_to = json.dumps(APPLIES_TO, separators=(",", ":"))
    return f'"status":"{status}","eligible":{eligible},"action":"{told}","applies_to":{applies_to}'


def shared(stored: str) -> str:
    """Reasons without numbers of the tool's own: most suppliers then share them."""
    return stored if stored == "[]" else OWN_NUMBER.sub(NO_NUMBER, stored)


@lru_cache(KEPT)
def _told(stored: str, locale: str) -> str:
    told = [reason(Reason(one["code"], one["facts"]), locale) for one in json.loads(stored)]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@lru_cache(KEPT)
def day_after(day: date | str) -> str:
    return (date.fromisoformat(str(day)) + timedelta(days=1)).isoformat()


@lru_cache(KEPT)
def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
