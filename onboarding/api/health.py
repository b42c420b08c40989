"""What is told to machines that watch this one: alive, ready, and figures without people."""

import json
import logging
from collections.abc import Iterator, Mapping

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.wrappers import Response
from sqlalchemy.exc import SQLAlchemyError

from onboarding.clock import Clock
from onboarding.services.installation_health import Figures, figures
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

    Says nothing about the worker, which is another process.
    """
    checks = {"database": "ok", "migrations": "ok"}
    try:
        at = current_revision(db.session())
    except SQLAlchemyError:
        log.warning("the database cannot be reached", exc_info=True)
        checks = {"database": "unreachable", "migrations": "unknown"}
    else:
        if at != _newest_migration():
            checks["migrations"] = "not current: run flask db upgrade"
    is_ready = set(checks.values()) == {"ok"}
    body = json.dumps({"status": "ready" if is_ready else "not-ready", "checks": checks})
    return Response(body, 200 if is_ready else 503, content_type="application/json")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures of the whole installation, as Prometheus reads them."""
    clock: Clock = current_app.extensions["clock"]
    told = figures(db.session(), clock.moment().now)
    return Response("\n".join([*_lines(told), ""]), content_type=PROMETHEUS)


def _lines(told: Figures) -> Iterator[str]:
    yield from _gauge("relations", "Suppliers of all customers.", {"": told.relations})
    yield from _gauge("messages", "Messages owed, by state.", _by_state(told.messages))
    yield from _gauge("mails", "E-mails made, by state.", _by_state(told.mails))
    yield from _gauge(
        "oldest_unsent_seconds",
        "How long ago the message that waits longest should have gone; 0 when none is due.",
        {"": told.oldest_unsent_seconds},
    )


def _by_state(numbers: Mapping[str, int]) -> dict[str, float]:
    return {f'{{state="{state}"}}': number for state, number in numbers.items()}


def _gauge(name: str, meaning: str, values: Mapping[str, float]) -> Iterator[str]:
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
