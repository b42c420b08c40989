"""How an installation is doing, in figures that tell nothing about anybody."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.store.breaker import is_open
from onboarding.store.queues import (
    mails_by_state,
    messages_by_state,
    number_of_relations,
    oldest_unsent,
    queue_length,
)
from onboarding.store.workers import last_seen

SILENT_AFTER = 180.0  # seconds: a worker tells of itself each minute
LATE_AFTER = 1800.0  # seconds

# Told as 0 where there is none, so that a chart has no holes.
MESSAGE_STATES = ("planned", "queued", "held", "sending", "sent", "superseded", "failed", "dead")
MAIL_STATES = ("queued", "sending", "sent", "failed", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How the work goes that no page waits for.

    `oldest_unsent_seconds` is how long the message that waits longest should have been gone;
    `heartbeat_age_seconds` is None where no worker was seen since the last one ended as asked.
    """

    queue_length: int = 0
    oldest_unsent_seconds: float = 0.0
    heartbeat_age_seconds: float | None = None
    is_breaker_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much there is, by state."""

    relations: int
    messages: dict[str, int]
    mails: dict[str, int]
    work: Work = field(default_factory=Work)


def work(session: Session, moment: Moment, real_now: datetime) -> Work:
    """`real_now` is what workers live on; messages are due on the installation's time."""
    due_at, worker = oldest_unsent(session, moment.now), last_seen(session)
    return Work(
        queue_length=queue_length(session, moment.now),
        oldest_unsent_seconds=(moment.now - due_at).total_seconds() if due_at else 0.0,
        heartbeat_age_seconds=(real_now - worker.seen_at).total_seconds() if worker else None,
        is_breaker_open=is_open(session),
    )


def figures(session: Session, moment: Moment, real_now: datetime) -> Figures:
    return Figures(
        relations=number_of_relations(session),
        messages={**dict.fromkeys(MESSAGE_STATES, 0), **messages_by_state(session)},
        mails={**dict.fromkeys(MAIL_STATES, 0), **mails_by_state(session)},
        work=work(session, moment, real_now),
    )
