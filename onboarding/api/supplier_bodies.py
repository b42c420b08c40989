"""The body of a supplier as a program sends it: every field known, and of its own type."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from onboarding.api.body_values import amount, text, text_or_null, wrong
from onboarding.api.division_bodies import divisions
from onboarding.api.problems import Problem
from onboarding.domain.suppliers import LONGEST_LINE, CreditorNumber

MOST_NUMBERS = 100
KVK_NUMBER = re.compile(r"\d{8}", re.ASCII)
READ_ONLY = ("ref", "former_kvk_numbers", "enrolled_on", "ended_on")


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


def _kvk_number(field: str, given: Any) -> str | None:
    if given is None:
        return None
    if not KVK_NUMBER.fullmatch(text(field, given)):
        raise wrong(field, "8 digits as text")
    return str(given)


def _creditor_numbers(field: str, given: Any) -> list[CreditorNumber]:
    expected = 'a list such as [{"division": "Catering", "number": "FS10023"}]'
    if not isinstance(given, list) or len(given) > MOST_NUMBERS:
        raise wrong(field, expected)
    numbers = []
    for one in given:
        if not isinstance(one, dict) or "number" not in one or one.keys() - {"division", "number"}:
            raise wrong(field, expected)
        division, number = text(field, one.get("division", "")), text(field, one["number"])
        if len(division) > LONGEST_LINE:
            raise wrong(field, f"divisions of {LONGEST_LINE} characters at most")
        numbers.append(CreditorNumber(division, number))
    return numbers


def _flag(field: str, given: Any) -> bool:
    if not isinstance(given, bool):
        raise wrong(field, "true or false")
    return given


READERS: dict[str, Callable[[str, Any], Any]] = {
    "kvk_number": _kvk_number,
    "name": text,
    "country": text,
    "foreign_number": text_or_null,
    "city": text_or_null,
    "category": text_or_null,
    "division": text_or_null,
    "spend": amount,
    "contract": text_or_null,
    "alternative": text_or_null,
    "has_no_alternative": _flag,
    "buyer": text_or_null,
    "creditor_numbers": _creditor_numbers,
    "divisions": divisions,
}
