"""How a program names a supplier: by KvK number, creditor number, or the tool's own number."""

import re
from dataclasses import dataclass
from enum import StrEnum

from onboarding.domain.errors import DomainError, InputInvalid
from onboarding.domain.identifiers import CREDITOR_NUMBER

KVK_NUMBER = re.compile(r"\d{8}", re.ASCII)
OWN_NUMBER = re.compile(r"id-([1-9]\d{0,8})", re.ASCII)
CREDITOR = "creditor-"


class RefKind(StrEnum):
    """What a reference is made of."""

    KVK = "kvk"
    OWN = "id"
    CREDITOR = "creditor"


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference: `17037842`, `id-17` or `creditor-FS10023`."""

    kind: RefKind
    value: str

    def __str__(self) -> str:
        return self.value if self.kind is RefKind.KVK else f"{self.kind}-{self.value}"


class RefUnknown(DomainError):
    """No supplier of this customer has the reference; facts: `ref`."""

    code = "supplier-unknown"


class RefAmbiguous(DomainError):
    """Several suppliers have this creditor number; facts: `ref`, `candidates`.

    A candidate has `ref` (the tool's own reference), `kvk_number`, `name` and `division`.
    """

    code = "supplier-ambiguous"


class NotYetKnown(DomainError):
    """Nothing was known of the supplier then; facts: `ref`, `on`, `known_at`."""

    code = "not-yet-known"


def ref_from(text: str) -> Ref:
    """The reference in `text`. Raises InputInvalid where it is none of the three."""
    if KVK_NUMBER.fullmatch(text):
        return Ref(RefKind.KVK, text)
    if own := OWN_NUMBER.fullmatch(text):
        return Ref(RefKind.OWN, own[1])
    number = text.removeprefix(CREDITOR).upper()
    if text.startswith(CREDITOR) and CREDITOR_NUMBER.fullmatch(number):
        return Ref(RefKind.CREDITOR, number)
    raise InputInvalid(field="ref", reason="not-a-reference", given=text[:60])


def own_ref(relation_id: int) -> str:
    """The reference that never changes."""
    return str(Ref(RefKind.OWN, str(relation_id)))
