"""The body that a program sends: a JSON object, not too large."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from onboarding.api.problems import Problem

LARGEST = 64 * 1024  # bytes


def read_body() -> dict[str, Any]:
    """The object that was sent. Raises Problem where it is none, or too large."""
    if request.mimetype != "application/json":
        raise Problem("media-type-unsupported", read=["application/json"])
    request.max_content_length = LARGEST
    try:
        sent = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem("body-too-large", most=LARGEST) from None
    try:
        body = json.loads(sent, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem("request-invalid", reason="not-json") from None
    if not isinstance(body, dict):
        raise Problem("body-invalid", reason="not-an-object")
    return body


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)  # NaN and Infinity are no JSON
