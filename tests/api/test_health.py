"""Whoever watches the installation learns how it does, and nothing about anybody."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from onboarding.api import health
from onboarding.services.installation_health import Figures
from onboarding.store.database import db
from onboarding.store.tables import MessageRow, RelationRow
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
        "checks": {"database": "ok", "migrations": "ok"},
    }


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
    told = Figures(relations=1234567, messages={}, mails={}, oldest_unsent_seconds=0.0)
    monkeypatch.setattr(health, "figures", lambda *_given: told)
    assert "onboarding_relations 1234567\n" in client.get("/metrics").text
