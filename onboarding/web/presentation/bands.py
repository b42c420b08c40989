"""A status through time as a drawn band: places in percent, calculated here, drawn by a macro."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onboarding.domain.eligibility import Difference, Period, runs, status_of
from onboarding.i18n.days import short_day
from onboarding.web.language import current_locale

LEAST = timedelta(days=90)  # a band shorter than that would make weeks look like years
APART = 28.0  # percent of the width that a day takes on a phone, with room around it


@dataclass(frozen=True, slots=True)
class Piece:
    """Days of one status: from `at`, `size` wide, in percent; `look` is a class of the sheet."""

    at: float
    size: float
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which a status begins, where there is room to name it."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Timelines under each other on one scale, from the first day to a while after the last.

    `differing` are the days on which the last of them tells something else. Today is not named
    where another day stands close to it.
    """

    rows: tuple[tuple[Piece, ...], ...]
    marks: tuple[Mark, ...]
    names_today: bool
    differing: tuple[Piece, ...]


def bands(
    timelines: Sequence[Sequence[Period]], today: date, differing: Sequence[Difference] = ()
) -> Bands:
    """The drawing of timelines that start on `today`, on one scale."""
    by_status = [runs(periods, status_of) for periods in timelines]
    turns = sorted({p.starts_on for row in by_status for p in row if p.starts_on > today})
    last = turns[-1] if turns else today
    span = max(timedelta(days=(last - today).days * 5 // 4), LEAST)  # whole days, as `until` is

    def place(day: date) -> float:
        return round(min(max((day - today) / span, 0.0), 1.0) * 100, 2)

    def piece(days: Period | Difference, look: str) -> Piece:
        until = today + span
        after = until if days.ends_on >= until else days.ends_on + timedelta(days=1)
        at = place(max(days.starts_on, today))
        return Piece(at, round(place(after) - at, 2), look)

    marks = tuple(_marks(turns, place))
    return Bands(
        rows=tuple(tuple(piece(one, one.status.value) for one in row) for row in by_status),
        marks=marks,
        names_today=not marks or marks[0].x > APART,
        differing=tuple(piece(one, "differs") for one in differing),
    )


def _marks(turns: Sequence[date], place: Callable[[date], float]) -> list[Mark]:
    """The first days that have room."""
    kept: list[Mark] = []
    taken = 0.0
    for day in turns:
        x = place(day)
        if x < taken:
            continue
        anchor = "start" if x < APART / 2 else "end" if x > 100 - APART / 2 else "middle"
        kept.append(Mark(x, short_day(day, current_locale()), anchor))
        taken = x + APART
    return kept


GLOBALS: dict[str, Callable[..., Any]] = {"bands": bands}
