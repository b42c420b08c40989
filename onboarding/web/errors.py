"""When something goes wrong: a page in plain words, with what to do and an id for whoever helps."""

import logging
import re
import secrets
from collections.abc import Callable
from typing import cast

from flask import Flask, current_app, g, render_template, request
from flask.wrappers import Response
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    ServiceUnavailable,
    default_exceptions,
)

from onboarding.domain.access import TooManyTries
from onboarding.domain.errors import DomainError, InputInvalid, NotAllowed, NotFound, SentTwice
from onboarding.i18n import error_text
from onboarding.web.language import current_locale, own_path
from onboarding.web.typed import what_was_typed

log = logging.getLogger(__name__)

# A mailed link lets in whoever reads it: what is as long as its token stays out of the log.
AS_LONG_AS_A_TOKEN = re.compile(r"[\w-]{40,}")

# Answers for addresses that start with a prefix, for programs: `(error, id) -> answer`.
ErrorWriter = Callable[[HTTPException, str], Response]
WRITERS = "error_writers"

# status: (what happened, what to do)
TEXTS: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _("This request could not be understood"),
        _("Go back, look at what you filled in, and try again."),
    ),
    403: (
        _("You may not do this"),
        _("Your role does not allow this. Ask a colleague with another role, or your buyer."),
    ),
    404: (
        _("This page does not exist"),
        _(
            "It may have moved, or it belongs to somebody else. Look at the address, "
            "or start again from the first page."
        ),
    ),
    405: (
        _("This cannot be done this way"),
        _("Go back and use the button on the page."),
    ),
    409: (
        _("Somebody was ahead of you"),
        _("What you looked at has changed. Go back, look again, and decide again."),
    ),
    413: (
        _("This is too large"),
        _("A file may be 10 MB at most. Make it smaller, or send it in parts."),
    ),
    429: (
        _("Too many tries"),
        _("Wait a quarter of an hour and try again."),
    ),
    500: (
        _("Something went wrong with us"),
        _("What you filled in may not have been kept. Try again in a few minutes."),
    ),
    503: (
        _("It is very busy here"),
        _("Wait a moment, go back, look whether it was kept, and send it again if not."),
    ),
}
# What the rules refuse, where a view did not catch it; anything else of theirs is a conflict.
STATUSES: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InputInvalid: 400,
    TooManyTries: 429,
}
FORM_TOO_OLD = (
    _("This page stood open for too long"),
    _("Nothing was sent. Go back, reload the page, and send it again."),
)
RETRY_AFTER = 5  # seconds
SENT_TWICE = _("This was sent already")
LAST_RESORT = (
    "<!doctype html><html lang=en><title>Error</title><h1>Something went wrong with us</h1>"
    "<p>Try again in a few minutes. Er ging iets mis bij ons. Probeer het over een paar minuten "
    "opnieuw.</p><p>Id: {id}</p></html>"
)


def write_errors_with(app: Flask, prefix: str, writer: ErrorWriter) -> None:
    """Let `writer` answer for addresses under `prefix`, such as `/api/`."""
    app.extensions.setdefault(WRITERS, {})[prefix] = writer


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(DomainError, _answer_refused)
    app.register_error_handler(OperationalError, _answer_busy)


def _answer(error: HTTPException) -> Response:
    """An error that has a status, or a mistake of ours that Flask made into one."""
    if error.response is not None or error.code is None or error.code < 400:
        return cast(Response, error.get_response())
    error_id = secrets.token_hex(4)
    if isinstance(error, InternalServerError):
        log.error("error %s: %s %s", error_id, request.method, _path(), exc_info=_cause(error))
    else:
        log.info("error %s: %s %s %s", error_id, error.code, request.method, _path())
    return _write(error, error_id)


def _answer_refused(error: DomainError) -> Response:
    """What the rules do not allow and no view caught: its own sentence is the advice."""
    status = next((s for kind, s in STATUSES.items() if isinstance(error, kind)), 409)
    refused = default_exceptions[status](error_text(error.code, error.facts, current_locale()))
    refused.__cause__ = error
    return _answer(refused)


def _answer_busy(error: OperationalError) -> Response:
    """The database is locked for too long, or away: no mistake of ours, and over soon."""
    log.warning("the database did not serve %s %s", request.method, _path(), exc_info=error)
    return _answer(ServiceUnavailable(retry_after=RETRY_AFTER))


def _path() -> str:
    return AS_LONG_AS_A_TOKEN.sub("…", request.path)


def _cause(error: InternalServerError) -> BaseException:
    return error.original_exception or error


def _write(error: HTTPException, error_id: str) -> Response:
    code = error.code or 500
    try:
        for prefix, writer in current_app.extensions.get(WRITERS, {}).items():
            if request.path.startswith(prefix):
                return cast(ErrorWriter, writer)(error, error_id)
        body = _page(error, code, error_id)
    except Exception:
        log.exception("error %s: its page could not be made", error_id)
        body = LAST_RESORT.format(id=error_id)
    headers = [(n, v) for n, v in error.get_headers() if n.lower() in ("allow", "retry-after")]
    return Response(body, code, headers, content_type="text/html; charset=utf-8")


def _page(error: HTTPException, code: int, error_id: str) -> str:
    g.is_without_visitor = code >= 500
    advice: LazyString | str | None
    title, advice = TEXTS.get(code) or TEXTS[500 if code >= 500 else 400]
    if isinstance(error, CSRFError):
        title, advice = FORM_TOO_OLD
    elif isinstance(error.__cause__, DomainError) and code != 404:
        advice = error.description
        title = SENT_TWICE if isinstance(error.__cause__, SentTwice) else title
    # Where somebody was ahead, the page that was looked at tells how it stands now.
    again = own_path(request.referrer) if code == 409 and request.referrer else None
    is_lost = code == 409 and not isinstance(error.__cause__, SentTwice)
    return render_template(
        "error.html",
        title=title,
        advice=advice,
        code=code,
        error_id=error_id,
        again=again,
        typed=what_was_typed() if is_lost else [],
    )
