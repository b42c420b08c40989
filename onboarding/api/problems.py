"""Problem details (RFC 9457) for every error under /api: a permanent code, facts, and words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.wrappers import Response
from werkzeug.exceptions import HTTPException

from onboarding.api.locales import VARIES, reader_locale
from onboarding.domain.changes import as_json
from onboarding.domain.errors import DomainError
from onboarding.domain.references import own_ref
from onboarding.i18n import error_text, mark, translate
from onboarding.i18n.facts import facts_in_words

MEDIA_TYPE = "application/problem+json"
HEADERS_KEPT = ("allow", "retry-after", "www-authenticate")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its status, its title, and what to do, from the most telling sentence.

    Without sentences the words are those of the domain error with this code.
    """

    status: int
    title: str
    sentences: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "request-invalid": Kind(
        400,
        mark("The request cannot be understood"),
        (mark("Look at the description of this interface and send it again."),),
    ),
    "parameter-invalid": Kind(
        400,
        mark("A parameter cannot be used"),
        (mark("%(parameter)s cannot have this value."),),
    ),
    "reference-invalid": Kind(
        400,
        mark("This names no supplier"),
        (mark("Name it by a KvK number of 8 digits, as id-17 or as creditor-FS10023."),),
    ),
    "known-at-in-future": Kind(
        400,
        mark("What will be known is not known yet"),
        (mark("Give known_at an instant that has passed."),),
    ),
    "token-invalid": Kind(
        401,
        mark("A token that works is needed"),
        (mark("Send one as: Authorization: Bearer onb_…. It may be revoked or past its end."),),
    ),
    "scope-missing": Kind(
        403,
        mark("The token does not allow this"),
        (
            mark("Ask an administrator for a token with the scope %(scope)s."),
            mark("Ask an administrator for a token that allows this."),
        ),
    ),
    "not-allowed": Kind(403, mark("This is not allowed")),
    "not-found": Kind(404, mark("This does not exist")),
    "supplier-unknown": Kind(404, mark("No supplier has this reference")),
    "pathway-unknown": Kind(
        404,
        mark("This supplier has no pathway"),
        (mark("Nothing was drafted or proposed yet."),),
    ),
    "not-yet-known": Kind(404, mark("Nothing was known of this supplier then")),
    "method-not-allowed": Kind(
        405,
        mark("This cannot be done here"),
        (mark("Use one of the methods in the header Allow."),),
    ),
    "not-acceptable": Kind(
        406,
        mark("The answer cannot have this form"),
        (mark("Accept one of these: %(offered)s."), mark("Accept application/json.")),
    ),
    "refused": Kind(409, mark("This cannot be done now")),
    "supplier-ambiguous": Kind(409, mark("Several suppliers have this creditor number")),
    "supplier-known": Kind(409, mark("Another supplier has this number")),
    "precondition-failed": Kind(
        412,
        mark("The supplier is not as you saw it"),
        (mark("Read it again, look at what changed, and send it with its ETag now."),),
    ),
    "body-too-large": Kind(
        413,
        mark("The body is too large"),
        (mark("Send %(most)s bytes at most."), mark("Send less.")),
    ),
    "media-type-unsupported": Kind(
        415,
        mark("The body has another form than is read here"),
        (mark("Send JSON, with Content-Type: application/json."),),
    ),
    "body-invalid": Kind(
        422,
        mark("The body cannot be used"),
        (mark("Send a JSON object with the fields that are described."),),
    ),
    "input-invalid": Kind(422, mark("A value cannot be used")),
    "precondition-required": Kind(
        428,
        mark("Say which version you saw"),
        (mark("Read the supplier first, and send its ETag as If-Match."),),
    ),
    "too-many-requests": Kind(
        429,
        mark("Too many requests"),
        (
            mark("Wait %(seconds)s seconds: %(most)s requests a minute are allowed."),
            mark("Wait as long as Retry-After says."),
        ),
    ),
    "internal-error": Kind(
        500,
        mark("Something went wrong with us"),
        (mark("Try again in a few minutes. Name the instance to whoever helps you."),),
    ),
    "unavailable": Kind(
        503,
        mark("The database does not answer in time"),
        (mark("Wait as long as Retry-After says, and send it again."),),
    ),
}
# What to do where the fact `reason` says more.
ADVICE: dict[str, str] = {
    "unknown": mark("%(parameter)s is not known here. Known are: %(known)s."),
    "given-twice": mark("Give %(parameter)s once."),
    "not-a-day": mark("Give %(parameter)s a day such as 2027-02-10."),
    "not-an-instant": mark(
        "Give %(parameter)s an instant with its zone, such as 2027-02-10T09:15:00Z."
    ),
    "out-of-range": mark("Give %(parameter)s a number from %(least)s to %(most)s."),
    "unknown-value": mark("Give %(parameter)s one of these: %(known)s."),
    "not-a-cursor": mark("Take %(parameter)s from next_cursor of the page before."),
    "of-another-list": mark("This %(parameter)s belongs to a list with another status."),
    "in-future": mark("Give %(parameter)s a day or an instant that has passed."),
    "not-an-event": mark("Give %(parameter)s the id of an event."),
    "only-in-json": mark("%(parameter)s belongs to pages in JSON; this form holds the whole list."),
    "not-json": mark("This is no JSON."),
    "not-an-object": mark("Send a JSON object with the fields that are described."),
    "unknown-field": mark("%(field)s is not known here. Known are: %(known)s."),
    "wrong-type": mark("Give %(field)s this: %(expected)s."),
    "read-only": mark("Only the tool itself changes %(field)s."),
}
BY_STATUS = {
    400: "request-invalid",
    401: "token-invalid",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "refused",
    412: "precondition-failed",
    413: "body-too-large",
    415: "media-type-unsupported",
    422: "body-invalid",
    428: "precondition-required",
    429: "too-many-requests",
    503: "unavailable",
}


class Problem(HTTPException):
    """An error with a code of KINDS and its facts; `headers` go with the answer."""

    def __init__(self, kind: str, headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        super().__init__()
        self.code = KINDS[kind].status
        self.kind = kind
        self.facts = facts
        self.own_headers = dict(headers or {})

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*args, **kwargs), *self.own_headers.items()]


def parameter_invalid(parameter: str, reason: str, **facts: Any) -> Problem:
    return Problem("parameter-invalid", parameter=parameter, reason=reason, **facts)


def write(error: HTTPException, error_id: str) -> Response:
    """The answer for an error under /api; `web.errors` calls it for that prefix."""
    kind, facts, detail = _told(error)
    body = {
        "type": f"urn:onboarding:problem:{kind}",
        "title": translate(KINDS[kind].title, reader_locale()),
        "status": KINDS[kind].status,
        "detail": detail,
        "instance": f"urn:onboarding:error:{error_id}",
        "code": kind,
        "facts": facts_as_json(facts),
    }
    response = Response(json.dumps(body, ensure_ascii=False), KINDS[kind].status)
    response.content_type = MEDIA_TYPE
    for name, value in error.get_headers():
        if name.lower() in HEADERS_KEPT:
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(VARIES)
    return response


def facts_as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON, with a supplier named as programs name it."""
    named = {name: as_json(value) for name, value in facts.items() if value is not None}
    if isinstance(relation_id := named.pop("relation", None), int):
        named["ref"] = own_ref(relation_id)
    return named


def _told(error: HTTPException) -> tuple[str, Mapping[str, Any], str]:
    """The code, the facts, and what to do."""
    kind: str
    facts: Mapping[str, Any]
    locale = reader_locale()
    cause = error.__cause__
    if isinstance(error, Problem):
        kind, facts = error.kind, error.facts
    elif isinstance(cause, DomainError):
        kind = cause.code if cause.code in KINDS else "refused"
        facts = cause.facts if kind == cause.code else {**cause.facts, "refused": cause.code}
        return kind, facts, error_text(cause.code, cause.facts, locale)
    else:
        status = error.code or 500
        other = "internal-error" if status >= 500 else "request-invalid"
        kind, facts = BY_STATUS.get(status, other), {}
    return kind, facts, sentence_of(kind, facts)


def sentence_of(kind: str, facts: Mapping[str, Any]) -> str:
    """What to do, in the reader's language."""
    locale = reader_locale()
    advice = ADVICE.get(str(facts.get("reason")))
    sentences = (advice,) if advice else KINDS[kind].sentences
    detail = facts_in_words(sentences, facts, locale) if sentences else ""
    return detail or error_text(kind, facts, locale)
