"""The list of suppliers for a page, and the same list as a file that can be imported again."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor, Duty
from onboarding.domain.suppliers import as_text
from onboarding.i18n import status_word, translate
from onboarding.i18n.imports import field_word
from onboarding.services.list_cells import defused
from onboarding.services.status_reading import read_statuses
from onboarding.services.turns import Turn, turns_of
from onboarding.store.contacts import emails_of
from onboarding.store.supplier_list import (
    PER_PAGE,
    StatusCount,
    SupplierFilter,
    SupplierLine,
    all_ids,
    count_by_status,
    is_empty,
    lines,
)
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import RelationRow

EXPORTED = (
    "id",
    "name",
    "kvk_number",
    "country",
    "city",
    "category",
    "division",
    "spend",
    "contract",
    "alternative",
    "creditor_numbers",
    "buyer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierList:
    """One page of the list. `counts` tell each status among all that is asked."""

    lines: list[SupplierLine]
    turns: Mapping[int, Turn]
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
    return SupplierList(
        lines=found,
        turns=turns_of(session, [line.id for line in found], moment.today),
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
    actor.must(Duty.READ)
    status = translate("Buying status", locale)
    yield "\ufeff" + as_csv([[*(field_word(field, locale) for field in EXPORTED), status]])
    for ids in all_ids(session, actor.customer_id, asked, moment.today):
        yield as_csv(_rows(session, moment, ids, locale))


def as_csv(rows: list[list[str]]) -> str:
    """Rows as Excel writes them in Europe; nothing in them is calculated."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return file.getvalue()


def _rows(session: Session, moment: Moment, ids: list[int], locale: str) -> list[list[str]]:
    relations = {
        row.id: row for row in session.scalars(select(RelationRow).where(RelationRow.id.in_(ids)))
    }
    numbers = creditor_numbers_of(session, ids)
    statuses = read_statuses(session, ids, moment.today)
    buyers = emails_of(session, [row.buyer_id for row in relations.values() if row.buyer_id])
    exported = []
    for relation_id in ids:
        row = relations[relation_id]
        values: dict[str, Any] = {
            "id": f"id-{row.id}",
            "creditor_numbers": as_text(numbers[row.id]),
            "buyer": buyers.get(row.buyer_id or 0),
            "spend": _amount(row.spend, locale),
        }
        cells = [values[f] if f in values else getattr(row, f) for f in EXPORTED]
        reading = statuses.get(relation_id)
        cells.append(status_word(reading.status, locale) if reading else "")
        exported.append(["" if cell is None else str(cell) for cell in cells])
    return exported


def _amount(spend: Decimal | None, locale: str) -> str | None:
    if spend is None:
        return None
    text = f"{spend:.2f}".removesuffix(".00")
    return text.replace(".", ",") if locale == "nl" else text
