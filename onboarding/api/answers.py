"""An answer in JSON: private to whoever asked, with a tag to ask by the next time."""

import json
from typing import Any

from flask import request
from flask.wrappers import Response

from onboarding.api.locales import VARIES


def json_answer(
    told: Any, tag: str | None = None, *, is_weak: bool = False, status: int = 200
) -> Response:
    """`told` as JSON; 304 where the program has it already."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    response = Response(body, status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(VARIES)
    if tag is not None:
        response.set_etag(tag, weak=is_weak)
        if request.method in ("GET", "HEAD"):
            response.make_conditional(request)
            response.headers.pop("Date", None)  # the server that sends it says when
    return response
