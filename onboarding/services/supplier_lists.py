"""The list of suppliers for a page, and the same list as a file that can be imported again."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Duty
from onboarding.i18n import translate
from onboarding.services.lists.cells import defused
from onboarding.services.lists.exported_rows import Cell, Export, export_of
from onboarding.services.lists.workbooks import workbook
from onboarding.services.pathway.turns import Turn, turns_of
from onboarding.store.divisions import division_names_of
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.supplier_list import (
    PER_PAGE,
    StatusCount,
    SupplierLine,
    all_ids,
    count_by_status,
    is_empty,
    lines,
)
from onboarding.store.suppliers import creditor_numbers_of


@dataclass(frozen=True, slots=True)
class DivisionKnown:
    """A division that buys or pays, and how its books know the supplier."""

    name: str
    numbers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierList:
    """One page of the list. `counts` tell each status among all that is asked."""

    lines: list[SupplierLine]
    turns: Mapping[int, Turn]
    divisions: Mapping[int, Sequence[DivisionKnown]]
    counts: list[StatusCount]
    total: int
    spend: Decimal
    page: int
    pages: int
    has_none: bool


def list_suppliers(
    session: Session, actor: Actor, moment: Moment, asked: SupplierFilter, page: int = 1
) -> SupplierList:
    """What is asked, one page of it; a page that is not there is the last one."""
    actor.must(Duty.READ)
    counts = count_by_status(session, actor.customer_id, asked, moment.today)
    chosen = [one for one in counts if not asked.status or one.status == asked.status]
    total = sum(one.count for one in chosen)
    pages = max(-(-total // PER_PAGE), 1)
    page = min(max(page, 1), pages)
    found = lines(session, actor.customer_id, asked, moment.today, page)
    ids = [line.id for line in found]
    return SupplierList(
        lines=found,
        turns=turns_of(session, ids, moment.today),
        divisions=_divisions(session, ids),
        counts=counts,
        total=total,
        spend=sum((one.spend for one in chosen), Decimal(0)),
        page=page,
        pages=pages,
        has_none=not counts and is_empty(session, actor.customer_id),
    )


def export_suppliers(
    session: Session, actor: Actor, moment: Moment, asked: SupplierFilter, locale: str
) -> Iterator[str]:
    """All that is asked as CSV, in parts, as Excel opens it; importing it changes nothing."""
    export, parts = _export(session, actor, moment, asked, locale)
    yield "\ufeff" + as_csv([export.headers()])
    for rows in parts:
        yield as_csv([_written(cell, locale) for cell in row] for row in rows)


def supplier_workbook(
    session: Session, actor: Actor, moment: Moment, asked: SupplierFilter, locale: str
) -> bytes:
    """All that is asked as XLSX, days as days and amounts as amounts; importing it changes
    nothing.
    """
    export, parts = _export(session, actor, moment, asked, locale)
    with workbook() as (file, sheets):
        sheets.add(
            translate("Suppliers", locale),
            export.headers(),
            (row for rows in parts for row in rows),
        )
    return file.getvalue()


def _export(
    session: Session, actor: Actor, moment: Moment, asked: SupplierFilter, locale: str
) -> tuple[Export, Iterator[list[list[Cell]]]]:
    actor.must(Duty.READ)
    export = export_of(session, actor, moment, locale)
    pages = all_ids(session, actor.customer_id, asked, moment.today)
    return export, (export.rows(session, moment, ids) for ids in pages)


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as Excel writes them in Europe; nothing in them is calculated."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return file.getvalue()


def _written(cell: Cell, locale: str) -> str:
    if isinstance(cell, Decimal):
        text = f"{cell:.2f}".removesuffix(".00")
        return text.replace(".", ",") if locale == "nl" else text
    return cell.isoformat() if isinstance(cell, date) else cell


def _divisions(session: Session, ids: Sequence[int]) -> dict[int, list[DivisionKnown]]:
    """The divisions of each supplier, in the order of its lines, and then those that only pay."""
    names, numbers = division_names_of(session, ids), creditor_numbers_of(session, ids)
    found = {}
    for relation_id in ids:
        known: dict[str, list[str]] = {name: [] for name in names[relation_id]}
        for one in numbers[relation_id]:
            known.setdefault(one.division, []).append(one.number)
        found[relation_id] = [DivisionKnown(name, own) for name, own in known.items()]
    return found
