"""Suppliers as rows of a file, one for each division; importing them again changes nothing.

A cell is a text, an amount of euros or a day: whoever writes the file says how each looks in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Lines
from onboarding.domain.people import Actor
from onboarding.domain.suppliers import CreditorNumber, as_text
from onboarding.i18n import mark, reason_text, status_word, translate
from onboarding.i18n.imports import field_word
from onboarding.services.status_reading import Reading, read_statuses
from onboarding.store.contacts import emails_of
from onboarding.store.divisions import lines_of, years_of
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import RelationRow

Cell = str | Decimal | date
WHO = ("name", "kvk_number", "country", "foreign_number", "city", "category")
OF_THE_SUPPLIER = (*WHO, "alternative")
STATUS = (mark("Buying status"), mark("Status since"), mark("Reason"))
OF_THE_LINE = ("division", "site", "contract", "contract_ends_on")


@dataclass(frozen=True, slots=True)
class Export:
    """The columns of a file in a language: a column for each year that something is known of."""

    years: Sequence[int]
    locale: str

    @property
    def fields(self) -> list[str]:
        return [
            *("id", *WHO),
            *("division", "site", "division_buyer", "contract", "contract_ends_on"),
            *(f"spend:{year}" for year in self.years),
            *("alternative", "has_no_alternative", "creditor_numbers", "buyer"),
        ]

    def headers(self) -> list[str]:
        words = [field_word(field, self.locale) for field in self.fields]
        return [*words, *(translate(word, self.locale) for word in STATUS)]

    def rows(self, session: Session, moment: Moment, ids: Sequence[int]) -> list[list[Cell]]:
        """Of these suppliers in this order, in a constant number of statements."""
        query = select(RelationRow).where(RelationRow.id.in_(ids))
        relations = {row.id: row for row in session.scalars(query)}
        numbers, lines = creditor_numbers_of(session, ids), lines_of(session, ids)
        statuses = read_statuses(session, ids, moment.today)
        buyers = [row.buyer_id for row in relations.values() if row.buyer_id]
        buyers += [line.buyer_id for one in lines.values() for line in one if line.buyer_id]
        emails = emails_of(session, buyers)
        found = []
        for relation_id in ids:
            row, reading = relations[relation_id], statuses.get(relation_id)
            for line, own in _divided(lines[relation_id], numbers[relation_id]):
                found.append(self._row(row, line, own, emails, reading))
        return found

    def _row(
        self,
        row: RelationRow,
        line: DivisionLine,
        numbers: tuple[CreditorNumber, ...],
        emails: dict[int, str | None],
        reading: Reading | None,
    ) -> list[Cell]:
        values: dict[str, Any] = {name: getattr(row, name) for name in OF_THE_SUPPLIER}
        values |= {name: getattr(line, name) for name in OF_THE_LINE}
        values |= {
            "id": f"id-{row.id}",
            "has_no_alternative": translate("yes", self.locale) if row.has_no_alternative else "",
            "creditor_numbers": as_text(numbers),
            "buyer": emails.get(row.buyer_id or 0),
            "division_buyer": emails.get(line.buyer_id or 0),
        }
        values |= {f"spend:{one.year}": one.amount for one in line.spend}
        cells = [values.get(field) for field in self.fields]
        return ["" if cell is None else cell for cell in (*cells, *self._status(reading))]

    def _status(self, reading: Reading | None) -> tuple[Cell, ...]:
        if reading is None:
            return "", "", ""
        reasons = [reason_text(one.code, one.facts, self.locale) for one in reading.reasons]
        return status_word(reading.status, self.locale), reading.since, " ".join(reasons)


def export_of(session: Session, actor: Actor, moment: Moment, locale: str) -> Export:
    return Export(years_of(session, actor.customer_id) or [moment.today.year], locale)


def _divided(
    lines: Lines, numbers: tuple[CreditorNumber, ...]
) -> Iterator[tuple[DivisionLine, tuple[CreditorNumber, ...]]]:
    """Each line with the numbers of its division; what has no line of its own is on the first.

    The whole goes first, so that a list tells it apart from its divisions.
    """
    left = list(numbers)
    divisions = {line.division for line in lines if line.division}
    ordered = sorted(lines, key=lambda line: line.key != ("", ""))
    for place, line in enumerate(ordered or [DivisionLine()]):
        own = [
            one
            for one in left
            if (line.division and one.division == line.division)
            or (place == 0 and one.division not in divisions)
        ]
        left = [one for one in left if one not in own]
        yield line, tuple(own)
