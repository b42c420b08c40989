"""Bars and columns: places in percent, calculated here and drawn by macros/charts.html."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Amount = Decimal | int
COLUMN_HEIGHT = 160  # of the tallest column, in the drawing's own pixels
NARROW_EVERY = 3  # on a phone only each third column has room for its label


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar or column: from `at`, `size` long; `look` is a class of the brand sheet."""

    at: float
    size: float
    look: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the left, with the text above it; its pieces are in percent of the width."""

    label: str
    value: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column from the ground up: `x` and `width` in percent, its pieces in pixels."""

    x: float
    width: float
    label: str
    is_narrow: bool
    parts: tuple[Part, ...]


def bars(rows: Iterable[tuple[str, str, Sequence[tuple[str, Amount]]]]) -> tuple[Bar, ...]:
    """Bars of `(label, value in words, [(look, amount), …])`; the longest takes the whole width."""
    given = list(rows)
    longest = max((_sum(pieces) for _, _, pieces in given), default=0)
    return tuple(
        Bar(label, value, _stacked(pieces, longest, 100)) for label, value, pieces in given
    )


def columns(
    rows: Iterable[tuple[str, Sequence[tuple[str, Amount]]]], *, as_shares: bool = False
) -> tuple[Column, ...]:
    """Columns of `(label, [(look, amount), …])`, the first piece on the ground.

    With `as_shares` every column is as tall as the others: its pieces are shares of it.
    """
    given = list(rows)
    tallest = max((_sum(pieces) for _, pieces in given), default=0)
    step = 100 / max(len(given), 1)
    drawn = []
    for index, (label, pieces) in enumerate(given):
        whole = _sum(pieces) if as_shares else tallest
        from_the_end = len(given) - 1 - index
        drawn.append(
            Column(
                x=round(index * step + step * 0.1, 2),
                width=round(step * 0.8, 2),
                label=label,
                is_narrow=from_the_end % NARROW_EVERY == 0,
                parts=_standing(_stacked(pieces, whole, COLUMN_HEIGHT)),
            )
        )
    return tuple(drawn)


def _stacked(pieces: Sequence[tuple[str, Amount]], whole: Amount, size: float) -> tuple[Part, ...]:
    parts, at = [], 0.0
    for look, amount in pieces:
        if not amount or not whole:
            continue
        length = float(amount) / float(whole) * size
        parts.append(Part(round(at, 2), round(length, 2), look))
        at += length
    return tuple(parts)


def _standing(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Measured from the top, as a drawing measures."""
    return tuple(
        Part(round(COLUMN_HEIGHT - part.at - part.size, 2), part.size, part.look) for part in parts
    )


def _sum(pieces: Sequence[tuple[str, Amount]]) -> Amount:
    return sum((amount for _, amount in pieces), Decimal(0))


GLOBALS: dict[str, Callable[..., Any]] = {"bars": bars, "columns": columns}
