"""What a program asks, read from the address: every parameter known, given once and valid."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from onboarding.api.problems import Problem, parameter_invalid
from onboarding.clock import Clock, Moment
from onboarding.domain.eligibility import Status
from onboarding.domain.errors import InputInvalid
from onboarding.domain.references import Ref, ref_from

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
MOST = 1000
USUAL = 100
LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}


def only(*names: str) -> dict[str, str]:
    """The parameters given. Raises Problem for one not in `names`, or given twice."""
    given: dict[str, str] = {}
    if not request.query_string:
        return given
    for name, values in request.args.lists():
        if name not in names:
            raise parameter_invalid(name[:60], "unknown", known=list(names))
        if len(values) > 1:
            raise parameter_invalid(name, "given-twice")
        given[name] = values[0]
    return given


def reference(text: str) -> Ref:
    """The supplier that the address names. Raises Problem."""
    try:
        return ref_from(text)
    except InputInvalid:
        raise Problem("reference-invalid", given=text[:60]) from None


def day(given: dict[str, str], name: str, default: date) -> date:
    """A day as 2027-02-10."""
    text = given.get(name)
    if text is None:
        return default
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise parameter_invalid(name, "not-a-day", given=text[:60])


def instant(given: dict[str, str], name: str, moment: Moment) -> datetime | None:
    """An instant with its zone, such as 2027-02-10T09:15:00Z, not in the future."""
    text = given.get(name)
    if text is None:
        return None
    try:
        # A plus that was not escaped has become a space.
        written = text.replace(" ", "+")
        if not INSTANT.fullmatch(written):
            raise ValueError(text)
        at = datetime.fromisoformat(written.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise parameter_invalid(name, "not-an-instant", given=text[:60]) from None
    if at > moment.now:
        raise Problem("known-at-in-future", known_at=at, now=moment.now)
    return at


def limit(given: dict[str, str]) -> int:
    text = given.get("limit", str(USUAL))
    if text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= MOST:
        return int(text)
    raise parameter_invalid("limit", "out-of-range", least=1, most=MOST)


def status(given: dict[str, str]) -> Status | None:
    text = given.get("status")
    if text is None:
        return None
    try:
        return Status(text)
    except ValueError:
        raise parameter_invalid("status", "unknown-value", known=list(Status)) from None


def accepts_json() -> None:
    """Raises Problem where the program takes no JSON."""
    accepted("application/json")


def accepted(*offered: str) -> str:
    """The form that the program likes best; the first where it does not say. Raises Problem."""
    best = _best(request.environ.get("HTTP_ACCEPT"), offered)
    if best is None:
        raise Problem("not-acceptable", offered=list(offered))
    return best


@lru_cache(256)
def _best(accept: str | None, offered: tuple[str, ...]) -> str | None:
    accepts = parse_accept_header(accept, MIMEAccept)
    return accepts.best_match(offered) if accepts else offered[0]


def since(given: dict[str, str], name: str, clock: Clock) -> tuple[datetime, date] | None:
    """An instant that has passed and its day; of a day, what was just before it began."""
    text = given.get(name)
    if text is None:
        return None
    if not DAY.fullmatch(text):
        at = instant(given, name, clock.moment())
        assert at is not None
        return at, clock.moment_at(at).today
    asked = day(given, name, date.max)
    began = datetime.combine(max(asked, date(1900, 1, 1)), time.min, clock.zone)
    if began > clock.moment().now:
        raise parameter_invalid(name, "in-future", given=text)
    before = began - timedelta(microseconds=1)
    return before.astimezone(UTC), clock.moment_at(before).today
