"""What a calendar program gets that comes with the secret address of somebody's days: no log-in,
no cookie, no page.
"""

import threading
from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from onboarding.services.mail.agenda_feeds import FeedEnded, read_feed
from onboarding.services.mail.agenda_files import Place, feed_file
from onboarding.services.sessions import sha256
from onboarding.services.throttling import WITHIN, network_of
from onboarding.store.database import db
from onboarding.web.access import client_address, real_now
from onboarding.web.moments import current_moment

blueprint = Blueprint("agenda_feed", __name__)

# Calendars ask a few times a day; some ask on each of several devices.
MOST_PER_TOKEN = 60
MOST_WRONG_PER_CLIENT = 60
TRIES = "agenda_feed_tries"


class Tries:
    """How often this process was asked under a name within a quarter of an hour.

    Counted in memory: an answer that only reads writes nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._until: datetime | None = None

    def clear(self) -> None:
        with self._lock:
            self._counts, self._until = {}, None

    def count(self, name: str, now: datetime) -> int:
        with self._lock:
            self._turn(now)
            self._counts[name] = self._counts.get(name, 0) + 1
            return self._counts[name]

    def counted(self, name: str, now: datetime) -> int:
        with self._lock:
            self._turn(now)
            return self._counts.get(name, 0)

    def wait(self, now: datetime) -> timedelta:
        return max((self._until or now) - now, timedelta(seconds=1))

    def _turn(self, now: datetime) -> None:
        if self._until is None or now >= self._until:
            self._counts, self._until = {}, now + WITHIN


@blueprint.get("/calendar/<token>.ics")
def show(token: str) -> ResponseReturnValue:
    """All day, each time anew; nothing where nothing changed since it was last asked."""
    tries: Tries = current_app.extensions[TRIES]
    now, client = real_now(), f"client {network_of(client_address())}"
    if (
        tries.counted(client, now) >= MOST_WRONG_PER_CLIENT
        or tries.count(f"token {sha256(token)}", now) > MOST_PER_TOKEN
    ):
        seconds = int(tries.wait(now).total_seconds()) + 1
        return _plain("Too many requests.", 429, **{"Retry-After": str(seconds)})
    try:
        found = read_feed(db.session(), current_moment(), token)
    except FeedEnded:
        return _plain("This calendar has ended.", 410)
    if found is None:
        tries.count(client, now)
        return _plain("There is no such calendar.", 404)
    reader, days = found
    place = Place(
        public_url=str(current_app.config["PUBLIC_URL"]),
        secret_key=str(current_app.config["SECRET_KEY"]),
    )
    response = Response(feed_file(days, place, reader), mimetype="text/calendar")
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.headers["Content-Disposition"] = 'inline; filename="days.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


def _plain(text: str, status: int, **headers: str) -> Response:
    """For a program: no page, and nothing in the log that holds the address."""
    return Response(f"{text}\n", status, headers, mimetype="text/plain")


def init_app(app: Flask) -> None:
    app.extensions[TRIES] = Tries()
    app.register_blueprint(blueprint)
