"""A database that is locked or away: readers are told to come back, not of a mistake of ours."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, make_url

from onboarding.store.database import db
from tests.databases import disconnect_all

LOGS_IN = {"email": "kim@linde.example"}


@pytest.fixture
def app(fresh_app: Flask) -> Flask:
    fresh_app.config["WTF_CSRF_ENABLED"] = False
    return fresh_app


HURRY = {"sqlite": "PRAGMA busy_timeout=10", "postgresql": "SET lock_timeout='50ms'"}
HOLD = {
    "sqlite": ["BEGIN IMMEDIATE"],
    "postgresql": ["BEGIN", "LOCK TABLE persons IN ACCESS EXCLUSIVE MODE"],
}


def test_a_lock_that_is_held_too_long(app: Flask, engine_name: str) -> None:
    with app.app_context():
        engine = db.engine
    holder = engine.raw_connection()
    cursor = holder.cursor()
    for statement in HOLD[engine_name]:
        cursor.execute(statement)

    @event.listens_for(engine, "checkout")
    def hurry(connection: Any, *_given: object) -> None:
        connection.cursor().execute(HURRY[engine_name])
        connection.commit()  # no transaction has begun yet

    answer = app.test_client().post("/portal/log-in", data=LOGS_IN)
    cursor.execute("ROLLBACK")
    holder.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Het is hier even te druk" in answer.text
    assert app.test_client().post("/portal/log-in", data=LOGS_IN).status_code == 303


def test_a_database_that_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        db.engine.dispose()
        away = "sqlite:////nowhere/at/all.db"
        if db.engine.dialect.name == "postgresql":
            away = "postgresql+psycopg://nobody@/none?host=/nowhere"
        cargs, cparams = db.engine.dialect.create_connect_args(make_url(away))
        connect = db.engine.dialect.connect
        monkeypatch.setattr(db.engine.pool, "_creator", lambda *_: connect(*cargs, **cparams))
    page = app.test_client().post("/portal/log-in", data=LOGS_IN)
    assert page.status_code == 503
    told = app.test_client().get("/api/v1/eligibility", headers={"Authorization": "Bearer onb_x"})
    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert told.json and told.json["code"] == "unavailable"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_database_that_was_started_anew(app: Flask, fresh_engine: Engine) -> None:
    """One reader is told to come back, and those after it notice nothing."""
    client = app.test_client()
    address, asks = "/api/v1/eligibility", {"Authorization": "Bearer onb_x"}
    for ask in (
        lambda: client.post("/portal/log-in", data=LOGS_IN).status_code,
        lambda: client.get(f"{address}/id-1", headers=asks).status_code,
    ):
        well = ask()
        assert well < 500
        disconnect_all(fresh_engine)
        assert [ask(), ask(), ask()] == [503, well, well]
