"""How often programs were answered by a grant: each answer about today that it decided.

Answers about other days, or as it was known at an instant, are not counted, and neither are the
tool's own pages.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from flask import Flask, current_app
from sqlalchemy.orm import Session

from onboarding.api.gathering import Gathering
from onboarding.domain.eligibility import Period, Reason, Status
from onboarding.services.feed.eligibility_answers import REASONS, STATUS_TOLD, Written
from onboarding.store.grants import count_told

TOLD = "told_grants"
GRANTED = "granted-by-decision"
KEPT = 4096  # different lists of reasons

Page = Sequence[Written]


class Told(Gathering[int]):
    """How often each grant was told, by the decision's id."""

    name = TOLD

    def joined(self, earlier: int, later: int) -> int:
        return earlier + later

    def write(self, session: Session, due: Mapping[int, int]) -> None:
        count_told(session, due)


def note_rows(rows: Iterable[Written]) -> None:
    """Those that a grant decided."""
    _note(
        decision
        for row in rows
        if row[STATUS_TOLD] == Status.CONDITIONAL and GRANTED in row[REASONS]
        for decision in _stored_grants(row[REASONS])
    )


def note_timeline(periods: Iterable[Period], today: date) -> None:
    """Only what it tells of today."""
    _note(
        decision
        for one in periods
        if one.starts_on <= today <= one.ends_on
        for decision in _grants(one.verdict.reasons)
    )


def counted(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages of `pages_of_statuses`, each counted once it was written."""
    for rows in pages:
        yield rows
        note_rows(rows)


def _note(decisions: Iterable[int]) -> None:
    known = list(decisions)
    if known:
        told: Told = current_app.extensions[TOLD]
        told.note(Counter(known))


def _grants(reasons: Iterable[Reason]) -> list[int]:
    return [one.facts["decision"] for one in reasons if one.code == GRANTED]


@lru_cache(KEPT)
def _stored_grants(stored: str) -> tuple[int, ...]:
    return tuple(one["facts"]["decision"] for one in json.loads(stored) if one["code"] == GRANTED)


def init_app(app: Flask) -> None:
    app.extensions[TOLD] = Told(app)
