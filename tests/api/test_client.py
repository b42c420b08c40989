"""The client of the documentation, against the application served for real, and without it."""

import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any
from urllib.error import HTTPError

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import WSGIRequestHandler, make_server

from onboarding.domain.tokens import Scope
from onboarding.jobs import runs
from onboarding.services.feed.tokens import create_token, operator
from onboarding.services.statuses import reassess
from onboarding.store.database import unit_of_work
from onboarding.store.tables import RelationRow
from tests import stage
from tests.settable_clock import SettableClock

DOCS = Path(__file__).parents[2] / "docs"


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("client", DOCS / "client.py")
    assert spec is not None and spec.loader is not None
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    return client


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_with_the_tool_and_without(
    fresh_app: Flask,
    fresh_sessions: sessionmaker[Session],
    clock: SettableClock,
    module: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        customer = stage.a_customer(session)
        row = stage.a_relation(session, customer, kvk_number="17037842")
        reassess(session, clock.moment(), [row.id])
        token = create_token(
            session,
            operator(customer.id),
            clock.moment(),
            clock.real_now(),
            name="Inkoop",
            scopes=(Scope.ELIGIBILITY_READ, Scope.EVENTS_READ),
        )
        relation_id = row.id
    kept = tmp_path / "kept.json"
    with served(fresh_app) as api:
        client = module.Client(api, token, kept)
        first = client.may_we_buy("17037842")
        assert (first.action, first.age) == ("allow", 0)
        got = client._get("/eligibility/17037842", client._read()["17037842"]["etag"])
        assert got[0] is None  # nothing changed, and nothing was sent
        assert client.may_we_buy("17037842") == first
        with pytest.raises(HTTPError, match="404"):
            client.may_we_buy("99999999")

        runs.announce(fresh_app)
        assert [event["to_status"] for event in client.changes()] == ["out-of-scope"]
        assert list(client.changes()) == []
        with fresh_sessions() as session, unit_of_work(session):
            row = session.get_one(RelationRow, relation_id)
            row.ended_on = clock.moment().today
            reassess(session, clock.forward(seconds=1), [relation_id])
        runs.announce(fresh_app)
        [event] = client.changes()
        assert (event["to_status"], event["action"]) == ("ineligible", "block")
        assert client.may_we_buy("17037842").action == "block"

    # The tool is down: the last answer with its age, as long as the policy allows.
    down = client.may_we_buy("17037842")
    assert down.action == "block" and down.answer is not None and 0 < down.age < 600
    assert client.may_we_buy("id-1").action == "warn"
    assert client.may_we_buy("id-1").answer is None
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 4 * module.DAY)
    late = client.may_we_buy("17037842")
    assert late.action == "warn" and late.age > 3 * module.DAY
