"""Sends what is due: gives links, renders, keeps the bytes, hands them over, records the outcome.

Each step is a transaction of its own, and none is open while a mail is rendered or handed over.
Any number of workers may do this at once.
"""

import logging
import os
import random
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from onboarding.clock import Clock, Moment
from onboarding.domain.dead_letters import GivenUp
from onboarding.domain.mail_limits import USUAL, MailLimits
from onboarding.domain.messages import MessageKind
from onboarding.domain.policy import Policy
from onboarding.jobs.delivered import Delivered
from onboarding.jobs.deputies import move_reminders
from onboarding.jobs.handing_over import HandingOver
from onboarding.mail.transport import Parcel, Transport
from onboarding.services.links import Entry
from onboarding.services.mail import allowances, breaker, delivery, outcomes
from onboarding.services.mail import links as mail_links
from onboarding.services.mail.breaker import Gate
from onboarding.services.mail.delivery import AT_ONCE, LEASE, ON_WORKING_DAYS, Draft, Sorted
from onboarding.services.mail.freshness import Now
from onboarding.services.mail.letters import Sender
from onboarding.services.mail.links import Links
from onboarding.services.statuses import policies_of
from onboarding.store import messages as ledger
from onboarding.store.breaker import is_open
from onboarding.store.database import OUT_OF_ORDER, db, unit_of_work
from onboarding.store.messages import Lease, Reader
from onboarding.store.tables import MailRow, MessageRow

__all__ = ["Delivered", "Delivery"]

MANY_READERS = 8  # from so many on it pays to go another way than the other workers

log = logging.getLogger(__name__)


class Delivery(HandingOver):
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
        super().__init__(clock, transport, limits)
        self.sender, self.by_hand, self.stop = sender, by_hand, stop
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80]
        self.policies: dict[tuple[int, date], Policy] = {}

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
                for reader in self._in_turn(new, kinds):
                    if not self._is_over():
                        self._serve(reader, kinds)
                seen |= new
        while not self._is_over() and self._again():
            pass

    def _in_turn(self, readers: set[Reader], kinds: Sequence[MessageKind]) -> Iterator[Reader]:
        """In order; many in another one for each worker, so that they seldom write the same mail.

        Two that went the same way would keep step, and each mail would be written twice. Whom
        another worker wrote to meanwhile is left out, some at a time.
        """
        ordered = sorted(readers, key=lambda one: (one.customer_id, one.person_id))
        if len(ordered) < MANY_READERS:
            yield from ordered
            return
        random.shuffle(ordered)
        for start in range(0, len(ordered), MANY_READERS):
            some = ordered[start : start + MANY_READERS]
            session = db.session()
            owed = ledger.still_owed(session, self.clock.moment().now, some, kinds)
            session.rollback()
            yield from (reader for reader in some if reader in owed)

    def _is_over(self) -> bool:
        return bool(self.done.trouble) or self.stop() or self._is_shut()

    def _is_shut(self) -> bool:
        """Another worker found meanwhile that the server is in trouble."""
        # What is asked next is read in the same transaction, and closes it.
        if self.gate is Gate.FREE and is_open(db.session()):
            self.gate = Gate.SHUT
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
            # Held until the first mail is rendered: what was read once is not asked for again.
            held = ledger.unsent_of(session, reader, kinds)
            policy = self._policy(session, moment, reader.customer_id)
            found = delivery.sort(session, moment, now, self.sender, held, policy)
            self._settle(moment, found)
            for place, ids in enumerate(found.parcels):
                if place and self._is_over():
                    return
                self._post(moment, ids)
        except Exception:
            log.exception("What person %s is owed could not be sent", reader.person_id)
        finally:
            db.session().rollback()
            db.session().expire_all()

    def _policy(self, session: Session, moment: Moment, customer_id: int) -> Policy:
        """Read once in a run: a new one never holds on the day on which it is published."""
        key = (customer_id, moment.today)
        if key not in self.policies:
            self.policies[key] = policies_of(session, customer_id).on(moment.today)
        return self.policies[key]

    def _settle(self, moment: Moment, found: Sorted) -> None:
        """Close what is no longer true, and put off what waits for another day."""
        if not (found.stale or found.later or found.poisonous):
            return
        db.session().commit()
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
        rows = [db.session().get_one(MessageRow, message_id) for message_id in ids]
        draft, bad = self._draft(moment, rows, self._links(rows))
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
        self.hand_over(Lease(mail_id=mail_id, owner=self.owner), parcel, draft.kind)

    def _links(self, rows: Sequence[MessageRow]) -> Links:
        """The links that the mail will hold begin now, in a transaction before it is rendered."""
        session = db.session()
        entry = Entry(secret_key=self.sender.secret_key, now=self.clock.real_now())
        there = mail_links.links_of(session, rows)
        wanted = mail_links.links_wanted(session, entry, rows, there)
        session.commit()
        if not wanted:
            return there
        with unit_of_work() as writing:
            return {**there, **mail_links.give_links(writing, entry, wanted)}

    def _draft(
        self, moment: Moment, rows: Sequence[MessageRow], links: Links
    ) -> tuple[Draft | None, list[tuple[int, str]]]:
        session = db.session()
        try:
            good, bad = delivery.lines(session, moment, self.sender, rows, links)
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
            self.hand_over(lease, parcel, kind)
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
