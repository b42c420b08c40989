"""Whoever watches the installation learns how it does, and nothing about anybody."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from onboarding.api import health
from onboarding.services.installation_health import Figures
from onboarding.services.mail.breaker import Gate, server_trouble
from onboarding.store.database import db
from onboarding.store.tables import MessageRow, RelationRow
from onboarding.store.workers import tell_of
from tests import stage
from tests.settable_clock import SettableClock


def lines(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    told = [one for one in answer.get_data(as_text=True).splitlines() if not one.startswith("#")]
    return {name: float(value) for name, _, value in (one.rpartition(" ") for one in told)}


def a_message(session: Session, relation: RelationRow, key: str, **fields: object) -> None:
    values = {
        "customer_id": relation.customer_id,
        "relation_id": relation.id,
        "person_id": stage.a_person(session).id,
        "kind": "proposal",
        "facts": {},
        "state": "queued",
        "owed_at": stage.BEFORE,
        "due_at": stage.BEFORE,
    }
    session.add(MessageRow(key=key, **(values | fields)))
    session.commit()


def test_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "worker": "none runs: start flask worker",
            "queue": "ok",
            "mail_server": "ok",
        },
        "figures": {
            "worker_heartbeat_age_seconds": None,
            "queue_length": 0,
            "oldest_unsent_seconds": 0.0,
            "breaker": "closed",
        },
    }


def test_ready_tells_of_the_worker_and_the_mail_and_stays_ready(
    client: FlaskClient, session: Session, relation: RelationRow, clock: SettableClock
) -> None:
    now = clock.real_now()
    seen = {"started_at": now, "job": None, "job_since": None}
    tell_of(session, "a:1", now=now - timedelta(seconds=42), **seen)
    a_message(session, relation, "a", due_at=now - timedelta(minutes=5))
    told = client.get("/readyz").json
    assert told is not None
    assert told["checks"]["worker"] == "ok" and told["checks"]["queue"] == "ok"
    assert told["figures"]["worker_heartbeat_age_seconds"] == 42
    clock.forward(minutes=30)
    server_trouble(session, clock.moment(), "535 jan@example.nl", Gate.FREE)
    session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json and answer.json["status"]) == (200, "ready")
    assert answer.json is not None
    assert answer.json["checks"]["worker"].startswith("silent")
    assert answer.json["checks"]["queue"].startswith("late")
    assert answer.json["checks"]["mail_server"].startswith("paused")
    assert answer.json["figures"] == {
        "worker_heartbeat_age_seconds": 1842.0,
        "queue_length": 1,
        "oldest_unsent_seconds": 2100.0,
        "breaker": "open",
    }
    assert "535" not in answer.text and "@" not in answer.text
    measured = lines(client)
    assert measured["onboarding_worker_heartbeat_age_seconds"] == 1842
    assert measured["onboarding_queue_length"] == 1
    assert measured["onboarding_mail_breaker_open"] == 1


def test_not_ready_while_migrations_are_missing(client: FlaskClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["migrations"].startswith("not current")


def test_not_ready_without_a_database(fresh_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_app.app_context():
        engine = db.engine

    def unreachable(*_given: object, **_named: object) -> None:
        raise engine.dialect.loaded_dbapi.OperationalError("no such host")

    monkeypatch.setattr(engine.dialect, "connect", unreachable)
    engine.dispose()
    answer = fresh_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"] == {"database": "unreachable", "migrations": "unknown"}
    assert fresh_app.test_client().get("/healthz").status_code == 200


def test_figures(
    client: FlaskClient, session: Session, relation: RelationRow, clock: SettableClock
) -> None:
    session.commit()
    before = lines(client)
    assert before["onboarding_relations"] == 1
    assert before['onboarding_messages{state="queued"}'] == 0
    assert before["onboarding_oldest_unsent_seconds"] == 0
    assert before["onboarding_worker_heartbeat_age_seconds"] == float("inf")
    assert before["onboarding_mail_breaker_open"] == 0
    now = clock.moment().now
    a_message(session, relation, "a", due_at=now - timedelta(hours=2))
    a_message(session, relation, "b", due_at=now - timedelta(hours=1))
    a_message(session, relation, "c", due_at=now + timedelta(days=1), state="planned")
    a_message(session, relation, "d", due_at=now - timedelta(days=9), state="sent")
    after = lines(client)
    assert after['onboarding_messages{state="queued"}'] == 2
    assert after['onboarding_messages{state="planned"}'] == 1
    assert after['onboarding_messages{state="sent"}'] == 1
    assert after["onboarding_oldest_unsent_seconds"] == 7200


def test_nobody_is_named(client: FlaskClient, session: Session, relation: RelationRow) -> None:
    a_message(session, relation, "a")
    told = client.get("/metrics").text + client.get("/readyz").text
    assert relation.name not in told
    assert relation.kvk_number is not None and relation.kvk_number not in told
    assert "@" not in told


def test_large_figures_are_told_whole(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Figures(relations=1234567, messages={}, mails={})
    monkeypatch.setattr(health, "figures", lambda *_given: told)
    assert "onboarding_relations 1234567\n" in client.get("/metrics").text
