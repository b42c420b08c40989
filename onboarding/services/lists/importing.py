"""Importing a list of any kind: keep it, show what it would do, take its good rows at once.

Reading a file takes long: callers do so before their transaction begins.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import as_json
from onboarding.domain.errors import AlreadyOpen, VersionOutdated
from onboarding.domain.imports import ImportPlan, Outcome, Sheet
from onboarding.domain.people import Actor, Duty
from onboarding.services.lists.columns import Columns
from onboarding.store.imports import stage_import, visible_import
from onboarding.store.suppliers import lock_customer
from onboarding.store.tables import ImportRow

Plan = Callable[[Session, Actor, Moment, Sheet, Mapping[str, int]], ImportPlan]
Take = Callable[[Session, Actor, Moment, ImportPlan], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """What is known of one kind of list: its columns, what its rows would do, and doing that."""

    name: str
    columns: Columns
    plan: Plan
    take: Take


@dataclass(frozen=True, slots=True)
class Staged:
    """A list that waits to be taken: as it was read, and which column holds which field."""

    sheet: Sheet
    places: dict[str, int]


def import_list(
    kind: ListKind,
    session: Session,
    actor: Actor,
    moment: Moment,
    sheet: Sheet,
    choices: Mapping[str, str],
    *,
    dry_run: bool = False,
) -> ImportPlan:
    """Take a list at once. Raises ColumnsUnclear, ColumnUnknown."""
    actor.must(Duty.BUY)
    places = kind.columns.chosen(sheet.headers, choices)
    kind.columns.check(sheet.headers, places)
    lock_customer(session, actor.customer_id)
    plan = kind.plan(session, actor, moment, sheet, places)
    if not dry_run:
        kind.take(session, actor, moment, plan)
    return plan


def upload(
    kind: ListKind,
    session: Session,
    actor: Actor,
    moment: Moment,
    file_name: str,
    sheet: Sheet,
) -> ImportRow:
    """Keep a list that was read until somebody takes it."""
    actor.must(Duty.BUY)
    places = kind.columns.recognised(sheet.headers)
    return stage_import(
        session,
        actor,
        moment,
        kind.name,
        file_name,
        {
            "headers": list(sheet.headers),
            "rows": [list(row) for row in sheet.rows],
            "numbers": list(sheet.numbers),
            "places": places,
        },
    )


def staged(row: ImportRow) -> Staged:
    content = row.content
    sheet = Sheet(
        headers=tuple(content["headers"]),
        rows=tuple(tuple(cells) for cells in content["rows"]),
        numbers=tuple(content["numbers"]),
    )
    return Staged(sheet, content["places"])


def choose_columns(
    kind: ListKind, session: Session, actor: Actor, import_id: int, choices: Mapping[str, str]
) -> ImportRow:
    """Say which column holds which field; an empty header leaves the field out."""
    actor.must(Duty.BUY)
    row = visible_import(session, actor, kind.name, import_id, lock=True)
    _check_not_taken(row)
    sheet = staged(row).sheet
    places = kind.columns.chosen(sheet.headers, choices)
    kind.columns.check(sheet.headers, places)
    row.content = {**row.content, "places": places}
    session.flush()
    return row


def preview(
    kind: ListKind, session: Session, actor: Actor, moment: Moment, row: ImportRow
) -> ImportPlan:
    """What taking the list would do now. Raises ColumnsUnclear."""
    actor.must(Duty.BUY)
    waiting = staged(row)
    kind.columns.check(waiting.sheet.headers, waiting.places)
    return kind.plan(session, actor, moment, waiting.sheet, waiting.places)


def fingerprint(plan: ImportPlan) -> str:
    """Tells whether what is taken is what was seen."""
    told = [[*as_json(row.changed), row.number, row.outcome.value, row.name] for row in plan.rows]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def take(
    kind: ListKind, session: Session, actor: Actor, moment: Moment, import_id: int, seen: str
) -> dict[str, int]:
    """Take the good rows. Raises VersionOutdated where it would do something else than was seen,
    AlreadyOpen where it was taken already."""
    actor.must(Duty.BUY)
    row = visible_import(session, actor, kind.name, import_id, lock=True)
    _check_not_taken(row)
    lock_customer(session, actor.customer_id)
    plan = preview(kind, session, actor, moment, row)
    if fingerprint(plan) != seen:
        raise VersionOutdated(what="import")
    kind.take(session, actor, moment, plan)
    wrong = [
        {"number": one.number, "mistakes": as_json(one.mistakes)} for one in plan.of(Outcome.WRONG)
    ]
    row.content = {**row.content, "counts": plan.counts(), "wrong": wrong}
    row.taken_at = moment.now
    session.flush()
    return plan.counts()


def wrong_rows(
    kind: ListKind, session: Session, actor: Actor, moment: Moment, row: ImportRow
) -> list[tuple[int, tuple[str, ...], list[dict[str, Any]]]]:
    """The rows that were not or would not be taken: number, cells and mistakes."""
    waiting = staged(row)
    cells = dict(zip(waiting.sheet.numbers, waiting.sheet.rows, strict=True))
    if row.taken_at is not None:
        found = [(one["number"], one["mistakes"]) for one in row.content["wrong"]]
    else:
        wrong = preview(kind, session, actor, moment, row).of(Outcome.WRONG)
        found = [(one.number, as_json(one.mistakes)) for one in wrong]
    return [(number, cells[number], mistakes) for number, mistakes in found]


def _check_not_taken(row: ImportRow) -> None:
    if row.taken_at is not None:
        raise AlreadyOpen(what="import")
