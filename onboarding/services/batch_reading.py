"""Reads batches for a page: how far each is, its waves, and what came of each supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from onboarding.domain.batches import BatchKind, ItemState
from onboarding.domain.people import Actor, Duty
from onboarding.services.batches import can_be_undone
from onboarding.store.batches import (
    PER_PAGE,
    Counts,
    ItemLine,
    batches_of,
    count_states,
    count_waves,
    lines_of,
    visible_batch,
)
from onboarding.store.contacts import names_of
from onboarding.store.tables import BatchRow
from onboarding.store.templates import title_of

# What stands first in a list of what came of it.
ORDER = (
    ItemState.REFUSED,
    ItemState.KEPT,
    ItemState.WAITING,
    ItemState.PLANNED,
    ItemState.DONE,
    ItemState.UNDONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is. While it `is_busy` something is to be done now, not on a later day."""

    row: BatchRow
    by: str
    counts: Counts

    @property
    def kind(self) -> BatchKind:
        return BatchKind(self.row.kind)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many are still to be looked at; what is planned for a day was."""
        states = [ItemState.WAITING]
        if self.row.undone_at is not None:
            states += [ItemState.PLANNED, ItemState.DONE]
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def looked_at(self) -> int:
        return self.total - self.left

    @property
    def is_busy(self) -> bool:
        return self.left > 0

    @property
    def can_be_undone(self) -> bool:
        return can_be_undone(self.row, self.counts)

    def states(self) -> list[tuple[str, int]]:
        """Each state that occurs and how many are in it, what needs a look first."""
        return [(state.value, self.counts[state]) for state in ORDER if self.counts.get(state)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The suppliers of one day: how many still go, went, or did not go after all."""

    due_on: date
    planned: int
    done: int
    dropped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch, its waves where it has any, and one page of its suppliers.

    `template` is the title, a code or own text, of the one that was proposed.
    """

    progress: Progress
    waves: tuple[Wave, ...]
    lines: Sequence[ItemLine]
    buyer: str | None
    undone_by: str | None
    template: str | None
    state: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchList:
    batches: tuple[Progress, ...]
    page: int
    has_more: bool


def read_batch(
    session: Session, actor: Actor, batch_id: int, state: str = "", page: int = 1
) -> BatchView:
    """The batch with its suppliers, those in `state` where one is given. Raises NotFound."""
    actor.must(Duty.BUY)
    row = visible_batch(session, actor, batch_id)
    counts = count_states(session, [row.id])[row.id]
    state = state if state in counts else ""
    shown = counts[state] if state else sum(counts.values())
    pages = max(-(-shown // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    given_to = row.facts.get("buyer_id")
    ids = [one for one in (row.person_id, row.undone_by, given_to) if one]
    names = names_of(session, ids)
    template = row.facts.get("template")
    waves = count_waves(session, row.id) if row.kind == BatchKind.PROPOSE else {}
    return BatchView(
        progress=Progress(row=row, by=names[row.person_id], counts=counts),
        waves=tuple(_wave(day, found) for day, found in waves.items()),
        lines=lines_of(session, row.id, state, page),
        buyer=names.get(given_to or 0),
        undone_by=names.get(row.undone_by or 0),
        template=title_of(session, row.customer_id, template, None) if template else None,
        state=state,
        page=page,
        pages=pages,
    )


def list_batches(session: Session, actor: Actor, page: int = 1) -> BatchList:
    """The organisation's batches, the newest first."""
    actor.must(Duty.BUY)
    page = max(page, 1)
    found = batches_of(session, actor.customer_id, page)
    shown = found[:PER_PAGE]
    counts = count_states(session, [one.row.id for one in shown])
    return BatchList(
        batches=tuple(Progress(row=one.row, by=one.by, counts=counts[one.row.id]) for one in shown),
        page=page,
        has_more=len(found) > PER_PAGE,
    )


def _wave(day: date, counts: Counts) -> Wave:
    return Wave(
        due_on=day,
        planned=counts.get(ItemState.WAITING, 0) + counts.get(ItemState.PLANNED, 0),
        done=counts.get(ItemState.DONE, 0) + counts.get(ItemState.KEPT, 0),
        dropped=counts.get(ItemState.REFUSED, 0) + counts.get(ItemState.UNDONE, 0),
    )
