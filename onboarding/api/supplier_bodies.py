"""The body of a supplier as a program sends it: every field known, and of its own type."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from onboarding.api.problems import Problem
from onboarding.domain.suppliers import LARGEST_AMOUNT, LONGEST_LINE, CreditorNumber

LARGEST = 64 * 1024  # bytes
MOST_NUMBERS = 100
CENT = Decimal("0.01")
KVK_NUMBER = re.compile(r"\d{8}", re.ASCII)
READ_ONLY = ("ref", "former_kvk_numbers", "enrolled_on", "ended_on")


def read_body() -> dict[str, Any]:
    """The object that was sent. Raises Problem where it is none, or too large."""
    if request.mimetype != "application/json":
        raise Problem("media-type-unsupported", read=["application/json"])
    request.max_content_length = LARGEST
    try:
        text = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem("body-too-large", most=LARGEST) from None
    try:
        body = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem("request-invalid", reason="not-json") from None
    if not isinstance(body, dict):
        raise Problem("body-invalid", reason="not-an-object")
    return body


def fields_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that can be written. Raises Problem for one that is unknown or of another type."""
    for field in body:
        if field not in READERS and field not in READ_ONLY:
            known = [*READERS, *READ_ONLY]
            raise Problem("body-invalid", field=field[:60], reason="unknown-field", known=known)
    return {field: READERS[field](field, body[field]) for field in READERS if field in body}


def check_read_only(body: Mapping[str, Any], stands: Mapping[str, Any]) -> None:
    """What only the tool writes may come along as it stands. Raises Problem."""
    for field in READ_ONLY:
        if field in body and body[field] != stands.get(field):
            raise Problem("body-invalid", field=field, reason="read-only")


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)  # NaN and Infinity are no JSON


def _wrong(field: str, expected: str) -> Problem:
    return Problem("body-invalid", field=field, reason="wrong-type", expected=expected)


def _text(field: str, given: Any) -> str:
    if not isinstance(given, str):
        raise _wrong(field, "text")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in given):
        raise _wrong(field, "text without control characters")
    return given


def _text_or_null(field: str, given: Any) -> str | None:
    return None if given is None else _text(field, given)


def _kvk_number(field: str, given: Any) -> str | None:
    if given is None:
        return None
    if not KVK_NUMBER.fullmatch(_text(field, given)):
        raise _wrong(field, "8 digits as text")
    return str(given)


def _amount(field: str, given: Any) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise _wrong(field, "a number of euros")
    amount = Decimal(given)
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise _wrong(field, f"a number of euros from 0 to {LARGEST_AMOUNT}")
    if amount != amount.quantize(CENT):
        raise _wrong(field, "a number of euros with two decimals at most")
    return amount.quantize(CENT)


def _creditor_numbers(field: str, given: Any) -> list[CreditorNumber]:
    expected = 'a list such as [{"division": "Catering", "number": "FS10023"}]'
    if not isinstance(given, list) or len(given) > MOST_NUMBERS:
        raise _wrong(field, expected)
    numbers = []
    for one in given:
        if not isinstance(one, dict) or "number" not in one or one.keys() - {"division", "number"}:
            raise _wrong(field, expected)
        division, number = _text(field, one.get("division", "")), _text(field, one["number"])
        if len(division) > LONGEST_LINE:
            raise _wrong(field, f"divisions of {LONGEST_LINE} characters at most")
        numbers.append(CreditorNumber(division, number))
    return numbers


READERS: dict[str, Callable[[str, Any], Any]] = {
    "kvk_number": _kvk_number,
    "name": _text,
    "country": _text,
    "city": _text_or_null,
    "category": _text_or_null,
    "division": _text_or_null,
    "spend": _amount,
    "contract": _text_or_null,
    "alternative": _text_or_null,
    "buyer": _text_or_null,
    "creditor_numbers": _creditor_numbers,
}
