"""The list of statuses as CSV and as NDJSON: written row by row, while the next rows are read.

What many rows share (a status with its action, reasons with their words) is written once and
kept; nothing is made a value only to be written again.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from sqlalchemy import Row

from onboarding.api.representations import APPLIES_TO, instant, reason
from onboarding.domain.eligibility import Action, Reason, Status, action
from onboarding.services.eligibility_answers import Listed
from onboarding.services.told_events import INTERNAL_FACTS

Rows = Iterable[Sequence[Row[Any]]]
KEPT = 4096  # different reasons; suppliers share most of them
# What is told nowhere, and makes the same reason of two suppliers differ.
OWN_NUMBER = re.compile(rf'"({"|".join(sorted(INTERNAL_FACTS))})": \d+')

# In this order, and new ones at the end.
COLUMNS = (
    "kvk_number",
    "supplier",
    "status",
    "eligible",
    "action",
    "applies_to",
    "reasons",
    "warnings",
    "since",
    "until",
    "then",
    "policy_version",
    "as_of",
    "known_at",
)


def as_csv(pages: Rows, listed: Listed, locale: str) -> Iterator[str]:
    """Text as it stands: what begins with = is no formula to a program that reads it.

    Reasons and warnings are their codes, with a space between; what is not known is empty.
    """
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\r\n").writerows
    write([COLUMNS])
    yield buffer.getvalue()  # before anything was read: whoever asks sees at once that it begins
    as_of, known_at, applies_to = listed.on.isoformat(), instant(listed.known_at), APPLIES_TO[0]
    for rows in pages:
        buffer = io.StringIO()
        write = csv.writer(buffer, lineterminator="\r\n").writerows
        write(
            (
                kvk_number,
                name,
                status,
                *_todo(status),
                applies_to,
                _codes(_shared(reasons)),
                _codes(_shared(warnings)),
                _day_after(before),
                _day_before(after),
                then,
                policy_version,
                as_of,
                known_at,
            )
            for (
                _id,
                kvk_number,
                name,
                status,
                reasons,
                warnings,
                policy_version,
                before,
                after,
                then,
            ) in rows
        )
        yield buffer.getvalue()


def as_ndjson(pages: Rows, listed: Listed, locale: str) -> Iterator[str]:
    """An item of the list on each line, as JSON has it."""
    of_all = f'"as_of":"{listed.on.isoformat()}","known_at":"{instant(listed.known_at)}"}}\n'
    for rows in pages:
        lines = [
            f'{{"kvk_number":{_text(kvk_number)},"supplier":{quoted(name)},{_status(status)},'
            f'"reasons":{_told(_shared(reasons), locale)},'
            f'"warnings":{_told(_shared(warnings), locale)},'
            f'"since":"{_day_after(before)}","until":{_text(_day_before(after))},'
            f'"then":{_text(then)},"policy_version":{policy_version},{of_all}'
            for (
                _id,
                kvk_number,
                name,
                status,
                reasons,
                warnings,
                policy_version,
                before,
                after,
                then,
            ) in rows
        ]
        yield "".join(lines)


FORMS: dict[str, Callable[[Rows, Listed, str], Iterator[str]]] = {
    "text/csv": as_csv,
    "application/x-ndjson": as_ndjson,
}


def _text(value: str | None) -> str:
    """A word without anything to escape, or null."""
    return "null" if value is None else f'"{value}"'


@lru_cache(len(Status))
def _todo(status: str) -> tuple[str, str]:
    todo = action(Status(status))
    return ("false" if todo is Action.BLOCK else "true"), todo.value


@lru_cache(len(Status))
def _status(status: str) -> str:
    eligible, todo = _todo(status)
    applies_to = json.dumps(APPLIES_TO, separators=(",", ":"))
    return f'"status":"{status}","eligible":{eligible},"action":"{todo}","applies_to":{applies_to}'


def _shared(stored: str) -> str:
    """Reasons without numbers of the tool's own: most suppliers then share them."""
    return stored if stored == "[]" else OWN_NUMBER.sub(r'"\1": 0', stored)


@lru_cache(KEPT)
def _codes(stored: str) -> str:
    return " ".join(one["code"] for one in json.loads(stored))


@lru_cache(KEPT)
def _told(stored: str, locale: str) -> str:
    told = [reason(Reason(one["code"], one["facts"]), locale) for one in json.loads(stored)]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@lru_cache(KEPT)
def _day_after(day: date | str) -> str:
    return (date.fromisoformat(str(day)) + timedelta(days=1)).isoformat()


@lru_cache(KEPT)
def _day_before(day: date | str | None) -> str | None:
    return (date.fromisoformat(str(day)) - timedelta(days=1)).isoformat() if day else None
