"""Mail that came in: what it can be, and what is recorded of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from onboarding.domain.changes import Change


class IncomingKind(StrEnum):
    """What became of a mail that came in."""

    ANSWER = "answer"  # became a question of who sent it
    BOUNCE = "bounce"  # one of ours came back, for good
    DELAY = "delay"  # one of ours is not there yet, or not this time
    AUTOMATIC = "automatic"  # no person wrote it
    INTERNAL = "internal"  # for the buyer to read; nothing follows from it
    STRAY = "stray"  # belongs to nothing that is known here
    POISONOUS = "poisonous"  # could not be read
    SEEN_BEFORE = "seen-before"


# A person looks at these, in the mailbox.
TO_LOOK_AT = frozenset({IncomingKind.STRAY, IncomingKind.POISONOUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticReplyReceived(Change):
    """A program of theirs answered a mail of ours: somebody is away."""

    code: ClassVar[str] = "automatic-reply"
    person_id: int
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReceived(Change):
    """A mail about this supplier that became nothing else; for the buyer to read."""

    code: ClassVar[str] = "mail-received"
    sender: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounced(Change):
    """A mail of ours came back; `is_hard`: this address takes none."""

    code: ClassVar[str] = "mail-bounced"
    person_id: int
    kind: str
    status: str
    is_hard: bool
