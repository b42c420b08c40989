"""Importing suppliers: read a list, show what it would do, take its good rows at once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.changes import as_json
from onboarding.domain.errors import AlreadyOpen, VersionOutdated
from onboarding.domain.imports import ImportPlan, Outcome, Sheet
from onboarding.domain.people import Actor, Duty
from onboarding.services.import_columns import check_columns, chosen
from onboarding.services.import_planning import plan_import
from onboarding.services.spreadsheets import read_sheet
from onboarding.services.suppliers import add_suppliers, change_suppliers
from onboarding.store.imports import load_known, stage_import, visible_import
from onboarding.store.suppliers import buyers_of, lock_customer
from onboarding.store.tables import ImportRow

FROM_A_LIST = "list"


@dataclass(frozen=True, slots=True)
class Staged:
    """A list that waits to be taken: as it was read, and which column holds which field."""

    sheet: Sheet
    places: dict[str, int]


def import_suppliers(
    session: Session,
    actor: Actor,
    moment: Moment,
    content: bytes,
    choices: Mapping[str, str],
    *,
    dry_run: bool = False,
) -> ImportPlan:
    """Read and take a list at once. Raises FileUnreadable, ColumnsUnclear, ColumnUnknown."""
    actor.must(Duty.BUY)
    sheet = read_sheet(content)
    places = chosen(sheet.headers, choices)
    check_columns(sheet.headers, places)
    lock_customer(session, actor.customer_id)
    plan = _plan(session, actor, sheet, places)
    if not dry_run:
        _take(session, actor, moment, plan)
    return plan


def upload(
    session: Session, actor: Actor, moment: Moment, file_name: str, content: bytes
) -> ImportRow:
    """Read a list and keep it until somebody takes it. Raises FileUnreadable."""
    actor.must(Duty.BUY)
    sheet = read_sheet(content)
    places = chosen(sheet.headers, {})
    return stage_import(
        session,
        actor,
        moment,
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
    session: Session, actor: Actor, import_id: int, choices: Mapping[str, str]
) -> ImportRow:
    """Say which column holds which field; an empty header leaves the field out."""
    actor.must(Duty.BUY)
    row = visible_import(session, actor, import_id, lock=True)
    _check_not_taken(row)
    sheet = staged(row).sheet
    places = chosen(sheet.headers, choices)
    check_columns(sheet.headers, places)
    row.content = {**row.content, "places": places}
    session.flush()
    return row


def preview(session: Session, actor: Actor, row: ImportRow) -> ImportPlan:
    """What taking the list would do now. Raises ColumnsUnclear."""
    actor.must(Duty.BUY)
    waiting = staged(row)
    check_columns(waiting.sheet.headers, waiting.places)
    return _plan(session, actor, waiting.sheet, waiting.places)


def fingerprint(plan: ImportPlan) -> str:
    """Tells whether what is taken is what was seen."""
    told = [[*as_json(row.changed), row.number, row.outcome.value, row.name] for row in plan.rows]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def take(
    session: Session, actor: Actor, moment: Moment, import_id: int, seen: str
) -> dict[str, int]:
    """Take the good rows. Raises VersionOutdated where it would do something else than was seen,
    AlreadyOpen where it was taken already."""
    actor.must(Duty.BUY)
    row = visible_import(session, actor, import_id, lock=True)
    _check_not_taken(row)
    lock_customer(session, actor.customer_id)
    plan = preview(session, actor, row)
    current = fingerprint(plan)
    if current != seen:
        raise VersionOutdated(what="import")
    _take(session, actor, moment, plan)
    wrong = [{"number": one.number, "mistakes": as_json(one.mistakes)} for one in _wrong(plan)]
    row.content = {**row.content, "counts": plan.counts(), "wrong": wrong}
    row.taken_at = moment.now
    session.flush()
    return plan.counts()


def wrong_rows(
    session: Session, actor: Actor, row: ImportRow
) -> list[tuple[int, tuple[str, ...], list[dict[str, Any]]]]:
    """The rows that were not or would not be taken: number, cells and mistakes."""
    waiting = staged(row)
    cells = dict(zip(waiting.sheet.numbers, waiting.sheet.rows, strict=True))
    if row.taken_at is not None:
        found = [(one["number"], one["mistakes"]) for one in row.content["wrong"]]
    else:
        plan = preview(session, actor, row)
        found = [(one.number, as_json(one.mistakes)) for one in _wrong(plan)]
    return [(number, cells[number], mistakes) for number, mistakes in found]


def _plan(session: Session, actor: Actor, sheet: Sheet, places: Mapping[str, int]) -> ImportPlan:
    people = buyers_of(session, actor.customer_id)
    buyers = {person.name.casefold(): person.id for person in people}
    buyers |= {person.email.casefold(): person.id for person in people if person.email}
    return plan_import(sheet, places, load_known(session, actor.customer_id), buyers)


def _take(session: Session, actor: Actor, moment: Moment, plan: ImportPlan) -> None:
    changed = {
        row.relation_id: row.values
        for row in plan.of(Outcome.CHANGED)
        if row.relation_id is not None
    }
    change_suppliers(session, actor, moment, changed, FROM_A_LIST)
    new = [row.values for row in plan.of(Outcome.NEW)]
    add_suppliers(session, actor, moment, new, FROM_A_LIST)


def _wrong(plan: ImportPlan) -> Any:
    return plan.of(Outcome.WRONG)


def _check_not_taken(row: ImportRow) -> None:
    if row.taken_at is not None:
        raise AlreadyOpen(what="import")
