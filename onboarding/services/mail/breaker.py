"""The breaker: when the mail server is away or refuses us, one mail tries and all others wait.

It stands in the database, so that every worker of the installation knows.
"""

from enum import StrEnum

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.mail_limits import pause_after
from onboarding.domain.people import Actor, Duty
from onboarding.store import breaker as store


class Gate(StrEnum):
    """Whether a run of the delivery may send."""

    FREE = "free"
    TRIAL = "trial"  # one mail; what comes of it decides
    SHUT = "shut"


def ask(session: Session, moment: Moment, *, is_asked_by_hand: bool = False) -> Gate:
    """Whether to send now; of all workers that ask, one gets the trial.

    Somebody who mended something and types the command need not wait for the pause to end.
    """
    row = store.open_breaker(session)
    if row is None:
        return Gate.FREE
    if is_asked_by_hand:
        store.try_at(session, moment.now)
    is_ours = store.take_trial(session, moment.now, moment.now + pause_after(row.failures))
    return Gate.TRIAL if is_ours else Gate.SHUT


def server_trouble(session: Session, moment: Moment, why: str, gate: Gate) -> None:
    """No server, or it refuses us: nobody tries before the pause is over."""
    row = store.open_breaker(session)
    if row is not None and gate is Gate.TRIAL:
        failures = row.failures + 1
        until = moment.now + pause_after(failures)
        store.trial_failed(session, failures, until, why)
    else:
        store.open_it(session, moment.now, moment.now + pause_after(1), why)


def server_works(session: Session) -> None:
    """It took a mail, or told of one address or mail that it does not want it."""
    store.close_it(session)


def trial_unused(session: Session, moment: Moment) -> None:
    """There was nothing to try with: the next mail is the trial."""
    store.try_at(session, moment.now)


def try_now(session: Session, actor: Actor, moment: Moment) -> bool:
    """An administrator mended something: the next look of a worker is the trial."""
    actor.must(Duty.ADMINISTER)
    return store.try_at(session, moment.now)
