"""The statements by which a sweep owes, kept: to write them takes longer than to run.

A worker sweeps each minute, and mostly nothing is new: one statement asks for all kinds at once
which of them have anything. The policy is written into them; the instant, the day and the customer
are left open.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.engine import Compiled

from onboarding.services.mail.sweep import Kind, Sweep
from onboarding.store.owing import Written, asked_at_once, which_are_due

MOST = 50  # policies; then all are written anew


@dataclass(frozen=True, slots=True)
class Kept:
    """What each kind runs, with whether that is counted, and the question to all of them."""

    kinds: Sequence[tuple[str, Sequence[tuple[Written, bool]]]]
    asked: Compiled
    left_open: Mapping[str, Callable[[Sweep], date]]


_kept: dict[Hashable, Kept] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing(Sweep):
    """A sweep that runs nothing: it keeps what it would run, and whether that is counted."""

    found: list[tuple[Written, bool]] = field(default_factory=list)

    def carry_out(self, written: Written, *, is_counted: bool) -> int:
        self.found.append((written, is_counted))
        return 0

    def written(self, kind: Callable[[Sweep], int]) -> list[tuple[Written, bool]]:
        """What this kind would run."""
        self.found.clear()
        kind(self)
        return list(self.found)


def due_kinds(
    sweep: Sweep, kinds: Sequence[Kind], *more: Hashable
) -> list[tuple[str, Callable[[Sweep], int]]]:
    """Those of the kinds that have something to owe now, by what was written before.

    A kind reads nothing but the sweep; `more` is what else these kinds were made from.
    """
    kept = _kept_for(sweep, kinds, more)
    sweep.left_open.update(kept.left_open)
    is_due = iter(which_are_due(sweep.session, kept.asked, sweep.values()))
    found = []
    for name, statements in kept.kinds:
        if any([next(is_due) for _ in statements]):
            found.append((name, _run(statements)))
    return found


def _run(statements: Sequence[tuple[Written, bool]]) -> Callable[[Sweep], int]:
    return lambda sweep: sum(
        sweep.carry_out(written, is_counted=is_counted) for written, is_counted in statements
    )


def _kept_for(sweep: Sweep, kinds: Sequence[Kind], more: Hashable) -> Kept:
    dialect = sweep.session.get_bind().dialect.name
    key = (dialect, sweep.policy, more)
    if key not in _kept:
        if len(_kept) >= MOST:
            _kept.clear()
        writing = Writing(
            session=sweep.session,
            moment=sweep.moment,
            customer_id=sweep.customer_id,
            policy=sweep.policy,
        )
        written = [(name, writing.written(kind)) for name, kind in kinds]
        asked = asked_at_once(
            sweep.session, (one for _, statements in written for one, _ in statements)
        )
        _kept[key] = Kept(written, asked, writing.left_open)
    return _kept[key]
