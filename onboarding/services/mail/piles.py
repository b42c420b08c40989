"""Which messages of one reader travel together, and on which morning; also foretold."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from onboarding.domain.mail_choices import MailRhythm
from onboarding.domain.messages import DIGESTS, REMINDERS, MessageKind, Rhythm, rhythm
from onboarding.domain.reminders import SENDS_FROM, SOON, is_digest_day, may_send
from onboarding.domain.workdays import DAY, WorkingCalendar
from onboarding.store.tables import MessageRow

CalendarOf = Callable[[int | None], WorkingCalendar]  # that of the customer for None


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


def urgency(row: MessageRow) -> tuple[str, int]:
    """For sorting: the day that comes first stands first."""
    return str(row.facts.get("deadline_on", "")), row.id or 0


def piles(rows: Sequence[MessageRow]) -> list[list[MessageRow]]:
    """All reminders about steps go together, as do all tasks and all news; the rest goes alone."""

    def pile(row: MessageRow) -> tuple[str, str]:
        kind = MessageKind(row.kind)
        if kind not in DIGESTS:
            return "alone", f"{row.id or 0:012} {row.key}"  # what is foretold has no id
        return DIGESTS[kind], ""

    ordered = sorted(rows, key=lambda row: (pile(row), row.id or 0))
    return [list(group) for _, group in groupby(ordered, key=pile)]


def part(
    pile: Sequence[MessageRow],
    local: datetime,
    calendar_of: CalendarOf,
    wish: MailRhythm = MailRhythm.USUAL,
) -> tuple[list[MessageRow], list[tuple[MessageRow, datetime]]]:
    """What of a pile goes now, and when the rest may.

    Where the reminders about one supplier go, those about the reader's other ones go along, but
    for one that is closed. To who wants urgent ones only, each goes on its own day. `wish` is the
    reader's.
    """
    if pile[0].kind not in REMINDERS:
        until = not_before(pile, local, calendar_of(None), wish)
        return ([], [(row, until) for row in pile]) if until else (list(pile), [])
    found = []
    ordered = sorted(pile, key=lambda row: row.relation_id or 0)
    is_each_alone = wish is MailRhythm.URGENT
    for (relation_id, _), group in groupby(
        ordered, key=lambda row: (row.relation_id, row.key if is_each_alone else "")
    ):
        rows, calendar = list(group), calendar_of(relation_id)
        may_go = may_send(local.date(), local.time(), calendar)
        found.append((rows, not_before(rows, local, calendar, wish), may_go))
    something_goes = any(until is None for _, until, _ in found) and not is_each_alone
    now, later = [], []
    for rows, until, may_go in found:
        if until is None or (something_goes and may_go):
            now += rows
        else:
            later += [(row, until) for row in rows]
    return now, later


def not_before(
    pile: Sequence[MessageRow], local: datetime, calendar: WorkingCalendar, wish: MailRhythm
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
    is_digest = DIGESTS.get(kind) == "supplier"
    is_weekly = is_digest or (kind in REMINDERS and wish is MailRhythm.WEEKLY)
    if not is_weekly or _goes_on(pile, today, calendar, wish):
        return None
    return datetime.combine(_next_look(pile, today, calendar, wish), SENDS_FROM, local.tzinfo)


def next_morning(local: datetime, calendar: WorkingCalendar) -> datetime:
    day = calendar.on_or_after(local.date() + DAY)
    return datetime.combine(day, SENDS_FROM, local.tzinfo)


def _is_pressing(pile: Iterable[MessageRow], today: date) -> bool:
    """Late, or due within three days: it does not wait for Monday."""
    soon = (today + SOON).isoformat()
    return any(str(row.facts.get("deadline_on", "")) <= soon for row in pile)


def _goes_on(
    pile: Sequence[MessageRow], day: date, calendar: WorkingCalendar, wish: MailRhythm
) -> bool:
    """With the weekly digest, or sooner where something presses; as far as the reader wants it."""
    with_digest = wish is not MailRhythm.URGENT and is_digest_day(day, calendar)
    return with_digest or (wish is not MailRhythm.WEEKLY and _is_pressing(pile, day))


def _next_look(
    pile: Sequence[MessageRow], today: date, calendar: WorkingCalendar, wish: MailRhythm
) -> date:
    """The next weekly digest, or the working day on which something in it becomes pressing."""
    day = calendar.on_or_after(today + DAY)
    while not _goes_on(pile, day, calendar, wish):
        day = calendar.on_or_after(day + DAY)
    return day
