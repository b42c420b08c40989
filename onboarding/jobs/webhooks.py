"""Sends what endpoints are owed: the oldest first at each, and none waits for another.

The database is asked in one thread, and no transaction is open while a request is under way.
"""

import logging
import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from onboarding.clock import Clock
from onboarding.domain.webhooks import Trouble
from onboarding.services.feed.webhook_delivery import LEASE, Parcel, next_parcel, record_answer
from onboarding.store import webhook_deliveries as deliveries
from onboarding.store.database import db, unit_of_work
from onboarding.webhooks.sending import Answer, Way, send

log = logging.getLogger(__name__)
AT_ONCE = 8
# Mail waits for its turn in the same worker: after so many seconds no other request begins.
BUDGET = 8.0


class WebhookRun:
    """One run; `stop` is asked before each request."""

    def __init__(
        self,
        clock: Clock,
        secret_key: str,
        way: Way,
        *,
        stop: Callable[[], bool] = lambda: False,
        budget: float = BUDGET,
    ) -> None:
        self.clock, self.secret_key, self.way, self.stop = clock, secret_key, way, stop
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80]
        self.ends_at = time.monotonic() + budget
        self.in_hand: dict[Future[Answer], Parcel] = {}
        self.done: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        if not self._is_anything_due():
            return self.done
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            self._claim(pool)
            while self.in_hand:
                finished, _ = wait(self.in_hand, return_when=FIRST_COMPLETED)
                for one in finished:
                    self._finish(pool, one, self.in_hand.pop(one))
                self._claim(pool)
        return self.done

    def _is_over(self) -> bool:
        return self.stop() or time.monotonic() >= self.ends_at

    def _is_anything_due(self) -> bool:
        session = db.session()
        try:
            return deliveries.is_anything_due(session, self.clock.real_now())
        finally:
            session.rollback()

    def _claim(self, pool: ThreadPoolExecutor) -> None:
        free = AT_ONCE - len(self.in_hand)
        if not free or self._is_over():
            return
        now = self.clock.real_now()
        with unit_of_work() as session:
            ids = deliveries.claim(session, now, self.owner, now + LEASE, free)
        for endpoint_id in ids:
            self._send_next(pool, endpoint_id)

    def _send_next(self, pool: ThreadPoolExecutor, endpoint_id: int) -> None:
        """The next of an endpoint that is in our hand; it goes out of it where there is none."""
        now, parcel = self.clock.real_now(), None
        if not self._is_over():
            reading = db.session()
            try:
                parcel = next_parcel(reading, now, endpoint_id, self.secret_key)
            except Exception:
                log.exception("What endpoint %s is owed could not be read", endpoint_id)
                # Its lease ends later: until then others go before it.
                return
            finally:
                reading.rollback()
        with unit_of_work() as session:
            until = now + LEASE if parcel else None
            is_ours = deliveries.renew(session, endpoint_id, self.owner, until)
            if parcel is not None and is_ours:
                deliveries.keep_body(session, parcel.delivery_id, parcel.body.decode())
        if parcel is not None and is_ours:
            future = pool.submit(
                send, parcel.url, parcel.headers, parcel.body, self.way, self.clock.real_now()
            )
            self.in_hand[future] = parcel

    def _finish(self, pool: ThreadPoolExecutor, one: Future[Answer], parcel: Parcel) -> None:
        try:
            answer = one.result()
        except Exception:
            log.exception("Delivery %s could not be sent", parcel.delivery_id)
            answer = Answer(trouble=Trouble.NO_ANSWER)
        with unit_of_work() as session:
            goes_on = record_answer(
                session, self.clock.moment(), self.clock.real_now(), parcel, answer
            )
            if not goes_on:
                deliveries.renew(session, parcel.endpoint_id, self.owner, None)
        self.done["webhooks delivered" if answer.trouble is None else "webhooks not delivered"] += 1
        if goes_on:
            self._send_next(pool, parcel.endpoint_id)
