"""Identifiers as people and spreadsheets write them, brought into one form."""

import re
from dataclasses import dataclass

from onboarding.domain.errors import InputInvalid

KVK_DIGITS = 8
FEWEST_KVK_DIGITS = 6  # a spreadsheet drops leading zeros; fewer digits are a mistake
CREDITOR_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./_-]{0,39}")
EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
# Control characters, and marks that turn the direction of the text after them.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
LONGEST_NAME = 200
LONGEST_EMAIL = 254  # RFC 5321


@dataclass(frozen=True, slots=True)
class KvkNumber:
    """Eight digits; `was_repaired` tells that the text held another form, which to say."""

    number: str
    was_repaired: bool = False


def kvk_number_from(text: str, field: str = "kvk_number") -> KvkNumber:
    """The KvK number in `text`: 8 digits, leading zeros that a spreadsheet took put back.

    Accepts `02076358`, `2076358`, `2076358.0` and `02 076 358`. Raises InputInvalid.
    """
    given = text.strip()
    digits = re.sub(r"[.,]0+$", "", given)
    digits = re.sub(r"[\s.\u00a0-]", "", digits)
    if not given:
        raise InputInvalid(field=field, reason="required")
    if not (digits.isascii() and digits.isdigit()):
        raise InputInvalid(field=field, reason="not-digits", given=given)
    if not FEWEST_KVK_DIGITS <= len(digits) <= KVK_DIGITS:
        raise InputInvalid(field=field, reason="not-8-digits", given=given)
    number = digits.zfill(KVK_DIGITS)
    if not number.strip("0"):
        raise InputInvalid(field=field, reason="not-8-digits", given=given)
    return KvkNumber(number, was_repaired=number != given)


def typed_kvk_number(text: str, field: str = "kvk_number") -> str:
    """As a person typed it: no spreadsheet took a zero from it, so fewer digits are a mistake."""
    found = kvk_number_from(text, field)
    if len(re.sub(r"\D", "", text)) < KVK_DIGITS:
        raise InputInvalid(field=field, reason="not-8-digits", given=text.strip())
    return found.number


def creditor_number_from(text: str, field: str = "creditor_number") -> str:
    """A number by which a division's books know a supplier, in capitals. Raises InputInvalid."""
    number = text.strip().upper()
    if not number:
        raise InputInvalid(field=field, reason="required")
    if not CREDITOR_NUMBER.fullmatch(number):
        raise InputInvalid(field=field, reason="not-a-creditor-number", given=text.strip())
    return number


def name_from(text: str, field: str = "name") -> str:
    """A name on one line, with single spaces and nothing that cannot be seen.

    Names stand in the headers of mails. Raises InputInvalid where it is empty or too long.
    """
    name = " ".join(UNSEEN.sub(" ", text).split())
    if not name:
        raise InputInvalid(field=field, reason="required")
    if len(name) > LONGEST_NAME:
        raise InputInvalid(field=field, reason="too-long", longest=LONGEST_NAME)
    return name


def email_from(text: str, field: str = "email") -> str:
    """An address in lower case; whether it works only a mail can tell. Raises InputInvalid."""
    address = text.strip().lower()
    if not address:
        raise InputInvalid(field=field, reason="required")
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        raise InputInvalid(field=field, reason="not-an-email", given=text.strip())
    return address
