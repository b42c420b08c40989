"""A supplier gets another KvK number: after a takeover, or because a wrong one was written down."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import InputInvalid
from onboarding.domain.identifiers import kvk_number_from
from onboarding.domain.moves import BUYER, check, text_given
from onboarding.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class KvkNumberChanged(Change):
    """The number that was left leads to the supplier still, unless it never was its own."""

    code: ClassVar[str] = "kvk-number-changed"
    relation_id: int
    was: str | None
    becomes: str
    from_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KvkNumberCorrected(Change):
    """A number was written down that was never the supplier's; it leads nowhere any more."""

    code: ClassVar[str] = "kvk-number-corrected"
    relation_id: int
    was: str | None
    becomes: str
    reason: str


def change_kvk_number(
    relation_id: int,
    was: str | None,
    text: str,
    from_on: date,
    reason: str,
    actor: Actor,
    today: date,
) -> KvkNumberChanged:
    """Another number from a day that has come. What is decided by it counts from today on."""
    check(actor, BUYER)
    if from_on > today:
        raise InputInvalid(field="from_on", reason="in-the-future", given=from_on.isoformat())
    return KvkNumberChanged(
        relation_id=relation_id,
        was=was,
        becomes=_another(was, text),
        from_on=from_on,
        reason=text_given(reason, "reason"),
    )


def correct_kvk_number(
    relation_id: int, was: str | None, text: str, reason: str, actor: Actor
) -> KvkNumberCorrected:
    check(actor, BUYER)
    return KvkNumberCorrected(
        relation_id=relation_id,
        was=was,
        becomes=_another(was, text),
        reason=text_given(reason, "reason"),
    )


def _another(was: str | None, text: str) -> str:
    number = kvk_number_from(text).number
    if number == was:
        raise InputInvalid(field="kvk_number", reason="unchanged", given=number)
    return number
