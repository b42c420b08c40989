"""What is wrong with an installation, each in one line with the way out; nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.incoming import TO_LOOK_AT
from onboarding.services.installation_health import LATE_AFTER, SILENT_AFTER, Work, work
from onboarding.store.breaker import open_breaker
from onboarding.store.evidence import EvidenceFiles
from onboarding.store.incoming import number_of
from onboarding.store.queues import current_revision, last_event_at, messages_by_state
from onboarding.store.workers import last_seen

A_MINUTE = timedelta(minutes=1)
A_MONTH = timedelta(days=30)
MANY_SECONDS = 7200.0


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"  # worth a look
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `told` says how it is and, where it is wrong, what to do."""

    level: Level
    about: str
    told: str


def look_at_database(session: Session, newest: str | None) -> Finding:
    """Whether it can be reached, and its tables are of this version."""
    try:
        at = current_revision(session)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return Finding(
            Level.WRONG,
            "database",
            f"cannot be reached ({why}). Is DATABASE_URL right, and does the server run?",
        )
    if at is None:
        return Finding(Level.WRONG, "database", "it has no tables yet. Run flask db upgrade.")
    if at != newest:
        return Finding(
            Level.WRONG,
            "database",
            f"its tables are at migration {at}, this version needs {newest}. "
            "Run flask backup, then flask db upgrade.",
        )
    return Finding(Level.OK, "database", f"reached, and its tables are of this version ({at}).")


def look_at_evidence(url: str) -> Finding:
    """Whether a file can be written where evidence is kept, and taken away again."""
    try:
        EvidenceFiles(url).try_writing()
    except Exception as error:  # each kind of store has its own
        return Finding(
            Level.WRONG,
            "evidence",
            f"nothing can be written there ({error}). Make the folder of EVIDENCE_URL, and give "
            "it to the user that runs this.",
        )
    return Finding(Level.OK, "evidence", "files can be written.")


def look_at_work(session: Session, moment: Moment, real_now: datetime) -> Iterator[Finding]:
    """The worker, the queue, the breaker, what is dead, and the clock; the tables must be there."""
    found = work(session, moment, real_now)
    yield _worker(session, found, real_now)
    yield _queue(found)
    yield _breaker(session)
    yield _dead(session)
    yield from _set_aside(session, moment)
    yield _clock(session, moment, real_now)


def _worker(session: Session, found: Work, real_now: datetime) -> Finding:
    age, row = found.heartbeat_age_seconds, last_seen(session)
    if age is None or row is None:
        told = "none runs, so no mail goes. Start flask worker, as a service that stays."
        return Finding(Level.WRONG, "worker", told)
    if age > SILENT_AFTER:
        told = (
            f"not seen for {in_words(age)} ({row.name}). Look at its log, and start it again "
            "(systemctl restart onboarding-worker)."
        )
        return Finding(Level.WRONG, "worker", told)
    told = f"seen {in_words(max(age, 0.0))} ago."
    if row.job is not None and row.job_since is not None:
        busy = (real_now - row.job_since).total_seconds()
        told = f"seen {in_words(max(age, 0.0))} ago, at {row.job} for {in_words(busy)}."
        if busy > MANY_SECONDS:
            told += " That is long: look at its log; stopping it loses nothing."
            return Finding(Level.NOTE, "worker", told)
    return Finding(Level.OK, "worker", told)


def _queue(found: Work) -> Finding:
    late = found.oldest_unsent_seconds
    if not found.queue_length:
        return Finding(Level.OK, "queue", "nothing waits that should have gone.")
    told = f"{found.queue_length} should have gone; the oldest waits for {in_words(late)}."
    if late > LATE_AFTER:
        told += " See the lines about the worker and the mail server; then flask deliver."
        return Finding(Level.WRONG, "queue", told)
    return Finding(Level.OK, "queue", told)


def _breaker(session: Session) -> Finding:
    row = open_breaker(session)
    if row is None or row.opened_at is None or row.next_trial_at is None:
        return Finding(Level.OK, "breaker", "closed: mail goes as it comes.")
    told = (
        f"open since {row.opened_at:%Y-%m-%d %H:%M} UTC: {row.why}. All mail waits; one tries "
        f"at {row.next_trial_at:%H:%M} UTC. Mend that, then flask deliver tries at once."
    )
    return Finding(Level.WRONG, "breaker", told)


def _dead(session: Session) -> Finding:
    states = messages_by_state(session)
    dead, failed = states.get("dead", 0), states.get("failed", 0)
    if not dead + failed:
        return Finding(Level.OK, "undelivered", "none.")
    told = (
        f"{dead} tried in vain, {failed} refused. Administrators see why under Mail; "
        "flask deliver --requeue tries the first once more."
    )
    return Finding(Level.NOTE, "undelivered", told)


def _set_aside(session: Session, moment: Moment) -> Iterator[Finding]:
    """Letters that came in and that nobody here could bring anywhere."""
    number = number_of(session, sorted(TO_LOOK_AT), moment.now - A_MONTH)
    if number:
        told = f"{number} letters were set aside in a month. They are flagged in the mailbox."
        yield Finding(Level.NOTE, "inbox", told)


def _clock(session: Session, moment: Moment, real_now: datetime) -> Finding:
    event_at, worker = last_event_at(session), last_seen(session)
    ahead = [event_at - moment.now] if event_at is not None else []
    ahead += [worker.seen_at - real_now] if worker is not None else []
    most = max(ahead, default=timedelta())
    if most <= A_MINUTE:
        return Finding(Level.OK, "clock", f"{real_now:%Y-%m-%d %H:%M} UTC.")
    told = (
        f"it says {real_now:%Y-%m-%d %H:%M} UTC, but something was recorded "
        f"{in_words(most.total_seconds())} later: it was set back, or runs behind. "
        "Let the system keep time (timedatectl set-ntp true)."
    )
    return Finding(Level.WRONG, "clock", told)


def in_words(seconds: float) -> str:
    """`42 seconds`, `5 minutes`, `3 hours`, `2 days`."""
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {name}"
    return f"{int(seconds)} seconds"
