"""The pathway as a drawn line: places in percent, calculated here and drawn by a macro."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from onboarding.i18n.days import month_in_words
from onboarding.web.language import current_locale
from onboarding.web.moments import current_moment

LEFT, RIGHT = 2.0, 98.0
APART_WIDE, APART_NARROW = 9.0, 30.0
DONE = frozenset({"accepted", "waived"})
DOTS = {
    "planned": "todo",
    "started": "now",
    "submitted": "now",
    "returned": "now",
    "accepted": "done",
    "waived": "done",
    "overdue": "late",
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A step on the line: `x` in percent, `look` is done, now, late or todo.

    `label` is empty where there is no room; `is_narrow` says that it also fits on a phone.
    """

    x: float
    look: str
    label: str
    anchor: str
    is_narrow: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A pathway from its first day to its last, with today where it falls within them."""

    dots: tuple[Dot, ...]
    done_x: float
    today_x: float | None
    today_anchor: str
    done: int
    total: int


def pathway_line(steps: Iterable[tuple[date, str]]) -> Line:
    """The line for steps given as `(day, step code)`; steps on one day share a place."""
    ordered = sorted(steps)
    today = current_moment().today
    first, last = (ordered[0][0], ordered[-1][0]) if ordered else (today, today)
    span = max((last - first).days, 1)

    def place(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 2)

    places = [place(day) for day, _ in ordered]
    wide = _with_room(places, APART_WIDE)
    narrow = _with_room(places, APART_NARROW)
    dots = tuple(
        Dot(
            x=place(day),
            look=DOTS[code],
            label=month_in_words(day, current_locale()) if index in wide else "",
            anchor=_anchor(place(day)),
            is_narrow=index in narrow,
        )
        for index, (day, code) in enumerate(ordered)
    )
    done = [place(day) for day, code in ordered if code in DONE]
    today_x = place(today) if first <= today <= last else None
    return Line(
        dots=dots,
        done_x=max(done, default=LEFT),
        today_x=today_x,
        today_anchor=_anchor(today_x or LEFT),
        done=len(done),
        total=len(ordered),
    )


def _with_room(places: list[float], apart: float) -> set[int]:
    """Which labels fit: the first and the last always, the others where nothing is near."""
    if not places:
        return set()
    last = len(places) - 1
    kept = [0] if places[last] - places[0] >= apart else []
    for index in range(1, last):
        clear_behind = not kept or places[index] - places[kept[-1]] >= apart
        if clear_behind and places[last] - places[index] >= apart:
            kept.append(index)
    return {*kept, last}


def _anchor(x: float) -> str:
    if x <= 8:
        return "start"
    return "end" if x >= 92 else "middle"


GLOBALS: dict[str, Callable[..., Any]] = {"pathway_line": pathway_line}
