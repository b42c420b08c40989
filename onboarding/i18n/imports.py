"""Why a row of a list cannot be taken, and what the columns are called."""

from collections.abc import Mapping
from typing import Any

from onboarding.i18n.catalog import mark, translate
from onboarding.i18n.errors import error_text
from onboarding.i18n.facts import facts_in_words

REASONS: dict[str, tuple[str, ...]] = {
    "required": (mark("The name is missing. Fill it in."),),
    "twice": (
        mark(
            "Row %(row)s is about this supplier too. Keep one of the two, or name another division "
            "in each."
        ),
        mark("Another row is about this supplier too. Keep one of the two."),
    ),
    "differs": (
        mark("Row %(row)s says something else about this supplier. Make both the same."),
        mark("Another row says something else about this supplier. Make both the same."),
    ),
    "too-many-cells": (
        mark(
            "This row has more cells than there are columns. Put text with a separator in it "
            "between quotation marks."
        ),
    ),
    "another-supplier": (
        mark("The KvK number belongs to %(name)s, the other number to another supplier."),
        mark("The KvK number belongs to another supplier than the other number."),
    ),
    "number-known": (
        mark("This number belongs to %(name)s already."),
        mark("This number belongs to another supplier already."),
    ),
    "unknown-id": (
        mark("There is no supplier with number %(given)s. Leave it empty for a new supplier."),
        mark("There is no supplier with this number. Leave it empty for a new supplier."),
    ),
    "several-suppliers": (
        mark("Several suppliers answer to this. Add the KvK number, or the number of our export."),
    ),
    "empty-cell": (mark("This cell is empty. Fill it in."),),
    "no-supplier": (mark("None of your suppliers has this KvK number."),),
    "ended-already": (mark("This certificate has ended. There is nothing to check."),),
    "not-a-level": (
        mark("This is no level. Write Aspirant, Basistrede, Trede 1, Trede 2 or Trede 3."),
    ),
    "not-yes-or-no": (mark("Write yes or no, or leave it empty."),),
    "not-a-day": (mark("This is no day. Write it as 31-03-2027."),),
}

FIELDS = {
    "name": mark("Supplier"),
    "kvk_number": mark("KvK number"),
    "id": mark("Own number"),
    "creditor_numbers": mark("Creditor numbers"),
    "country": mark("Country"),
    "foreign_number": mark("Foreign registration number"),
    "city": mark("City"),
    "category": mark("Category"),
    "division": mark("Division"),
    "divisions": mark("Divisions"),
    "site": mark("Site"),
    "division_buyer": mark("Buyer of the division"),
    "contract_ends_on": mark("Contract until"),
    "has_no_alternative": mark("No alternative"),
    "spend": mark("Spend per year"),
    "contract": mark("Contract"),
    "alternative": mark("Alternative"),
    "buyer": mark("Buyer"),
    "buyer_id": mark("Buyer"),
    # Of certificates
    "kvk_numbers": mark("More KvK numbers that it covers"),
    "level": mark("Level"),
    "thirty_plus": mark("With the mark 30+"),
    "starts_on": mark("Valid from"),
    "ends_on": mark("Valid up to and including"),
    "body": mark("Certifying body"),
    "register_url": mark("Address in the public register"),
}

# Fields with a column for each division or year: the import knows these headers by themselves.
OF_ONE = {
    "creditor_numbers": mark("Creditor number %(of)s"),
    "spend": mark("Spend %(of)s"),
}


def row_mistake_text(reason: str, facts: Mapping[str, Any], locale: str) -> str:
    """The reason and the way out."""
    if reason in REASONS:
        return facts_in_words(REASONS[reason], facts, locale)
    return error_text("input-invalid", {"reason": reason, **facts}, locale)


def field_word(field: str, locale: str) -> str:
    """What a field of a supplier is called on a page, with its division or year if it has one."""
    name, _, rest = field.partition(":")
    if name in OF_ONE:
        return translate(OF_ONE[name], locale, of=rest) if rest else translate(FIELDS[name], locale)
    return translate(FIELDS[field], locale)


def column_word(column: str, locale: str) -> str:
    """The header as it stands in the list; a field without one by its own word."""
    is_known = column in FIELDS or column.partition(":")[0] in OF_ONE
    return field_word(column, locale) if is_known else column
