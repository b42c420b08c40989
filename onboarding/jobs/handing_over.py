"""Hands kept mails over to the mail server, and records what came of each."""

import logging
import re

from onboarding.clock import Clock
from onboarding.domain.mail_limits import MailLimits
from onboarding.jobs.delivered import Delivered
from onboarding.mail.transport import ABOUT_THE_SERVER, Outcome, Parcel, Refused, Transport
from onboarding.services.mail import allowances, breaker, delivery, outcomes
from onboarding.services.mail.breaker import Gate
from onboarding.services.mail.delivery import LEASE
from onboarding.store import messages as ledger
from onboarding.store.database import unit_of_work
from onboarding.store.messages import Lease

log = logging.getLogger(__name__)

# The ledger keeps what a server said; the log need not know to whom.
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class HandingOver:
    """A run's way to the mail server: one connection, how the server fares, and what was done."""

    def __init__(self, clock: Clock, transport: Transport, limits: MailLimits) -> None:
        self.clock, self.transport, self.limits = clock, transport, limits
        self.gate = Gate.FREE
        self.done = Delivered()

    def hand_over(self, lease: Lease, parcel: Parcel, kind: str) -> None:
        try:
            self.transport.connect()
            if not self._may_go(lease, parcel, kind):
                return
            self.transport.send(parcel)
        except Refused as refused:
            self._refused(lease, refused)
        except Exception as error:
            log.exception("Mail %s could not be handed over", lease.mail_id)
            self._refused(lease, Refused(Outcome.TEMPORARY, delivery.in_words(error)))
        else:
            self._accepted(lease)

    def _may_go(self, lease: Lease, parcel: Parcel, kind: str) -> bool:
        """Hold the mail for as long as a hand-over takes, unless another worker has it by now, or
        its domain got enough in this minute.
        """
        moment = self.clock.moment()
        with unit_of_work() as session:
            if not ledger.renew(session, lease, moment.now + LEASE):
                log.warning("Mail %s is in another worker's hand by now", lease.mail_id)
                return False
            until = allowances.domain_waits_until(
                session, moment.now, self.limits, parcel.recipient, kind
            )
            if until is not None:
                ledger.finish(session, lease, state="queued", next_at=until)
                self.done.postponed += 1
        return until is None

    def _server_works(self) -> None:
        if self.gate is Gate.TRIAL:
            with unit_of_work() as session:
                breaker.server_works(session)
            self.gate = Gate.FREE
            log.info("The mail server takes mail again")

    def _accepted(self, lease: Lease) -> None:
        self._server_works()
        moment = self.clock.moment()
        try:
            with unit_of_work() as session:
                is_ours = outcomes.record_sent(session, moment, lease)
        except Exception:
            # It was sent: that must stand, whatever follows from it. The sweep tries again.
            log.exception("The hand-over of mail %s could not be recorded", lease.mail_id)
            with unit_of_work() as session:
                is_ours = outcomes.record_sent(session, moment, lease, with_hooks=False)
        self.done.sent += is_ours

    def _refused(self, lease: Lease, refused: Refused) -> None:
        moment, why = self.clock.moment(), str(refused)
        log.warning("Mail %s: %s (%s)", lease.mail_id, refused.outcome, ADDRESS.sub("…", why))
        if refused.outcome not in ABOUT_THE_SERVER:
            self._server_works()
        with unit_of_work() as session:
            if refused.outcome in ABOUT_THE_SERVER:
                breaker.server_trouble(session, moment, why, self.gate)
                outcomes.record_our_trouble(session, moment, lease, why)
                self.done.trouble = why
                self.done.again += 1
            elif refused.outcome is Outcome.TEMPORARY:
                state = outcomes.record_not_now(session, moment, lease, why)
                self.done.again += state == "queued"
                self.done.failed += state == "dead"
            elif refused.outcome is Outcome.RECIPIENT_REFUSED:
                outcomes.record_refused(session, moment, lease, why)
                self.done.failed += 1
            else:
                outcomes.record_failed(session, moment, lease, why)
                self.done.failed += 1
