"""Compares a list of certificates with what is known: what each row would do, or why it cannot.

A row is about every supplier that has one of its KvK numbers, or had it before: a certificate of a
group is reported for each of its companies. What is reported is not checked yet, and what was
checked is not rewritten: a list that tells otherwise leads to a new report beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from onboarding.domain.certificate_lists import (
    KnownCertificate,
    Row,
    claim_of,
    read_row,
    same_certificate,
)
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.certificates import CertificateState
from onboarding.domain.errors import InputInvalid
from onboarding.domain.imports import ImportPlan, Outcome, RowMistake, RowPlan, Sheet
from onboarding.services.lists.cells import (
    Cells,
    cells_of,
    extra_cells,
    mistake_in,
    unused_headers,
)
from onboarding.services.lists.import_matching import RowWrong
from onboarding.store.certificate_lists import KnownHolders

NOT_OURS = "no-supplier"  # a row about a company that is no supplier of the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePlan(RowPlan):
    """What one row comes to for one supplier. `corrects` is the report that it puts right."""

    claim: Claim
    corrects: KnownCertificate | None = None


def plan_certificates(
    sheet: Sheet, places: Mapping[str, int], known: KnownHolders, today: date
) -> ImportPlan:
    """What taking the list would do, row by row and supplier by supplier."""
    planner = Planner(sheet, places, known, today)
    rows = (
        one
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
        for one in planner.plan_row(number, row)
    )
    return ImportPlan(tuple(rows), unused_headers(sheet, places))


class Planner:
    """Goes through the rows in order and remembers which supplier had which certificate already."""

    def __init__(
        self, sheet: Sheet, places: Mapping[str, int], known: KnownHolders, today: date
    ) -> None:
        self.sheet, self.places, self.known, self.today = sheet, places, known, today
        self.seen: dict[tuple[int, date], tuple[int, Claim]] = {}

    def plan_row(self, number: int, texts: tuple[str, ...]) -> Iterator[RowPlan]:
        cells = cells_of(texts, self.places)
        row = read_row(cells)
        mistakes = extra_cells(self.sheet, texts)
        mistakes += [self._mistake(one.facts["field"], cells, one.facts) for one in row.mistakes]
        if mistakes:
            yield self._wrong(number, cells, mistakes)
            return
        holders = self.known.holders(row.numbers())
        try:
            if not holders:
                raise RowWrong("kvk_number", NOT_OURS, given=row.values["kvk_number"])
            yield from [self._plan(number, row, relation_id) for relation_id in holders]
        except RowWrong as wrong:
            facts = {"reason": wrong.reason, **wrong.facts}
            yield self._wrong(number, cells, [self._mistake(wrong.field, cells, facts)])

    def _plan(self, number: int, row: Row, relation_id: int) -> CertificatePlan:
        try:
            known, changed = same_certificate(row, self.known.certificates[relation_id])
            claim = claim_of(row, known)
        except InputInvalid as error:
            facts = {n: v for n, v in error.facts.items() if n not in ("field", "reason")}
            raise RowWrong(error.facts["field"], error.facts["reason"], **facts) from None
        outcome = Outcome.NEW if known is None else Outcome.CHANGED
        is_twin = self._is_twin(number, relation_id, claim)
        if is_twin or (known is not None and not changed):
            outcome = Outcome.UNCHANGED
        elif claim.ends_on < self.today:
            raise RowWrong("ends_on", "ended-already")
        is_report = known is not None and known.state is CertificateState.REPORTED
        return CertificatePlan(
            number=number,
            outcome=outcome,
            name=self.known.names[relation_id],
            relation_id=relation_id,
            values=row.values,
            changed=changed,
            repaired=row.repaired,
            claim=claim,
            corrects=known if is_report else None,
        )

    def _is_twin(self, number: int, relation_id: int, claim: Claim) -> bool:
        """Whether a row before says the same of this supplier; raises RowWrong where otherwise."""
        key = relation_id, claim.starts_on
        before, told = self.seen.setdefault(key, (number, claim))
        if before == number:
            return False
        if (told.level, told.ends_on) != (claim.level, claim.ends_on):
            raise RowWrong("kvk_number", "twice", row=before)
        return True

    def _wrong(self, number: int, cells: Cells, mistakes: list[RowMistake]) -> RowPlan:
        return RowPlan(
            number=number,
            outcome=Outcome.WRONG,
            name=cells.get("name", ""),
            values={},
            mistakes=tuple(mistakes),
            repaired={},
        )

    def _mistake(self, field: str, cells: Cells, facts: Mapping[str, object]) -> RowMistake:
        if facts["reason"] == "required":
            facts = {**facts, "reason": "empty-cell"}
        return mistake_in(self.sheet, self.places, field, cells, facts)
