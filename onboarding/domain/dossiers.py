"""A dossier of a supplier was handed out: who has seen all of it is on record."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change


class DossierForm(StrEnum):
    """To read, or for a program."""

    PDF = "pdf"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierExported(Change):
    """`length` and `sha256` are where the chain of the history ended in it."""

    code: ClassVar[str] = "dossier-exported"
    form: DossierForm
    length: int
    sha256: str
