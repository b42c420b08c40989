"""An answer, private to whoever asked: JSON with a tag to ask by the next time, or a stream."""

import json
from collections.abc import Iterator
from typing import Any

from flask import request, stream_with_context
from flask.wrappers import Response

from onboarding.api.locales import VARIES


def json_answer(
    told: Any, tag: str | None = None, *, is_weak: bool = False, status: int = 200
) -> Response:
    """`told` as JSON; 304 where the program has it already."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    response = Response(body, status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = ", ".join(VARIES)
    if tag is not None:
        response.set_etag(tag, weak=is_weak)
        if request.method in ("GET", "HEAD") and "HTTP_IF_NONE_MATCH" in request.environ:
            response.make_conditional(request)
            response.headers.pop("Date", None)  # the server that sends it says when
    return response


def streamed(lines: Iterator[str], form: str) -> Response:
    """Lines as they come; one that breaks off is not ended, so that a program can tell."""
    response = Response(stream_with_context(lines), content_type=f"{form}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.update(VARIES)
    return response
