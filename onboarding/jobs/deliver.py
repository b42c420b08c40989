"""Sends what is due: gives links, renders, keeps the bytes, hands them over, records the outcome.

Each step is a transaction of its own, and none is open while a mail is rendered or handed over.
Any number of workers may do this at once.
"""

import logging
import os
import re
import secrets
import socket
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from onboarding.clock import Clock, Moment
from onboarding.domain.dead_letters import GivenUp
from onboarding.domain.mail_limits import USUAL, MailLimits
from onboarding.domain.messages import MessageKind
from onboarding.jobs.delivered import Delivered
from onboarding.jobs.deputies import move_reminders
from onboarding.mail.transport import ABOUT_THE_SERVER, Outcome, Parcel, Refused, Transport
from onboarding.services import allowances, breaker, delivery, mail_links, outcomes
from onboarding.services.breaker import Gate
from onboarding.services.delivery import AT_ONCE, LEASE, ON_WORKING_DAYS, Draft, Sorted
from onboarding.services.freshness import Now
from onboarding.services.letters import Sender
from onboarding.services.links import Entry
from onboarding.store import messages as ledger
from onboarding.store.breaker import is_open
from onboarding.store.database import OUT_OF_ORDER, db, unit_of_work
from onboarding.store.messages import Lease, Reader
from onboarding.store.tables import MailRow, MessageRow

__all__ = ["Delivered", "Delivery"]

log = logging.getLogger(__name__)

# The ledger keeps what a server said; the log need not know to whom.
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class Delivery:
    """One run; `stop` is asked between two mails.

    `by_hand`: somebody typed the command, and a breaker that is open does not make them wait.
    """

    def __init__(
        self,
        clock: Clock,
        sender: Sender,
        transport: Transport,
        *,
        limits: MailLimits = USUAL,
        by_hand: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.clock, self.sender, self.transport, self.stop = clock, sender, transport, stop
        self.limits, self.by_hand, self.gate = limits, by_hand, Gate.FREE
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80]
        self.done = Delivered()

    def run(self) -> Delivered:
        """Log-ins and answers first, then what goes on working days, then what is tried again."""
        with unit_of_work() as session:
            self.gate = breaker.ask(session, self.clock.moment(), is_asked_by_hand=self.by_hand)
        if self.gate is not Gate.SHUT:
            self._send_all()
        if self.gate is Gate.TRIAL and not self.done.trouble:
            with unit_of_work() as session:
                breaker.trial_unused(session, self.clock.moment())
        return self.done

    def _send_all(self) -> None:
        move_reminders(self.clock)
        for kinds in (AT_ONCE, ON_WORKING_DAYS):
            seen: set[Reader] = set()
            while not self._is_over() and (new := self._readers(kinds) - seen):
                for reader in sorted(new, key=lambda one: (one.customer_id, one.person_id)):
                    if not self._is_over():
                        self._serve(reader, kinds)
                seen |= new
        while not self._is_over() and self._again():
            pass

    def _is_over(self) -> bool:
        return bool(self.done.trouble) or self.stop() or self._is_shut()

    def _is_shut(self) -> bool:
        """Another worker found meanwhile that the server is in trouble."""
        if self.gate is Gate.FREE:
            session = db.session()
            if is_open(session):
                self.gate = Gate.SHUT
            session.rollback()
        return self.gate is Gate.SHUT

    def _moment(self) -> tuple[Moment, Now]:
        moment = self.clock.moment()
        return moment, Now(today=moment.today, now=moment.now, real_now=self.clock.real_now())

    def _readers(self, kinds: Sequence[MessageKind]) -> set[Reader]:
        session = db.session()
        try:
            return set(delivery.readers(session, self.clock.moment(), kinds))
        finally:
            session.rollback()

    def _serve(self, reader: Reader, kinds: Sequence[MessageKind]) -> None:
        """All that one person is owed; an error here must not keep others waiting."""
        try:
            moment, now = self._moment()
            session = db.session()
            rows = ledger.unsent_of(session, reader, kinds)
            found = delivery.sort(session, moment, now, self.sender, rows)
            session.rollback()
            self._settle(moment, found)
            for ids in found.parcels:
                if self._is_over():
                    return
                self._post(moment, ids)
        except Exception:
            log.exception("What person %s is owed could not be sent", reader.person_id)
            db.session().rollback()

    def _settle(self, moment: Moment, found: Sorted) -> None:
        """Close what is no longer true, and put off what waits for another day."""
        if not (found.stale or found.later or found.poisonous):
            return
        with unit_of_work() as session:
            for message_id, reason in found.stale:
                self.done.superseded += ledger.end(
                    session, [message_id], "superseded", moment.now, reason
                )
            for message_id, why in found.poisonous:
                self._poison(session, moment, message_id, why)
            for message_id, until in found.later:
                ledger.postpone(session, [message_id], until)
                self.done.postponed += 1

    def _poison(self, session: Session, moment: Moment, message_id: int, why: str) -> None:
        log.error("Message %s cannot be rendered: %s", message_id, why)
        reason = outcomes.because(GivenUp.NOT_WRITTEN, why)
        self.done.failed += ledger.end(session, [message_id], "failed", moment.now, reason)

    def _post(self, moment: Moment, ids: Sequence[int]) -> None:
        """Render one mail, keep it, and hand it over."""
        self._give_links(ids)
        draft, bad = self._draft(moment, ids)
        if bad:
            with unit_of_work() as session:
                for message_id, why in bad:
                    self._poison(session, moment, message_id, why)
        if draft is None:
            return
        with unit_of_work() as session:
            until = allowances.person_waits_until(
                session, moment.now, self.sender.zone, self.limits, draft.person_id, draft.kind
            )
            if until is not None:
                ledger.postpone(session, draft.message_ids, until)
                self.done.postponed += len(draft.message_ids)
                return
            mail_id = delivery.keep(session, moment, draft, self.owner)
            if mail_id is None:
                session.rollback()
                return
        parcel = Parcel(self.sender.returns_to(draft.message_id), draft.recipient, draft.body)
        self._hand_over(Lease(mail_id=mail_id, owner=self.owner), parcel, draft.kind)

    def _give_links(self, ids: Sequence[int]) -> None:
        """The links that the mail will hold begin now, in a transaction before it is rendered."""
        entry = Entry(secret_key=self.sender.secret_key, now=self.clock.real_now())
        wanted = mail_links.links_wanted(db.session(), entry, ids)
        db.session().rollback()
        if wanted:
            with unit_of_work() as session:
                mail_links.give_links(session, entry, wanted)

    def _draft(
        self, moment: Moment, ids: Sequence[int]
    ) -> tuple[Draft | None, list[tuple[int, str]]]:
        session = db.session()
        try:
            rows = [session.get_one(MessageRow, message_id) for message_id in ids]
            good, bad = delivery.lines(session, moment, self.sender, rows)
            try:
                made = delivery.draft(session, moment, self.sender, good) if good else None
            except OUT_OF_ORDER:
                raise  # says nothing about these messages: they are still owed
            except Exception as error:
                why = delivery.in_words(error)
                return None, [*bad, *((row.id, why) for row, _ in good)]
            return made, bad
        finally:
            session.rollback()

    def _again(self) -> bool:
        """One mail that waited for another try, or whose worker was lost; False without one."""
        moment, now = self._moment()
        with unit_of_work() as session:
            mail_id = ledger.claim(session, moment.now, self.owner, moment.now + LEASE)
        if mail_id is None:
            return False
        lease = Lease(mail_id=mail_id, owner=self.owner)
        session = db.session()
        mail = session.get_one(MailRow, mail_id, populate_existing=True)
        parcel = Parcel(self.sender.returns_to(mail.message_id), mail.recipient, mail.body or b"")
        kind = mail.kind
        reason = outcomes.why_not_again(session, mail, now)
        is_moved = outcomes.is_for_old_address(session, mail)
        session.rollback()
        if reason is None and not is_moved:
            self._hand_over(lease, parcel, kind)
            return True
        with unit_of_work() as session:
            why = reason or "address-changed"
            if ledger.finish(session, lease, state="superseded", last_error=why):
                self.done.superseded += 1
                if reason is None:
                    rows = ledger.messages_in(session, mail_id)
                    mail_links.drop_links_of(session, now.real_now, rows)
                    ledger.release(session, mail_id)
                else:
                    ledger.end_of_mail(session, mail_id, "superseded", moment.now, reason)
        return True

    def _hand_over(self, lease: Lease, parcel: Parcel, kind: str) -> None:
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
