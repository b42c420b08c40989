"""Evidence: what happens to a file that somebody hands in, from upload to removal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change


class NumberKind(StrEnum):
    """What a sender says a number with nine digits is, where it could be a BSN."""

    RSIN = "rsin"  # of the own organisation: not asked again
    REFERENCE = "reference"  # an order, an invoice, a customer
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A number that passes the check of a BSN: its last digits and the page it stands on."""

    masked: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceUploaded(Change):
    """A file was handed in; the sender said that it holds no personal data of employees."""

    code: ClassVar[str] = "evidence-uploaded"
    evidence_id: int
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersDeclared(Change):
    """The sender said what the numbers are that could have been a BSN."""

    code: ClassVar[str] = "numbers-declared"
    evidence_id: int
    numbers: tuple[str, ...]
    kinds: tuple[NumberKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWithdrawn(Change):
    """The sender took the file back before it was handed in."""

    code: ClassVar[str] = "evidence-withdrawn"
    evidence_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataRemoved(Change):
    """The file held personal data and is gone everywhere: possibly a data leak."""

    code: ClassVar[str] = "personal-data-removed"
    evidence_id: int
    reason: str
