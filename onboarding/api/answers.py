"""An answer, private to whoever asked: JSON with a tag to ask by the next time, or a stream."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import request, stream_with_context
from flask.wrappers import Response
from werkzeug.datastructures import Headers

from onboarding.api.locales import VARIES

PRIVATE = (("Cache-Control", "private, no-cache"), ("Vary", ", ".join(VARIES)))


class Whole(Response):
    """An answer that has all its headers when it is made: they are not gone through once more."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        if self.status_code == 200 and self.is_sequence:
            return self.headers  # with the length, which came with the body
        return super().get_wsgi_headers(environ)


def json_answer(
    told: Any, tag: str | None = None, *, is_weak: bool = False, status: int = 200
) -> Response:
    """`told` as JSON; 304 where the program has it already."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return written_answer(body, tag, is_weak=is_weak, status=status)


def written_answer(
    body: str, tag: str | None, *, is_weak: bool = True, status: int = 200
) -> Response:
    """The same of JSON that was written already."""
    headers: Sequence[tuple[str, str]] = PRIVATE
    if tag is not None:
        headers = (*PRIVATE, ("ETag", f'W/"{tag}"' if is_weak else f'"{tag}"'))
    response = Whole(body, status, headers, content_type="application/json")
    environ = request.environ
    if tag is not None and "HTTP_IF_NONE_MATCH" in environ and request.method in ("GET", "HEAD"):
        response.make_conditional(request)
        response.headers.pop("Date", None)  # the server that sends it says when
    return response


def streamed(lines: Iterator[str], form: str) -> Response:
    """Lines as they come; one that breaks off is not ended, so that a program can tell."""
    response = Response(stream_with_context(lines), content_type=f"{form}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.update(VARIES)
    return response
