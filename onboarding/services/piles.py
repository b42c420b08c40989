"""Which messages of one reader travel together, and on which morning; also foretold."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from onboarding.domain.messages import DIGESTS, MessageKind, Rhythm, is_task, rhythm
from onboarding.domain.reminders import SENDS_FROM, SOON, is_digest_day, may_send
from onboarding.domain.workdays import DAY, WorkingCalendar
from onboarding.store.tables import MessageRow


def newest_stages(
    rows: Sequence[MessageRow],
) -> tuple[list[MessageRow], list[MessageRow]]:
    """Of several reminders about one step only the last is sent."""
    newest: dict[int, MessageRow] = {}
    for row in rows:
        if row.kind == MessageKind.MILESTONE_REMINDER and row.milestone_id is not None:
            other = newest.get(row.milestone_id)
            if other is None or stage_of(row) > stage_of(other):
                newest[row.milestone_id] = row
    kept = [
        row
        for row in rows
        if row.kind != MessageKind.MILESTONE_REMINDER or newest.get(row.milestone_id or 0) is row
    ]
    return kept, [row for row in rows if row not in kept]


def stage_of(row: MessageRow) -> int:
    return int(row.facts.get("stage", 0))


def piles(rows: Sequence[MessageRow]) -> list[list[MessageRow]]:
    """Reminders about one relation go together, as do all tasks; the rest goes alone."""

    def pile(row: MessageRow) -> tuple[str, str]:
        kind = MessageKind(row.kind)
        if kind not in DIGESTS:
            return "alone", row.key
        return ("tasks", "") if is_task(kind) else ("reminders", str(row.relation_id))

    ordered = sorted(rows, key=lambda row: (pile(row), row.id or 0))
    return [list(group) for _, group in groupby(ordered, key=pile)]


def not_before(
    pile: Sequence[MessageRow], local: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """When the pile may go; None where that is now."""
    kind, today = MessageKind(pile[0].kind), local.date()
    if rhythm(kind) is Rhythm.AT_ONCE:
        return None
    if not may_send(today, local.time(), calendar):
        is_early = calendar.is_working(today) and local.time() < SENDS_FROM
        if is_early:
            return datetime.combine(today, SENDS_FROM, local.tzinfo)
        return next_morning(local, calendar)
    is_weekly = kind in DIGESTS and not is_task(kind)
    if not is_weekly or is_digest_day(today, calendar) or _is_pressing(pile, today):
        return None
    return datetime.combine(_next_look(pile, today, calendar), SENDS_FROM, local.tzinfo)


def next_morning(local: datetime, calendar: WorkingCalendar) -> datetime:
    day = calendar.on_or_after(local.date() + DAY)
    return datetime.combine(day, SENDS_FROM, local.tzinfo)


def _is_pressing(pile: Iterable[MessageRow], today: date) -> bool:
    """Late, or due within three days: it does not wait for Monday."""
    soon = (today + SOON).isoformat()
    return any(str(row.facts.get("deadline_on", "")) <= soon for row in pile)


def _next_look(pile: Sequence[MessageRow], today: date, calendar: WorkingCalendar) -> date:
    """The next weekly digest, or the working day on which something in it becomes pressing."""
    day = calendar.on_or_after(today + DAY)
    while not is_digest_day(day, calendar) and not _is_pressing(pile, day):
        day = calendar.on_or_after(day + DAY)
    return day
