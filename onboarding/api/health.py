"""What is told to machines that watch this one: alive, ready, and figures without people."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.wrappers import Response
from sqlalchemy.exc import SQLAlchemyError

from onboarding.clock import Clock
from onboarding.services.installation_health import (
    LATE_AFTER,
    SILENT_AFTER,
    Figures,
    figures,
    work,
)
from onboarding.store.database import db
from onboarding.store.queues import current_revision

blueprint = Blueprint("health", __name__)
log = logging.getLogger(__name__)

NEWEST = "newest_migration"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
def alive() -> Response:
    """This process answers; nothing else is looked at."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def ready() -> Response:
    """The database can be reached and its migrations are those of this code.

    Only these two decide: pages are right without a worker, which is another process. How that
    one fares is told beside them.
    """
    checks = {"database": "ok", "migrations": "ok"}
    told: dict[str, Any] = {}
    try:
        at = current_revision(db.session())
        if at != _newest_migration():
            checks["migrations"] = "not current: run flask db upgrade"
        is_ready = set(checks.values()) == {"ok"}
        if is_ready:
            told = _work()
    except SQLAlchemyError:
        log.warning("the database cannot be reached", exc_info=True)
        checks, is_ready = {"database": "unreachable", "migrations": "unknown"}, False
    body = {
        "status": "ready" if is_ready else "not-ready",
        "checks": {**checks, **told.pop("checks", {})},
        **told,
    }
    return Response(json.dumps(body), 200 if is_ready else 503, content_type="application/json")


def _work() -> dict[str, Any]:
    """What is told about the worker and the mail, as checks in words and as figures."""
    clock: Clock = current_app.extensions["clock"]
    found = work(db.session(), clock.moment(), clock.real_now())
    age = found.heartbeat_age_seconds
    if age is None:
        worker = "none runs: start flask worker"
    else:
        worker = "ok" if age <= SILENT_AFTER else "silent: look at its log, and start it again"
    is_late = found.oldest_unsent_seconds > LATE_AFTER
    return {
        "checks": {
            "worker": worker,
            "queue": "late: run flask doctor" if is_late else "ok",
            "mail_server": "paused: run flask doctor" if found.is_breaker_open else "ok",
        },
        "figures": {
            "worker_heartbeat_age_seconds": age,
            "queue_length": found.queue_length,
            "oldest_unsent_seconds": found.oldest_unsent_seconds,
            "breaker": "open" if found.is_breaker_open else "closed",
        },
    }


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures of the whole installation, as Prometheus reads them."""
    clock: Clock = current_app.extensions["clock"]
    told = figures(db.session(), clock.moment(), clock.real_now())
    return Response("\n".join([*_lines(told), ""]), content_type=PROMETHEUS)


def _lines(told: Figures) -> Iterator[str]:
    yield from _gauge("relations", "Suppliers of all customers.", {"": told.relations})
    yield from _gauge("messages", "Messages owed, by state.", _by_state(told.messages))
    yield from _gauge("mails", "E-mails made, by state.", _by_state(told.mails))
    yield from _gauge(
        "oldest_unsent_seconds",
        "How long ago the message that waits longest should have gone; 0 when none is due.",
        {"": told.work.oldest_unsent_seconds},
    )
    yield from _gauge(
        "queue_length", "Messages that should have gone by now.", {"": told.work.queue_length}
    )
    age = told.work.heartbeat_age_seconds
    yield from _gauge(
        "worker_heartbeat_age_seconds",
        "How long ago a worker was last seen; +Inf when none runs.",
        {"": "+Inf" if age is None else age},
    )
    yield from _gauge(
        "mail_breaker_open",
        "1 while the mail server is in trouble and mail waits.",
        {"": int(told.work.is_breaker_open)},
    )


def _by_state(numbers: Mapping[str, int]) -> dict[str, float]:
    return {f'{{state="{state}"}}': number for state, number in numbers.items()}


def _gauge(name: str, meaning: str, values: Mapping[str, float | str]) -> Iterator[str]:
    yield f"# HELP onboarding_{name} {meaning}"
    yield f"# TYPE onboarding_{name} gauge"
    for labels, value in values.items():
        yield f"onboarding_{name}{labels} {value}"


def _newest_migration() -> str | None:
    """Read once: the code does not change while it runs."""
    if NEWEST not in current_app.extensions:
        config = current_app.extensions["migrate"].migrate.get_config()
        script = ScriptDirectory.from_config(config)
        current_app.extensions[NEWEST] = script.get_current_head()
    newest: str | None = current_app.extensions[NEWEST]
    return newest
