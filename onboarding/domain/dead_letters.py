"""Mail that was given up: why, and who sends it once more."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.errors import MoveRefused
from onboarding.domain.people import Actor, Duty


class GivenUp(StrEnum):
    """Why a message did not arrive; in the ledger the code stands before what a server said."""

    GAVE_UP = "gave-up"  # tried as often as we try
    ADDRESS_REFUSED = "address-refused"
    CONTENT_REFUSED = "content-refused"
    BOUNCED = "bounced"  # taken at first, and sent back later
    NOT_WRITTEN = "not-written"  # a message of which no mail could be made
    UNKNOWN_KIND = "unknown-kind"


# Nothing was wrong with the mail but the address: to send it again, the address must be free.
ABOUT_THE_ADDRESS = frozenset({GivenUp.ADDRESS_REFUSED, GivenUp.BOUNCED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSentAgain(Change):
    """An administrator put it back into the queue."""

    code: ClassVar[str] = "mail-sent-again"
    kind: str
    person_id: int


def split_reason(end_reason: str | None) -> tuple[GivenUp | None, str]:
    """The code of an end reason, and what was said; older ones have no code."""
    code, _, said = (end_reason or "").partition(": ")
    if code in set(GivenUp):
        return GivenUp(code), said
    return None, end_reason or ""


def may_go_again(end_reason: str | None, *, was_mailed: bool, has_bytes: bool) -> bool:
    """Not a link to get in, whose bytes are not kept, nor what no program can write."""
    because, _ = split_reason(end_reason)
    return because is not GivenUp.UNKNOWN_KIND and (has_bytes or not was_mailed)


def send_again(
    kind: str,
    person_id: int,
    end_reason: str | None,
    actor: Actor,
    *,
    was_mailed: bool,
    has_bytes: bool,
) -> MailSentAgain:
    """Raises MoveRefused for a link to get in: whoever needs one asks for a new one."""
    actor.must(Duty.ADMINISTER)
    if not may_go_again(end_reason, was_mailed=was_mailed, has_bytes=has_bytes):
        raise MoveRefused(from_state="failed", to_state="queued")
    return MailSentAgain(kind=kind, person_id=person_id)
