"""What is announced: every change of a buying status, and that the data of a supplier changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar

from onboarding.domain.eligibility import Period, Reason, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """From `starts_on` on the supplier has another status.

    `number` is that of the assessment that says so: with the day it names the change, once and for
    all. `from_status` is None where nothing was known before.
    """

    code: ClassVar[str] = "eligibility.changed"
    relation_id: int
    number: int
    starts_on: date
    from_status: Status | None
    to_status: Status
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDataChanged:
    """What is held of a supplier is otherwise: its name, numbers, divisions, spend or buyer.

    It tells of whom and not what: who copies a supplier reads it anew. `number` is the length of
    the supplier's history then.
    """

    code: ClassVar[str] = "supplier.changed"
    relation_id: int
    number: int


ANNOUNCED = (StatusChanged.code, SupplierDataChanged.code)


def brought_by_days(
    relation_id: int, number: int, periods: Sequence[Period], until: date
) -> Iterator[StatusChanged]:
    """What an assessment said would change, as far as its day has come."""
    for before, period in pairwise(periods):
        if period.starts_on > until:
            return
        if period.status is not before.status:
            yield _changed(relation_id, number, before.status, period)


def brought_by_record(
    relation_id: int, number: int, before: Sequence[Period], periods: Sequence[Period]
) -> Iterator[StatusChanged]:
    """What a new assessment changes on its first day, against the one before it."""
    [first, *_] = periods
    held = next((one for one in before if one.starts_on <= first.starts_on <= one.ends_on), None)
    was = held.status if held is not None else None
    if was is not first.status:
        yield _changed(relation_id, number, was, first)


def next_change_on(periods: Sequence[Period], after: date) -> date | None:
    """The first day after this one that brings another status if nothing new is recorded."""
    changes = (
        period.starts_on
        for before, period in pairwise(periods)
        if period.starts_on > after and period.status is not before.status
    )
    return next(changes, None)


def _changed(relation_id: int, number: int, was: Status | None, period: Period) -> StatusChanged:
    return StatusChanged(
        relation_id=relation_id,
        number=number,
        starts_on=period.starts_on,
        from_status=was,
        to_status=period.status,
        reasons=period.verdict.reasons,
    )
