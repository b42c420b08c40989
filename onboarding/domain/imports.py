"""What a list of suppliers comes to: each row new, changed, unchanged or wrong, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onboarding.domain.errors import DomainError
from onboarding.domain.suppliers import FieldChange


class FileUnreadable(DomainError):
    """Nothing can be made of the file; facts: `reason`, and what it names."""

    code = "file-unreadable"


class ColumnsUnclear(DomainError):
    """No column tells which supplier a row is about; facts: `headers`."""

    code = "columns-unclear"


class ColumnUnknown(DomainError):
    """A column was chosen that the list does not have; facts: `column`, `headers`."""

    code = "column-unknown"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it was read: texts in rows; `numbers` are those of the rows in the file.

    `headers` is the first row that holds names of columns.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


class Outcome(StrEnum):
    """What taking the row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMistake:
    """Why a row cannot be taken: the column, what stands there, and the reason with its facts."""

    column: str
    cell: str
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What one row comes to. `repaired` maps a field to what stood there before the repair.

    A supplier can have a row for each division: `joins` is the number of the first row of a new
    supplier, which then holds the values of all its rows. `division` names the row's own.
    """

    number: int
    outcome: Outcome
    name: str
    relation_id: int | None = None
    joins: int | None = None
    division: str = ""
    values: Mapping[str, Any]
    changed: tuple[FieldChange, ...] = ()
    mistakes: tuple[RowMistake, ...] = ()
    repaired: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The rows in their order. `unused` are the headers that no field took."""

    rows: tuple[RowPlan, ...]
    unused: tuple[str, ...] = ()

    def of(self, outcome: Outcome) -> tuple[RowPlan, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    def suppliers(self) -> int:
        """How many suppliers would be new or change."""
        new = [row for row in self.of(Outcome.NEW) if row.joins is None]
        return len(new) + len({row.relation_id for row in self.of(Outcome.CHANGED)})

    def counts(self) -> dict[str, int]:
        return {outcome.value: len(self.of(outcome)) for outcome in Outcome}
