"""How often a program may ask: so many requests a minute for each token, told in headers.

Counted in memory by each process for itself, so that no answer writes or waits. With several web
processes the whole is at most so many times as much: the limit keeps out a program that runs wild,
and is no meter.
"""

import threading
from datetime import datetime
from typing import NamedTuple

from flask import Flask, current_app, g
from flask.wrappers import Response

from onboarding.api.problems import Problem

COUNTS = "token_counts"
SECONDS = 60
USUAL = 600  # a minute


class Allowance(NamedTuple):
    """What a token has left of its minute, and in how many seconds the next one begins."""

    most: int
    left: int
    renewed_in: int

    def headers(self) -> tuple[tuple[str, str], ...]:
        """As the draft of the IETF has them (draft-ietf-httpapi-ratelimit-headers-10)."""
        return (
            ("RateLimit-Policy", f'"minute";q={self.most};w={SECONDS}'),
            ("RateLimit", f'"minute";r={self.left};t={self.renewed_in}'),
        )


class Counts:
    """The requests of the running minute, by token."""

    def __init__(self) -> None:
        self.minute = 0
        self.asked: dict[int, int] = {}
        self._lock = threading.Lock()

    def count(self, token_id: int, now: datetime, most: int) -> tuple[bool, Allowance]:
        """Whether this request is within the limit, and what is left."""
        second = int(now.timestamp())
        with self._lock:
            if second // SECONDS != self.minute:
                self.minute, self.asked = second // SECONDS, {}
            asked = self.asked[token_id] = self.asked.get(token_id, 0) + 1
        allowance = Allowance(most, max(most - asked, 0), SECONDS - second % SECONDS)
        return asked <= most, allowance


def count_request(token_id: int, now: datetime) -> None:
    """Raises Problem for one too many; the answer tells what is left."""
    most = int(current_app.config.get("API_PER_MINUTE", USUAL))
    if not most:
        return
    counts: Counts = current_app.extensions[COUNTS]
    is_within, allowance = counts.count(token_id, now, most)
    g.allowance = allowance
    if not is_within:
        wait = str(allowance.renewed_in)
        raise Problem(
            "too-many-requests", {"Retry-After": wait}, most=most, seconds=allowance.renewed_in
        )


def _tell(response: Response) -> Response:
    allowance: Allowance | None = g.pop("allowance", None)
    if allowance is not None:
        response.headers.extend(allowance.headers())
    return response


def init_app(app: Flask) -> None:
    app.extensions[COUNTS] = Counts()
    app.after_request(_tell)
