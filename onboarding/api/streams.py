"""The list of statuses as CSV and as NDJSON: written row by row, while the next rows are read."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from onboarding.api.representations import APPLIES_TO, instant
from onboarding.api.status_text import (
    KEPT,
    day_after,
    day_before,
    lasting,
    of_the_moment,
    shared,
    todo,
)
from onboarding.services.feed.eligibility_answers import Listed, Written

Rows = Iterable[Sequence[Written]]

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
                *todo(status),
                applies_to,
                _codes(shared(reasons)),
                _codes(shared(warnings)),
                day_after(before),
                day_before(after[:10]) if after else None,
                after[10:] if after else None,
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
            ) in rows
        )
        yield buffer.getvalue()


def as_ndjson(pages: Rows, listed: Listed, locale: str) -> Iterator[str]:
    """An item of the list on each line, as JSON has it."""
    end = of_the_moment(listed.on, listed.known_at) + "\n"
    for rows in pages:
        yield "".join([lasting(row, locale) + end for row in rows])


FORMS: dict[str, Callable[[Rows, Listed, str], Iterator[str]]] = {
    "text/csv": as_csv,
    "application/x-ndjson": as_ndjson,
}


@lru_cache(KEPT)
def _codes(stored: str) -> str:
    return " ".join(one["code"] for one in json.loads(stored))
