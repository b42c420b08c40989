"""A buyer holds one reminder back, and lets it go again."""

from dataclasses import dataclass
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused
from onboarding.domain.messages import REMINDERS
from onboarding.domain.moves import BUYER, check, text_given
from onboarding.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHeld(Change):
    """It is not sent until somebody releases it."""

    code: ClassVar[str] = "mail-held"
    kind: str
    person_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReleased(Change):
    """It goes after all, where it is still true."""

    code: ClassVar[str] = "mail-released"
    kind: str
    person_id: int


def hold_mail(kind: str, person_id: int, reason: str, actor: Actor) -> MailHeld:
    """Raises MoveRefused for what is no reminder: a notice has its own page, answers just go."""
    check(actor, BUYER)
    if kind not in REMINDERS:
        raise MoveRefused(from_state=kind, to_state="held")
    return MailHeld(kind=kind, person_id=person_id, reason=text_given(reason, "reason"))


def release_mail(kind: str, person_id: int, state: str, actor: Actor) -> MailReleased:
    """Raises MoveRefused for what is not held, or not any more."""
    check(actor, BUYER)
    if state != "held":
        raise MoveRefused(from_state=state, to_state="queued")
    return MailReleased(kind=kind, person_id=person_id)
