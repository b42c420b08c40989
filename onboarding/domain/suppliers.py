"""What a customer writes down about a supplier: values brought into one form, and changes."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from onboarding.domain.changes import Change
from onboarding.domain.divisions import DivisionLine, Lines, differences, in_order
from onboarding.domain.errors import DomainError, InputInvalid
from onboarding.domain.identifiers import creditor_number_from, kvk_number_from, name_from

# In the order of forms and lists; `creditor_numbers` and `divisions` stand in rows of their own.
FIELDS = (
    "name",
    "kvk_number",
    "country",
    "foreign_number",
    "city",
    "category",
    "division",
    "spend",
    "contract",
    "alternative",
    "has_no_alternative",
    "buyer_id",
    "creditor_numbers",
    "divisions",
)
LONGEST_LINE = 200
LONGEST_PROSE = 4000
LONGEST_NUMBER = 40
LARGEST_AMOUNT = Decimal("999999999999.99")
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
UNFOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ð": "d", "þ": "th"})


class SupplierKnown(DomainError):
    """The customer has a supplier with this number; facts: `relation`, `name`, and the number.

    That is `kvk_number`, or `foreign_number` in the register of `country`.
    """

    code = "supplier-known"


@dataclass(frozen=True, slots=True, order=True)
class CreditorNumber:
    """How a division's books know the supplier; an empty division is the customer as a whole."""

    division: str
    number: str

    def __str__(self) -> str:
        return f"{self.division}: {self.number}" if self.division else self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One value before and after, as text; None where there was or is nothing.

    `about` names the division, or division and year, that a value belongs to.
    """

    field: str
    about: str | None = None
    was: str | None
    becomes: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAdded(Change):
    """`origin` tells how: by hand, a list, a program."""

    code: ClassVar[str] = "supplier-added"
    name: str
    kvk_number: str | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierChanged(Change):
    code: ClassVar[str] = "supplier-changed"
    changed: tuple[FieldChange, ...]
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Values that can be stored, what cannot be used, and numbers that were repaired.

    `repaired` maps a field to what stood there.
    """

    values: dict[str, Any]
    mistakes: tuple[InputInvalid, ...]
    repaired: dict[str, str]


def clean(given: Mapping[str, Any]) -> Cleaned:
    """The fields that are given, in their stored form; the others stay as they are."""
    values: dict[str, Any] = {}
    mistakes: list[InputInvalid] = []
    repaired: dict[str, str] = {}
    for field in FIELDS:
        if field not in given:
            continue
        try:
            values[field] = CLEANERS[field](given[field])
        except InputInvalid as mistake:
            mistakes.append(mistake)
            continue
        if field == "kvk_number" and values[field] and str(given[field]).strip() != values[field]:
            repaired[field] = str(given[field]).strip()
    return Cleaned(values=values, mistakes=tuple(mistakes), repaired=repaired)


def folded(text: str) -> str:
    """The text to sort and search by: without accents, in lower case, with single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(UNFOLDED))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(plain.split())[:250]


def amount_from(given: Any) -> Decimal | None:
    """Euros from a number or from text as people write it: `€ 184.200`, `184200,50`, `1,204.00`.

    A single point or comma with three digits after it separates thousands.
    """
    if given is None or isinstance(given, bool):
        return None
    text = re.sub(r"[€\s\u00a0]|EUR", "", str(given)).removesuffix(",-").removesuffix(".-")
    if not text:
        return None
    if not isinstance(given, int | float | Decimal):
        text = _point_as_decimal(text)
    try:
        amount = Decimal(text)
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise InputInvalid(field="spend", reason="not-an-amount", given=str(given)) from None
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise InputInvalid(field="spend", reason="not-an-amount", given=str(given))
    return amount.quantize(Decimal("0.01"))


def _point_as_decimal(text: str) -> str:
    if "," in text and "." in text:
        decimal = "," if text.rindex(",") > text.rindex(".") else "."
    else:
        sign = "," if "," in text else "."
        after = text.split(sign)[1:]
        is_thousands = all(len(part) == 3 for part in after)
        decimal = "" if is_thousands or len(after) > 1 else sign
    kept = (sign for sign in text if sign not in ",." or sign == decimal)
    return "".join(kept).replace(",", ".")


def changes(before: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """What differs, in the order of the fields."""
    return tuple(_changes(before, values))


def _changes(before: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field in FIELDS:
        if field == "divisions" and field in values:
            for name, about, was, becomes in differences(before.get(field, ()), values[field]):
                yield FieldChange(
                    field=name, about=about or None, was=as_text(was), becomes=as_text(becomes)
                )
        elif field in values and values[field] != before.get(field):
            was, becomes = as_text(before.get(field)), as_text(values[field])
            yield FieldChange(field=field, was=was, becomes=becomes)


def as_text(value: Any) -> str | None:
    """A value of a supplier as the history tells it; a person by id."""
    if value is None or value is False or value == "" or value == ():
        return None
    if value is True:
        return "yes"
    if isinstance(value, tuple):
        return " | ".join(str(one) for one in value)
    return str(value)


def _line(field: str) -> Callable[[Any], str | None]:
    def clean_line(given: Any) -> str | None:
        text = " ".join(str(given or "").split())
        if len(text) > LONGEST_LINE:
            raise InputInvalid(field=field, reason="too-long", longest=LONGEST_LINE)
        return text or None

    return clean_line


def _prose(given: Any) -> str | None:
    text = str(given or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_PROSE:
        raise InputInvalid(field="alternative", reason="too-long", longest=LONGEST_PROSE)
    return text or None


def _kvk_number(given: Any) -> str | None:
    text = re.sub(r"(?i)^\s*(kvk|nl)[\s:.-]*", "", str(given or ""))
    return kvk_number_from(text).number if text.strip() else None


def _country(given: Any) -> str:
    code = str(given or "NL").strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise InputInvalid(field="country", reason="not-a-country", given=str(given))
    return code


def _foreign_number(given: Any) -> str | None:
    """As its register writes it, in capitals: `HRB 12345`, `0403.170.701`."""
    text = " ".join(str(given or "").split()).upper()
    if len(text) > LONGEST_NUMBER:
        raise InputInvalid(field="foreign_number", reason="too-long", longest=LONGEST_NUMBER)
    if text and not re.search("[0-9]", text):
        raise InputInvalid(field="foreign_number", reason="not-a-number", given=text)
    return text or None


def _creditor_numbers(given: Any) -> tuple[CreditorNumber, ...]:
    numbers = {
        CreditorNumber(
            " ".join(one.division.split())[:LONGEST_LINE],
            creditor_number_from(one.number, "creditor_numbers"),
        )
        for one in given or ()
    }
    return tuple(sorted(numbers))


def _divisions(given: Any) -> Lines:
    lines: dict[tuple[str, str], DivisionLine] = {}
    for one in given or ():
        line = clean_line(one)
        if line.key in lines:
            raise InputInvalid(field="divisions", reason="division-known", given=str(line))
        lines[line.key] = line
    return in_order(lines.values())


def clean_line(line: DivisionLine) -> DivisionLine:
    """A line in its stored form. Raises InputInvalid for the field that cannot be used."""
    years = [one.year for one in line.spend]
    if len(set(years)) < len(years):
        raise InputInvalid(field="spend", reason="year-twice")
    for year in years:
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise InputInvalid(
                field="spend", reason="out-of-range", least=EARLIEST_YEAR, most=LATEST_YEAR
            )
    return replace(
        line,
        division=_line("division")(line.division) or "",
        site=_line("site")(line.site) or "",
        contract=_line("contract")(line.contract),
        spend=tuple(sorted(line.spend, reverse=True)),
    )


def _buyer_id(given: Any) -> int | None:
    return int(given) if given else None


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": lambda given: name_from(str(given or "")),
    "kvk_number": _kvk_number,
    "country": _country,
    "foreign_number": _foreign_number,
    "city": _line("city"),
    "category": _line("category"),
    "division": _line("division"),
    "spend": amount_from,
    "contract": _line("contract"),
    "alternative": _prose,
    "has_no_alternative": bool,
    "buyer_id": _buyer_id,
    "creditor_numbers": _creditor_numbers,
    "divisions": _divisions,
}


def creditor_numbers_from(text: str) -> tuple[CreditorNumber, ...]:
    """Numbers as a cell or a form holds them: `FS10023 | Catering: FS20011`, or one per line."""
    found = []
    for part in re.split(r"[|;\n]", text):
        division, colon, number = part.rpartition(":")
        if part.strip():
            found.append(CreditorNumber(division.strip() if colon else "", number.strip()))
    return tuple(found)
