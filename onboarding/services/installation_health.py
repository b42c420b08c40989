"""How an installation is doing, in figures that tell nothing about anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.store.queues import (
    mails_by_state,
    messages_by_state,
    number_of_relations,
    oldest_unsent,
)

# Told as 0 where there is none, so that a chart has no holes.
MESSAGE_STATES = ("planned", "queued", "sending", "sent", "superseded", "failed", "dead")
MAIL_STATES = ("queued", "sending", "sent", "failed", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`oldest_unsent_seconds` is how long the message that waits longest should have been gone."""

    relations: int
    messages: dict[str, int]
    mails: dict[str, int]
    oldest_unsent_seconds: float


def figures(session: Session, now: datetime) -> Figures:
    due_at = oldest_unsent(session, now)
    return Figures(
        relations=number_of_relations(session),
        messages={**dict.fromkeys(MESSAGE_STATES, 0), **messages_by_state(session)},
        mails={**dict.fromkeys(MAIL_STATES, 0), **mails_by_state(session)},
        oldest_unsent_seconds=(now - due_at).total_seconds() if due_at else 0.0,
    )
