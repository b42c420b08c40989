"""Deliveries to real receivers: verified, tried again, given up, and none waits for another."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.api.openapi import document
from onboarding.clock import Clock
from onboarding.domain.people import Actor, Role, Side
from onboarding.domain.webhooks import KINDS, LONGEST_RETRY_AFTER, TEST, WAITS
from onboarding.jobs import runs
from onboarding.jobs import webhooks as job
from onboarding.services.feed import webhooks
from onboarding.services.feed.announcements import list_announcements
from onboarding.services.feed.told_events import event
from onboarding.services.feed.webhook_delivery import LEASE
from onboarding.services.feed.webhooks import Keeper
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import change_supplier
from onboarding.store.database import unit_of_work
from onboarding.store.tables import (
    MessageRow,
    OrganisationRow,
    RelationRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
)
from onboarding.webhooks.sending import Way
from tests import stage
from tests.jobs.webhook_receiver import Receiver, answers, receiving
from tests.settable_clock import SettableClock

WAY = Way(may_be_inside=True, timeout=5)


class Stage:
    """A customer with a supplier whose status changes, and receivers."""

    def __init__(
        self, app: Flask, session: Session, clock: SettableClock, relation: RelationRow
    ) -> None:
        self.app, self.session, self.clock, self.relation = app, session, clock, relation
        self.admin = stage.a_user(
            session, session.get_one(OrganisationRow, relation.customer_id), Role.ADMIN
        )
        self.actor = Actor(
            customer_id=relation.customer_id,
            person_id=self.admin.id,
            side=Side.BUYER,
            roles=frozenset({Role.ADMIN}),
        )
        self.way, self.servers = WAY, ExitStack()
        reassess(session, clock.moment(), [relation.id])
        session.commit()
        runs.announce(app)

    @property
    def keeper(self) -> Keeper:
        return Keeper(
            secret_key=self.app.config["SECRET_KEY"],
            may_be_inside=True,
            now=self.clock.real_now(),
        )

    def receiver(self) -> tuple[Receiver, int]:
        receiver = self.servers.enter_context(receiving())
        with unit_of_work(self.session) as session:
            endpoint_id, receiver.secret = webhooks.add_endpoint(
                session,
                self.actor,
                self.clock.moment(),
                self.keeper,
                receiver.url,
                ["eligibility.changed"],
            )
        return receiver, endpoint_id

    def change(self) -> None:
        moment = self.clock.forward(seconds=1)
        self.relation = self.session.get_one(RelationRow, self.relation.id)
        self.relation.enrolled_on = None if self.relation.enrolled_on else moment.today
        reassess(self.session, moment, [self.relation.id])
        self.session.commit()
        runs.announce(self.app)

    def run(self) -> Counter[str]:
        return runs.webhooks(self.app, way=self.way)

    def rows(self) -> list[WebhookDeliveryRow]:
        self.session.rollback()
        return list(
            self.session.scalars(select(WebhookDeliveryRow).order_by(WebhookDeliveryRow.id))
        )

    def endpoint(self, endpoint_id: int) -> WebhookEndpointRow:
        self.session.rollback()
        return self.session.get_one(WebhookEndpointRow, endpoint_id)


@pytest.fixture
def hooks(
    app: Flask, session: Session, clock: SettableClock, relation: RelationRow
) -> Iterator[Stage]:
    clock.set(Clock.real_now().replace(microsecond=0))  # receivers refuse what is old
    made = Stage(app, session, clock, relation)
    with made.servers:
        yield made


def test_a_receiver_verifies_what_the_feed_tells(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    hooks.change()
    assert hooks.run() == {"webhooks delivered": 1}
    [told] = list_announcements(hooks.session, hooks.relation.customer_id, 1, 10)
    [body] = receiver.told
    assert body == {
        "type": "eligibility.changed",
        "timestamp": event(told)["occurred_at"],
        "data": event(told),
    }
    [headers] = receiver.requests
    assert headers["webhook-id"] == f"evt-{hooks.relation.customer_id}-2"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["content-type"] == "application/json"
    [row] = hooks.rows()
    assert (row.state, row.attempts, row.last_status, row.last_error) == ("delivered", 1, 204, None)
    assert hooks.run() == {}
    runs.announce(hooks.app)
    assert hooks.run() == {}


def described(kind: str, name: str | None = None) -> Any:
    """What the description says of a body, or of a header, as something that checks it."""
    sent = document()["webhooks"][kind]["post"]
    if name is None:
        schema = sent["requestBody"]["content"]["application/json"]["schema"]
    else:
        schema = next(one["schema"] for one in sent["parameters"] if one["name"] == name)
    return jsonschema_rs.validator_for({**schema, "components": document()["components"]})


def test_what_is_sent_is_what_is_described(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    hooks.change()
    hooks.run()
    with unit_of_work(hooks.session) as session:
        webhooks.send_test(session, hooks.actor, hooks.keeper, endpoint_id)
        webhooks.renew_secret(session, hooks.actor, hooks.clock.moment(), hooks.keeper, endpoint_id)
    hooks.run()
    assert [body["type"] for body in receiver.told] == ["eligibility.changed", "webhook.test"]
    for body, headers in zip(receiver.told, receiver.requests, strict=True):
        described(body["type"]).validate(body)
        with pytest.raises(jsonschema_rs.ValidationError):
            described(body["type"]).validate({**body, "data": {}})
        with pytest.raises(jsonschema_rs.ValidationError):
            described(body["type"]).validate({**body, "more": 1})
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            described(body["type"], name).validate(headers[name])
    assert " v1," in receiver.requests[-1]["webhook-signature"]  # two while it is renewed
    assert set(document()["webhooks"]) == {*KINDS, TEST}


def test_a_change_of_data_is_sent_to_who_chose_it_as_it_is_described(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    buyer = replace(hooks.actor, roles=frozenset({Role.BUYER}))
    with unit_of_work(hooks.session) as session:
        endpoint = session.get_one(WebhookEndpointRow, endpoint_id)
        moment, keeper = hooks.clock.moment(), hooks.keeper
        webhooks.change_endpoint(
            session, hooks.actor, moment, keeper, endpoint_id, endpoint.url, KINDS
        )
        change_supplier(
            session, buyer, hooks.clock.forward(seconds=1), hooks.relation.id, {"city": "Ede"}
        )
    runs.announce(hooks.app)
    assert hooks.run() == {"webhooks delivered": 1}
    [body] = receiver.told
    described("supplier.changed").validate(body)
    assert body["data"]["ref"] == f"id-{hooks.relation.id}" and "Ede" not in str(body)


def test_who_does_not_know_the_secret_cannot_verify(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    other, _ = hooks.receiver()
    receiver.secret = other.secret
    hooks.change()
    hooks.run()
    assert (receiver.forged, other.forged) == (1, 0)


def test_while_the_secret_is_renewed_both_sign_for_a_day(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    old = receiver.secret
    with unit_of_work(hooks.session) as session:
        new = webhooks.renew_secret(
            session, hooks.actor, hooks.clock.moment(), hooks.keeper, endpoint_id
        )
    assert new != old
    hooks.change()
    hooks.run()
    receiver.secret = new
    hooks.change()
    hooks.run()
    assert (len(receiver.told), receiver.forged) == (2, 0)
    row = hooks.endpoint(endpoint_id)
    row.old_until = hooks.clock.real_now()
    hooks.session.commit()
    hooks.change()
    hooks.run()
    assert len(receiver.told) == 3
    receiver.secret = old
    hooks.change()
    hooks.run()
    assert (len(receiver.told), receiver.forged) == (3, 1)


def test_four_receivers_and_none_waits_for_another(hooks: Stage) -> None:
    """One hangs, one fails, one redirects; the fine one gets all in order in the same run."""
    hooks.way = replace(WAY, timeout=0.5)
    hangs, fails, redirects, fine = (hooks.receiver()[0] for _ in range(4))
    hangs.mood = hangs.hang
    fails.mood = answers(500)
    redirects.mood = answers(302, Location=fine.url)
    for _ in range(3):
        hooks.change()
    assert hooks.run() == {"webhooks delivered": 3, "webhooks not delivered": 3}
    number = hooks.relation.customer_id
    assert fine.ids == [f"evt-{number}-{position}" for position in (2, 3, 4)]
    # Those in trouble were asked once, with their oldest.
    assert hangs.ids == fails.ids == redirects.ids == [f"evt-{number}-2"]
    told = {row.last_error for row in hooks.rows() if row.attempts and row.state == "waiting"}
    assert told == {"timeout", "status", "redirected"}


def test_a_byte_now_and_then_is_no_answer(hooks: Stage) -> None:
    hooks.way = replace(WAY, timeout=0.4)
    receiver, _ = hooks.receiver()
    receiver.mood = receiver.drip
    hooks.change()
    assert hooks.run() == {"webhooks not delivered": 1}
    assert [row.last_error for row in hooks.rows()] == ["timeout"]


def test_what_failed_goes_again_with_the_same_id(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    receiver.moods = [answers(500), answers(503)]
    hooks.change()
    assert hooks.run() == {"webhooks not delivered": 1}
    assert hooks.run() == {}
    [row] = hooks.rows()
    assert row.next_at >= row.tried_at + WAITS[0]
    hooks.clock.forward(seconds=13)
    assert hooks.run() == {"webhooks not delivered": 1}
    hooks.clock.forward(seconds=60 * 1.3)
    assert hooks.run() == {"webhooks delivered": 1}
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 3
    assert len(set(receiver.bodies)) == 1
    assert hooks.endpoint(endpoint_id).failures == 0


def test_every_try_says_the_same_whatever_changed_meanwhile(hooks: Stage) -> None:
    """Also one that is sent again by hand; the next event has the new name."""
    receiver, endpoint_id = hooks.receiver()
    receiver.moods = [answers(500)]
    hooks.change()
    hooks.run()
    hooks.relation.name = "Bakkerij De Nieuwe Linde"
    hooks.session.commit()
    hooks.clock.forward(seconds=13)
    assert hooks.run() == {"webhooks delivered": 1}
    [row] = hooks.rows()
    with unit_of_work(hooks.session) as session:
        webhooks.replay(session, hooks.actor, hooks.keeper, endpoint_id, row.id)
    hooks.run()
    assert len(receiver.bodies) == 3
    assert len(set(receiver.bodies)) == 1
    hooks.change()
    hooks.run()
    assert "De Nieuwe Linde" in str(receiver.told[-1])


def test_when_it_works_again_all_goes_in_order(hooks: Stage) -> None:
    """Also what would have been tried hours later."""
    receiver, _ = hooks.receiver()
    receiver.moods = [answers(500)] * 5
    hooks.change()
    for _ in range(5):
        hooks.run()
        hooks.clock.forward(minutes=40)
    [waits] = hooks.rows()
    hooks.clock.forward(minutes=40)  # the hour in which the endpoint rests is over
    assert waits.next_at > hooks.clock.real_now() + timedelta(minutes=30)
    hooks.change()
    hooks.change()
    before = len(receiver.requests)
    assert hooks.run() == {"webhooks delivered": 3}
    number = hooks.relation.customer_id
    assert set(receiver.ids[:before]) == {f"evt-{number}-2"}
    # The oldest as soon as the first one arrived.
    assert receiver.ids[before:] == [f"evt-{number}-{position}" for position in (3, 2, 4)]


def test_an_event_that_is_never_taken_keeps_none_waiting(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    receiver.moods = [answers(400)]
    for _ in range(3):
        hooks.change()
    hooks.run()
    hooks.rows()[0].next_at = hooks.clock.real_now() + timedelta(days=1)
    hooks.session.commit()
    hooks.clock.forward(seconds=13)
    assert hooks.run() == {"webhooks delivered": 2}


def test_after_four_days_it_is_given_up_and_admins_are_told(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    receiver.mood = answers(500)
    hooks.change()
    began = hooks.clock.real_now()
    for _ in range(len(WAITS) + 1):
        assert hooks.run() == {"webhooks not delivered": 1}
        [row] = hooks.rows()
        last = hooks.clock.real_now()
        hooks.clock.set(max(row.next_at, last + timedelta(hours=2)))
    assert timedelta(days=4) <= last - began <= timedelta(days=6)
    assert (row.state, row.attempts) == ("dead", len(WAITS) + 1)
    assert hooks.run() == {}
    [owed] = hooks.session.scalars(select(MessageRow).where(MessageRow.kind == "webhook-failed"))
    assert (owed.person_id, owed.facts["because"]) == (hooks.admin.id, "given-up")
    assert owed.facts["host"] == "127.0.0.1"


def test_gone_switches_it_off_and_nothing_is_lost(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    receiver.moods = [answers(410)]
    hooks.change()
    hooks.run()
    row = hooks.endpoint(endpoint_id)
    assert (row.disabled_because, row.disabled_at) == ("gone", hooks.clock.real_now())
    [owed] = hooks.session.scalars(select(MessageRow).where(MessageRow.kind == "webhook-failed"))
    assert owed.facts["because"] == "gone"
    hooks.change()  # nothing is owed to it meanwhile
    hooks.clock.forward(days=1)
    assert hooks.run() == {}
    with unit_of_work(hooks.session) as session:
        webhooks.enable_endpoint(session, hooks.actor, hooks.clock.moment(), endpoint_id)
    assert hooks.run() == {"webhooks delivered": 1}
    with unit_of_work(hooks.session) as session:
        since = hooks.clock.real_now() - timedelta(days=2)
        found = webhooks.replay_since(session, hooks.actor, hooks.keeper, endpoint_id, since)
    assert found == 3  # the first one too, from before there was an endpoint
    hooks.run()
    number = hooks.relation.customer_id
    assert set(receiver.ids) == {f"evt-{number}-{position}" for position in (1, 2, 3)}
    assert [row.message_id for row in hooks.rows()].count(f"evt-{number}-2") == 1


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("120", timedelta(seconds=120)),
        ("99999999", LONGEST_RETRY_AFTER),
        ("soon", WAITS[0]),
    ],
)
def test_how_long_to_wait_is_heard(hooks: Stage, said: str, waits: timedelta) -> None:
    receiver, endpoint_id = hooks.receiver()
    receiver.moods = [answers(429, Retry_After=said)]
    hooks.change()
    hooks.run()
    [row] = hooks.rows()
    assert row.next_at >= row.tried_at + waits
    assert row.next_at <= row.tried_at + waits * 1.25
    assert hooks.endpoint(endpoint_id).resumes_at >= row.tried_at + waits


def test_killed_between_sending_and_recording(
    hooks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent again under the same id, when the hand that had it is surely gone."""
    receiver, _ = hooks.receiver()
    hooks.change()

    def killed(*args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(job, "record_answer", killed)
        with pytest.raises(KeyboardInterrupt):
            hooks.run()
    assert len(receiver.ids) == 1
    assert hooks.run() == {}  # it may still be in that hand
    hooks.clock.forward(seconds=LEASE.total_seconds() + 1)
    assert hooks.run() == {"webhooks delivered": 1}
    assert receiver.ids[0] == receiver.ids[1]


def test_a_name_that_leads_inside_is_refused_before_a_connection(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    hooks.endpoint(endpoint_id).url = receiver.url.replace("127.0.0.1", "hooks.example.com")
    hooks.session.commit()
    asked: list[str] = []

    def inside(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.215.14", "127.0.0.1"]

    hooks.way = Way(timeout=5, ask=inside)
    hooks.change()
    assert hooks.run() == {"webhooks not delivered": 1}
    assert asked == ["hooks.example.com"]
    assert receiver.requests == []
    assert [row.last_error for row in hooks.rows()] == ["address-refused"]


def test_the_address_that_was_checked_is_the_one_connected_to(hooks: Stage) -> None:
    """Asked once: a name that leads elsewhere a moment later leads nowhere."""
    receiver, endpoint_id = hooks.receiver()
    hooks.endpoint(endpoint_id).url = receiver.url.replace("127.0.0.1", "hooks.example.com")
    hooks.session.commit()
    answers_of_name = iter([["127.0.0.1"], ["127.0.0.2"]])
    hooks.way = replace(WAY, ask=lambda host, port: next(answers_of_name))
    hooks.change()
    assert hooks.run() == {"webhooks delivered": 1}
    assert receiver.requests[0]["host"] == f"hooks.example.com:{receiver.port}"
    assert next(answers_of_name) == ["127.0.0.2"]


def test_a_test_and_a_replay(hooks: Stage) -> None:
    receiver, endpoint_id = hooks.receiver()
    with unit_of_work(hooks.session) as session:
        webhooks.send_test(session, hooks.actor, hooks.keeper, endpoint_id)
    hooks.run()
    [told] = receiver.told
    assert told["type"] == "webhook.test"
    assert told["data"] == {"id": receiver.ids[0]}
    [row] = hooks.rows()
    with unit_of_work(hooks.session) as session:
        webhooks.replay(session, hooks.actor, hooks.keeper, endpoint_id, row.id)
    hooks.run()
    assert receiver.ids[0] == receiver.ids[1]


def test_the_log_forgets_what_is_long_over(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    receiver.moods = [answers(204), answers(500)]
    hooks.change()
    hooks.run()
    hooks.change()
    hooks.run()
    hooks.clock.forward(days=91)
    runs.tidy(hooks.app)
    assert [row.state for row in hooks.rows()] == ["waiting"]


def test_nothing_of_another_customer(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    other = stage.a_relation(hooks.session, stage.a_customer(hooks.session, "Ander"))
    reassess(hooks.session, hooks.clock.moment(), [other.id])
    hooks.session.commit()
    runs.announce(hooks.app)
    assert hooks.run() == {}
    assert receiver.requests == []


def test_asked_to_end_no_other_request_begins(hooks: Stage) -> None:
    receiver, _ = hooks.receiver()
    hooks.change()
    assert runs.webhooks(hooks.app, way=WAY, stop=lambda: True) == {}
    assert receiver.requests == []
