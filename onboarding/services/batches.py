"""Doing one thing to many suppliers: see what it would change, begin it, follow it, take it back.

What follows goes in pieces, by `batch_work`: by the worker, also when nobody looks any more.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.batches import (
    BatchBegun,
    BatchKind,
    BatchUndone,
    ItemState,
    Waves,
    check_waves,
)
from onboarding.domain.errors import InputInvalid, MoveRefused, SentTwice, VersionOutdated
from onboarding.domain.moves import text_given
from onboarding.domain.people import Actor, Duty
from onboarding.services.statuses import policies_of
from onboarding.services.suppliers import usable
from onboarding.store.batches import add_batch, begun_since, count_states, visible_batch
from onboarding.store.bulk import (
    NONE,
    Named,
    count_by_reason,
    examples_by_reason,
    ids_to_change,
    reasons_against,
)
from onboarding.store.history import A_MOMENT, Record, append
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import BatchRow

MOST = 10_000
FIRST_REASON = "no-contact"  # who could be proposed to, if only there were an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be done, and to which suppliers of the list.

    `buyer_id` is whom they are given to, None for nobody; `waves`, `template` and `target` belong
    to a proposal.
    """

    kind: BatchKind
    asked: SupplierFilter
    buyer_id: int | None = None
    waves: Waves | None = None
    template: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Suppliers to which nothing is done, for one reason; the first of them by name."""

    reason: str
    count: int
    examples: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What it would change. `waves` are the days and how many suppliers each has.

    `seen` tells whether what is begun is what was shown.
    """

    change: int
    held_back: tuple[HeldBack, ...]
    waves: tuple[tuple[date, int], ...]
    seen: str

    @property
    def stay(self) -> int:
        return sum(one.count for one in self.held_back)


def preview(session: Session, actor: Actor, moment: Moment, wanted: Wanted) -> Preview:
    """What would change, and what would not and why. Raises InputInvalid."""
    actor.must(Duty.BUY)
    _check(session, actor, moment, wanted)
    about = actor.customer_id, wanted.asked, moment.today
    reasons = reasons_against(wanted.kind, wanted.buyer_id)
    counts = count_by_reason(session, *about, reasons)
    if counts.get(NONE, 0) > MOST:
        raise InputInvalid(field="all", reason="too-many", most=MOST)
    named = examples_by_reason(session, *about, reasons)
    held_back = [
        HeldBack(
            reason=reason,
            count=counts[reason],
            examples=tuple(one for one in named if one.reason == reason),
        )
        for reason in dict.fromkeys((FIRST_REASON, *(code for code, _ in reasons)))
        if reason in counts
    ]
    ids = _ids(session, actor, moment, wanted)
    days = _days(session, actor, moment, wanted, len(ids))
    return Preview(
        change=len(ids),
        held_back=tuple(held_back),
        waves=tuple(Counter(days).items()),
        seen=_fingerprint(wanted, ids, days),
    )


def begin(
    session: Session,
    actor: Actor,
    moment: Moment,
    wanted: Wanted,
    seen: str,
    *,
    words: str = "",
) -> BatchRow:
    """Begin it. `words` are the reason for taking out, or go with the proposals.

    Raises VersionOutdated where it would change others than were shown, InputInvalid, SentTwice.
    """
    actor.must(Duty.BUY)
    lock_customer(session, actor.customer_id)
    just_begun = begun_since(session, actor, wanted.kind, moment.now - A_MOMENT)
    if any(one.facts.get("seen") == seen for one in just_begun):
        raise SentTwice
    _check(session, actor, moment, wanted)
    ids = _ids(session, actor, moment, wanted)
    days = _days(session, actor, moment, wanted, len(ids))
    if seen != _fingerprint(wanted, ids, days):
        raise VersionOutdated(what="bulk")
    if not ids:
        raise InputInvalid(field="all", reason="required")
    counts = count_by_reason(
        session,
        actor.customer_id,
        wanted.asked,
        moment.today,
        reasons_against(wanted.kind, wanted.buyer_id),
    )
    left_out = {reason: count for reason, count in counts.items() if reason != NONE}
    facts = {**_facts(wanted, words), "left_out": left_out, "seen": seen}
    items = list(zip(ids, days, strict=True))
    batch = add_batch(session, actor, moment, wanted.kind, facts, items)
    begun = BatchBegun(batch_id=batch.id, kind=wanted.kind, count=len(ids))
    append(session, begun, Record(actor=actor, moment=moment, is_shared=False))
    return batch


def undo(session: Session, actor: Actor, moment: Moment, batch_id: int, reason: str) -> BatchRow:
    """Have it taken back, supplier by supplier; what went out stays.

    `reason` stands in the history of whoever leaves the programme by it. Raises MoveRefused where
    there is nothing to take back.
    """
    actor.must(Duty.BUY)
    lock_customer(session, actor.customer_id)
    batch = visible_batch(session, actor, batch_id, lock=True)
    if not can_be_undone(batch, count_states(session, [batch_id])[batch_id]):
        raise MoveRefused(from_state="begun", to_state="undone")
    batch.facts = {**batch.facts, "undo_reason": text_given(reason, "reason")}
    batch.undone_at, batch.undone_by, batch.finished_at = moment.now, actor.person_id, None
    undone = BatchUndone(batch_id=batch_id, kind=BatchKind(batch.kind))
    append(session, undone, Record(actor=actor, moment=moment, is_shared=False))
    return batch


def can_be_undone(batch: BatchRow, counts: dict[str, int]) -> bool:
    """Whether anything in it has not gone out."""
    states = [ItemState.WAITING, ItemState.PLANNED]
    if batch.kind != BatchKind.PROPOSE:
        states.append(ItemState.DONE)
    return batch.undone_at is None and any(counts.get(state) for state in states)


def _check(session: Session, actor: Actor, moment: Moment, wanted: Wanted) -> None:
    """What is asked can be done at all."""
    if wanted.kind is BatchKind.ASSIGN:
        usable(session, actor, {"buyer_id": wanted.buyer_id})
    if wanted.kind is BatchKind.PROPOSE:
        assert wanted.waves is not None
        policy = policies_of(session, actor.customer_id).on(moment.today)
        check_waves(wanted.waves, 0, moment.today, policy.calendar)


def _ids(session: Session, actor: Actor, moment: Moment, wanted: Wanted) -> list[int]:
    reasons = reasons_against(wanted.kind, wanted.buyer_id)
    return ids_to_change(
        session, actor.customer_id, wanted.asked, moment.today, reasons, limit=MOST
    )


def _days(session: Session, actor: Actor, moment: Moment, wanted: Wanted, count: int) -> list[date]:
    """The day of each supplier, in order. Raises InputInvalid for waves too far ahead."""
    if wanted.waves is None or not count:
        return [moment.today] * count
    calendar = policies_of(session, actor.customer_id).on(moment.today).calendar
    check_waves(wanted.waves, count, moment.today, calendar)
    days = wanted.waves.days(count, calendar)
    return [days[place // wanted.waves.size] for place in range(count)]


def _facts(wanted: Wanted, words: str) -> dict[str, Any]:
    match wanted.kind:
        case BatchKind.TAKE_OUT:
            return {"reason": text_given(words, "reason")}
        case BatchKind.ASSIGN:
            return {"buyer_id": wanted.buyer_id}
        case BatchKind.PROPOSE:
            message = text_given(words, "message") if words.strip() else None
            return {"template": wanted.template, "target": wanted.target, "message": message}
        case _:
            return {}


def _fingerprint(wanted: Wanted, ids: Sequence[int], days: Sequence[date]) -> str:
    told: list[Any] = [wanted.kind, wanted.buyer_id, wanted.template, wanted.target, list(ids)]
    told += [[day.isoformat(), count] for day, count in Counter(days).items()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
