"""Values in a body, each of its own type: another is refused, by the name of its field."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from onboarding.api.problems import Problem
from onboarding.domain.suppliers import LARGEST_AMOUNT

CENT = Decimal("0.01")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def wrong(field: str, expected: str) -> Problem:
    return Problem("body-invalid", field=field, reason="wrong-type", expected=expected)


def text(field: str, given: Any) -> str:
    if not isinstance(given, str):
        raise wrong(field, "text")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in given):
        raise wrong(field, "text without control characters")
    return given


def text_or_null(field: str, given: Any) -> str | None:
    return None if given is None else text(field, given)


def amount(field: str, given: Any) -> Decimal | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise wrong(field, "a number of euros")
    amount = Decimal(given)
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise wrong(field, f"a number of euros from 0 to {LARGEST_AMOUNT}")
    if amount != amount.quantize(CENT):
        raise wrong(field, "a number of euros with two decimals at most")
    return amount.quantize(CENT)


def day_or_null(field: str, given: Any) -> date | None:
    if given is None:
        return None
    expected = "a day such as 2027-12-31"
    if not DAY.fullmatch(text(field, given)):
        raise wrong(field, expected)
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise wrong(field, expected) from None
