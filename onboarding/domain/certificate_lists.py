"""Certificates as lists hold them: cells brought into one form, and compared with what is known.

The columns and words of the public register are not known, so what people write is understood
where it can mean only one thing, and refused where it cannot.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onboarding.domain.certificate_moves import (
    Claim,
    address_given,
    claim_given,
    line_given,
)
from onboarding.domain.certificates import CertificateState
from onboarding.domain.errors import InputInvalid
from onboarding.domain.identifiers import kvk_number_from
from onboarding.domain.policy import Level
from onboarding.domain.suppliers import FieldChange, folded

# In the order in which a page shows them; `name` only tells a reader whom a row is about.
FIELDS = (
    "name",
    "kvk_number",
    "kvk_numbers",
    "level",
    "thirty_plus",
    "starts_on",
    "ends_on",
    "body",
    "register_url",
)
NEEDED = ("kvk_number", "level", "starts_on", "ends_on")
OF_CLAIM = ("level", "thirty_plus", "starts_on", "ends_on", "kvk_numbers")
BESIDES = ("body", "register_url")
THIRTY_PLUS = re.compile(r"30\s*(?:\+|plus)")
STEP = re.compile(r"(?<!\d)([123])(?!\d)")
PREFIX = re.compile(r"(?i)^\s*(?:kvk|nl)[\s:.-]*")
APART = re.compile(r"[\s,;|/]+")
YES = frozenset({"ja", "j", "yes", "y", "x", "true", "waar", "1", "30+", "30 +", "pso 30+"})
NO = frozenset({"", "nee", "n", "no", "false", "onwaar", "0", "-", "geen"})
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
WRITTEN = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})")
FIRST_YEAR, LAST_YEAR = 1900, 2999  # nobody means a day outside of these
# The first three letters tell a month, in Dutch and in English.
MONTHS = {
    **{"jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6},
    **{"jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one row in their stored form; a field that is not there is left alone.

    `repaired` maps a field to what stood there before zeros were put back.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    mistakes: tuple[InputInvalid, ...] = ()
    repaired: Mapping[str, str] = field(default_factory=dict)

    def numbers(self) -> frozenset[str]:
        """The KvK numbers that it names."""
        return frozenset({self.values["kvk_number"], *self.values.get("kvk_numbers", ())})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCertificate:
    """A certificate that a relation has already, as far as a list is compared with it."""

    id: int
    state: CertificateState
    claim: Claim
    body: str | None = None
    register_url: str | None = None

    def value(self, name: str) -> Any:
        return getattr(self if name in BESIDES else self.claim, name)


def read_row(cells: Mapping[str, str]) -> Row:
    """The cells of the fields that the list has, with all that is wrong with them."""
    values: dict[str, Any] = {}
    mistakes: list[InputInvalid] = []
    repaired: dict[str, str] = {}
    for name in FIELDS:
        if name not in cells:
            continue
        try:
            values[name] = READERS[name](cells[name])
        except InputInvalid as mistake:
            mistakes.append(mistake)
            continue
        if name == "kvk_number" and cells[name].strip() != values[name]:
            repaired[name] = cells[name].strip()
    if THIRTY_PLUS.search(folded(cells.get("level", ""))):
        values["thirty_plus"] = True
    return Row(values=values, mistakes=tuple(mistakes), repaired=repaired)


def claim_of(row: Row, known: KnownCertificate | None = None) -> Claim:
    """What the row says; what it does not tell stays as it is known. Raises InputInvalid."""
    values, level = row.values, row.values["level"]
    has_mark = known is not None and known.claim.thirty_plus and level is Level.TREDE_3
    numbers = values.get("kvk_numbers", known.claim.kvk_numbers if known is not None else ())
    claim = Claim(
        level=level,
        thirty_plus=values.get("thirty_plus", has_mark),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        kvk_numbers=(values["kvk_number"], *numbers),
    )
    return claim_given(claim)


def differences(row: Row, known: KnownCertificate) -> tuple[FieldChange, ...]:
    """What the list tells otherwise than it is known; a checked address is not compared."""
    claim = claim_of(row, known)
    becomes = {name: getattr(claim, name) for name in OF_CLAIM}
    if known.state is CertificateState.REPORTED:
        becomes |= {name: row.values[name] for name in BESIDES if row.values.get(name)}
    return tuple(
        FieldChange(field=name, was=as_text(known.value(name)), becomes=as_text(value))
        for name, value in becomes.items()
        if value != known.value(name)
    )


def same_certificate(
    row: Row, known: Iterable[KnownCertificate]
) -> tuple[KnownCertificate | None, tuple[FieldChange, ...]]:
    """The certificate that the row is about and what differs; None for a new one.

    It is the one that begins on the same day: one that says the same whatever became of it, else
    one that waits to be checked, else one that was.
    """
    same_day = [one for one in known if one.claim.starts_on == row.values["starts_on"]]
    found = [(one, differences(row, one)) for one in same_day]
    for one, changed in found:
        if not changed:
            return one, ()
    for state in (CertificateState.REPORTED, CertificateState.VERIFIED):
        for one, changed in reversed(found):
            if one.state is state:
                return one, changed
    return None, ()


def as_text(value: Any) -> str | None:
    """A value as a preview shows it: codes, ISO days, numbers apart by commas."""
    match value:
        case None | "" | ():
            return None
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _kvk_number(text: str) -> str:
    return kvk_number_from(PREFIX.sub("", text)).number


def _kvk_numbers(text: str) -> tuple[str, ...]:
    """More numbers in one cell, apart by spaces, commas, semicolons or lines."""
    parts = [PREFIX.sub("", part) for part in APART.split(text)]
    return tuple(kvk_number_from(part, "kvk_numbers").number for part in parts if part)


def level_from(text: str) -> Level:
    """`Trede 2`, `2`, `PSO Trede 3 (30+)`, `Basistrede`, `Aspirant-status`; 30+ alone is step 3."""
    told = folded(text)
    rest = THIRTY_PLUS.sub("", told)
    if not told:
        raise InputInvalid(field="level", reason="required")
    if "aspirant" in rest:
        return Level.ASPIRANT
    if "basis" in rest or "basic" in rest:
        return Level.BASIS
    steps = set(STEP.findall(rest))
    if len(steps) == 1:
        return Level(f"trede-{steps.pop()}")
    if not steps and rest != told:
        return Level.TREDE_3
    raise InputInvalid(field="level", reason="not-a-level", given=text.strip())


def yes_or_no(text: str) -> bool:
    told = folded(text)
    if told in YES:
        return True
    if told in NO:
        return False
    raise InputInvalid(field="thirty_plus", reason="not-yes-or-no", given=text.strip())


def day_from(text: str, name: str) -> date:
    """`2027-03-31`, `31-03-2027`, `31/3/2027`, `31 maart 2027`: the day before the month."""
    told = folded(text)
    if not told:
        raise InputInvalid(field=name, reason="required")
    try:
        day = _day(text.strip(), told)
    except ValueError:  # 30 February
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputInvalid(field=name, reason="not-a-day", given=text.strip())
    return day


def _day(text: str, told: str) -> date | None:
    if match := ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := DUTCH.fullmatch(told):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if (match := WRITTEN.fullmatch(told)) and match[2][:3] in MONTHS:
        return date(int(match[3]), MONTHS[match[2][:3]], int(match[1]))
    return None


READERS: dict[str, Callable[[str], Any]] = {
    "name": lambda text: line_given(text, "name"),
    "kvk_number": _kvk_number,
    "kvk_numbers": _kvk_numbers,
    "level": level_from,
    "thirty_plus": yes_or_no,
    "starts_on": lambda text: day_from(text, "starts_on"),
    "ends_on": lambda text: day_from(text, "ends_on"),
    "body": lambda text: line_given(text, "body"),
    "register_url": lambda text: address_given(text) if text.strip() else None,
}
