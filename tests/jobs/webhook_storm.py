"""A storm over webhooks: workers announce and deliver, and a receiver refuses some and hangs up.

Each supplier changes its status twice: by what is recorded, and because its day comes.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.domain.webhooks import KINDS
from onboarding.services.feed.announcements import list_announcements
from onboarding.services.feed.told_events import event
from onboarding.services.feed.webhook_delivery import LEASE
from onboarding.services.feed.webhooks import Keeper, add_endpoint
from onboarding.services.statuses import reassess
from onboarding.store.tables import (
    AnnouncementRow,
    OrganisationRow,
    RelationRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from tests import databases, stage
from tests.jobs.storm import Filled, Left, Storm, Verdict
from tests.jobs.storm_stage import MOMENT, NOW, TODAY, suppliers

ENDPOINTS = 5  # of each customer
A_DAY = timedelta(days=1)
Line = Mapping[str, Any]


class WebhookStorm(Storm):
    SERVER: ClassVar[str] = "tests.jobs.webhook_storm_server"
    WORK: ClassVar[str] = "webhooks"
    LEASE: ClassVar[timedelta] = LEASE

    def first_shift(self) -> timedelta:
        """The day has just come that brings suppliers another status."""
        return NOW + A_DAY - datetime.now(UTC)

    def fill(self, session: Session, messages: int, port: int) -> Filled:
        customer = stage.a_customer(session)
        admin = stage.a_user(session, customer, Role.ADMIN)
        actor = stage.an_actor(customer, Role.ADMIN, person_id=admin.id)
        keeper = Keeper(secret_key=databases.SETTINGS["SECRET_KEY"], may_be_inside=True, now=NOW)
        path = self.folder / "secrets.json"
        secrets = json.loads(path.read_text()) if path.exists() else {}
        for number in range(ENDPOINTS):
            to = f"/{customer.id}-{number}"
            url = f"http://127.0.0.1:{port}{to}"
            _, secrets[to] = add_endpoint(session, actor, MOMENT, keeper, url, KINDS)
        path.write_text(json.dumps(secrets))
        ids, _ = suppliers(session, customer.id, admin.id, messages // 2)
        ends = update(RelationRow).where(RelationRow.id.in_(ids)).values(ended_on=TODAY + A_DAY)
        session.execute(ends)
        reassess(session, MOMENT, ids)
        return Filled(messages=2 * len(ids), arrivals=2 * len(ids) * ENDPOINTS)

    def left(self, session: Session, filled: Filled, now: datetime) -> Left:
        announced = select(func.count()).where(AnnouncementRow.position.is_not(None))
        if (session.scalar(announced) or 0) < filled.messages:
            return Left.NOW
        waiting = session.execute(
            select(
                WebhookEndpointRow.resumes_at,
                WebhookEndpointRow.lease_owner,
                WebhookEndpointRow.lease_until,
                func.min(WebhookDeliveryRow.next_at),
            )
            .join(WebhookDeliveryRow, WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id)
            .where(WebhookDeliveryRow.state == "waiting")
            .group_by(WebhookEndpointRow.id)
        ).all()
        if not waiting:
            return Left.NOTHING
        for resumes_at, owner, until, next_at in waiting:
            is_free = until is None or until < now or self.is_living(owner)
            if is_free and next_at <= now and (resumes_at is None or resumes_at <= now):
                return Left.NOW
        return Left.LATER

    def held_by(self, session: Session, worker: int) -> list[int]:
        """Of each endpoint in its hand the delivery that went next."""
        now = datetime.now(UTC) + self.shift
        return list(
            session.scalars(
                select(func.min(WebhookDeliveryRow.id))
                .join(WebhookEndpointRow, WebhookEndpointRow.id == WebhookDeliveryRow.endpoint_id)
                .where(
                    WebhookEndpointRow.lease_owner.contains(f":{worker}:"),
                    WebhookDeliveryRow.state == "waiting",
                    WebhookDeliveryRow.next_at <= now,
                )
                .group_by(WebhookEndpointRow.id)
            )
        )

    def judge(self, session: Session, filled: Filled, seconds: float) -> Verdict:
        found = Verdict(seconds=seconds, kills=self.killed, in_hand=self.in_hand.total())
        arrived: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.taken.read_text().splitlines():
            told = json.loads(line)
            arrived[told["to"]].append(told)
        customers = select(OrganisationRow.id).where(OrganisationRow.is_customer)
        events = {
            customer_id: [event(one) for one in list_announcements(session, customer_id, 0, 10**6)]
            for customer_id in session.scalars(customers).all()
        }
        endpoints = session.scalars(select(WebhookEndpointRow)).all()
        if (total := sum(map(len, events.values()))) != filled.messages:
            found.wrong.append(f"{total} events, not {filled.messages}")
        for endpoint in endpoints:
            to = "/" + endpoint.url.rpartition("/")[2]
            rows = session.scalars(
                select(WebhookDeliveryRow)
                .where(WebhookDeliveryRow.endpoint_id == endpoint.id)
                .order_by(WebhookDeliveryRow.id)
            ).all()
            lines = arrived.pop(to, [])
            _every_event_once(found, to, rows, events[endpoint.customer_id])
            _each_as_it_is(found, to, rows, lines, events[endpoint.customer_id], self.in_hand)
            _in_order(found, to, rows, lines)
        found.wrong += [f"nobody asked for what came at {to}" for to in arrived]
        return found


def _every_event_once(
    found: Verdict, to: str, rows: Sequence[WebhookDeliveryRow], events: Sequence[Any]
) -> None:
    """Each event of the feed is owed to the endpoint, once, in its order."""
    wanted = [int(one["id"]) for one in events]
    if [int(row.message_id.rpartition("-")[2]) for row in rows] != wanted:
        found.wrong.append(f"{to} is owed {len(rows)}, and there were {len(wanted)} events")


def _each_as_it_is(
    found: Verdict,
    to: str,
    rows: Sequence[WebhookDeliveryRow],
    lines: Sequence[Line],
    events: Sequence[Any],
    in_hand: Counter[int],
) -> None:
    """Each arrived, verified and telling the event; copies are the same and have a cause."""
    copies: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        copies[line["id"]].append(line)
    for row, wanted in zip(rows, events, strict=False):
        came = copies.pop(row.message_id, [])
        fine = [one for one in came if one["answer"] == "204"]
        kills = in_hand[row.id]
        found.refused += len([one for one in came if one["answer"].startswith(("5", "4"))])
        found.dropped += len([one for one in came if one["answer"] == "dropped"])
        found.sent += row.state == "delivered"
        found.copies += max(0, len(came) - 1)
        found.explained += kills + len(came) - len(fine)
        if row.state != "delivered" or row.last_status != 204 or not fine:
            found.wrong.append(f"{row.message_id} is lost at {to}: {row.state}, {len(fine)} came")
        if any(one["told"] is None or one["told"]["data"] != wanted for one in came):
            found.wrong.append(f"{row.message_id} at {to} was forged, or tells something else")
        if len({one["sha256"] for one in came}) > 1:
            found.wrong.append(f"{row.message_id} at {to} came with several bodies")
        if not 0 <= len(came) - row.attempts <= kills or len(fine) > 1 + kills:
            found.wrong.append(
                f"{row.message_id} came {len(came)} times at {to}, {row.attempts} in the log; "
                f"{kills} kills, {len(came) - len(fine)} bad answers"
            )
    found.wrong += [f"nobody knows {identity} at {to}" for identity in copies]


def _in_order(
    found: Verdict, to: str, rows: Sequence[WebhookDeliveryRow], lines: Sequence[Line]
) -> None:
    """Each was tried when all before it had been tried; and the log has the order of arrivals."""
    place = {row.message_id: number for number, row in enumerate(rows)}
    first = [place[one] for one in dict.fromkeys(line["id"] for line in lines) if one in place]
    if first != sorted(first):
        found.wrong.append(f"the first tries at {to} are out of order")
    last_fine = {line["id"]: n for n, line in enumerate(lines) if line["answer"] == "204"}
    told = sorted(rows, key=lambda row: last_fine.get(row.message_id, 0))
    delivered = [row.delivered_at for row in told if row.delivered_at is not None]
    if delivered != sorted(delivered):
        found.wrong.append(f"the log of {to} has another order than what arrived")
