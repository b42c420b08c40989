"""From what is owed to an endpoint to a signed request, and what follows from the answer."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.messages import MessageKind
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.webhooks import (
    LONGEST_RETRY_AFTER,
    Disabled,
    Trouble,
    disable,
    host_of,
    rest_after,
    wait_after,
)
from onboarding.services.feed.told_events import event, instant
from onboarding.services.mail.messages import Owed, owe
from onboarding.store import webhook_deliveries as deliveries
from onboarding.store.announcements import feed
from onboarding.store.history import Record
from onboarding.store.tables import AnnouncementRow, WebhookDeliveryRow, WebhookEndpointRow
from onboarding.store.webhooks import admins, record_disabled, salts_signing
from onboarding.webhooks.sending import Answer
from onboarding.webhooks.signing import headers, secret_of

LEASE = timedelta(minutes=2)  # longer than the longest request, with the search for its address
KEPT = timedelta(days=90)
FLAPPING = 2  # failures in a row after which what waits goes again when one arrives


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A request as it goes out; it is signed anew for each try."""

    endpoint_id: int
    delivery_id: int
    url: str
    headers: Mapping[str, str]
    body: bytes


def owe_to_endpoints(session: Session, now: datetime, announcement_ids: Sequence[int]) -> int:
    """Owe what has just got its place in the feed, in that transaction; returns how many."""
    return deliveries.owe_announced(session, announcement_ids, now) if announcement_ids else 0


def next_parcel(
    session: Session, now: datetime, endpoint_id: int, secret_key: str
) -> Parcel | None:
    """The oldest that is due at an endpoint; None where nothing is, or where it is disabled."""
    endpoint = session.get_one(WebhookEndpointRow, endpoint_id, populate_existing=True)
    if endpoint.disabled_at is not None:
        return None
    row = deliveries.next_due(session, endpoint_id, now)
    if row is None:
        return None
    body = _body(session, endpoint, row).encode()
    secrets = [secret_of(secret_key, endpoint.id, salt) for salt in salts_signing(endpoint, now)]
    signed = headers(row.message_id, now, body, secrets)
    plain = {"Content-Type": "application/json", "User-Agent": "Onboarding-Webhooks/1"}
    return Parcel(
        endpoint_id=endpoint.id,
        delivery_id=row.id,
        url=endpoint.url,
        headers={**plain, **signed},
        body=body,
    )


def _body(session: Session, endpoint: WebhookEndpointRow, row: WebhookDeliveryRow) -> str:
    """What was said at the first try: the supplier may have another name by now."""
    return row.body or json.dumps(_told(session, endpoint, row), ensure_ascii=False)


def _told(session: Session, endpoint: WebhookEndpointRow, row: WebhookDeliveryRow) -> Any:
    if row.announcement_id is None:
        return {"type": row.kind, "timestamp": instant(row.owed_at), "data": {"id": row.message_id}}
    position = session.get_one(AnnouncementRow, row.announcement_id).position or 0
    [announced] = feed(session, endpoint.customer_id, position - 1, 1, (row.kind,))
    data = event(announced)
    return {"type": data["type"], "timestamp": data["occurred_at"], "data": data}


def record_answer(
    session: Session, moment: Moment, now: datetime, parcel: Parcel, answer: Answer
) -> bool:
    """Write what came of a try; returns whether the endpoint may go on with the next.

    An attempt that another worker recorded meanwhile is an attempt too: nothing is undone.
    """
    endpoint = session.get_one(
        WebhookEndpointRow, parcel.endpoint_id, with_for_update=True, populate_existing=True
    )
    row = session.get_one(WebhookDeliveryRow, parcel.delivery_id, populate_existing=True)
    row.attempts += 1
    row.tried_at, row.last_status, row.last_error = now, answer.status, answer.trouble
    if answer.trouble is None:
        row.state, row.delivered_at = deliveries.DELIVERED, now
        works_again = endpoint.failures >= FLAPPING
        endpoint.failures, endpoint.resumes_at = 0, None
        session.flush()
        if works_again:
            deliveries.all_due_now(session, endpoint.id, now)
        return True
    if row.state != deliveries.WAITING:
        return False
    endpoint.failures += 1
    endpoint.resumes_at = now + _jittered(rest_after(endpoint.failures))
    wait = wait_after(row.attempts)
    asked = min(answer.retry_after or timedelta(), LONGEST_RETRY_AFTER)
    if answer.trouble is Trouble.GONE:
        row.next_at = now  # it goes as soon as somebody switches the endpoint on again
        _disable(session, moment, now, endpoint)
    elif wait is None:
        row.state = deliveries.DEAD
        _tell_admins(session, moment, now, endpoint, "given-up")
    else:
        row.next_at = now + max(_jittered(wait), asked)
        endpoint.resumes_at = max(endpoint.resumes_at, now + asked)
    session.flush()
    return False


def _jittered(wait: timedelta) -> timedelta:
    """A bit longer by chance, so that not all come back at the same second."""
    return wait * random.uniform(1.0, 1.25)


def _disable(session: Session, moment: Moment, now: datetime, endpoint: WebhookEndpointRow) -> None:
    """The receiver says that it is gone for good."""
    if endpoint.disabled_at is not None:
        return
    tool = Actor(
        customer_id=endpoint.customer_id,
        person_id=None,
        side=Side.BUYER,
        roles=frozenset({Role.ADMIN}),
    )
    change = disable(endpoint.id, endpoint.url, False, Disabled.GONE, tool)
    record = Record(actor=tool, moment=moment, is_shared=False)
    record_disabled(session, endpoint, change, now, record)
    _tell_admins(session, moment, now, endpoint, "gone")


def _tell_admins(
    session: Session, moment: Moment, now: datetime, endpoint: WebhookEndpointRow, because: str
) -> None:
    """Once a day at most for each endpoint and cause."""
    owed = Owed(
        kind=MessageKind.WEBHOOK_FAILED,
        about=f"{endpoint.id}:{because}:{now.date().isoformat()}",
        facts={"endpoint_id": endpoint.id, "host": host_of(endpoint.url), "because": because},
    )
    owe(session, moment, endpoint.customer_id, owed, admins(session, endpoint.customer_id))
