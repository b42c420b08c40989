"""Amounts and counts as a page shows them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal

from onboarding.i18n import translate_plural
from onboarding.web.language import current_locale


def money(amount: Decimal | int | None) -> str:
    """Whole euros: `€ 184.200`; an unknown amount is a dash."""
    if amount is None:
        return "—"
    text = format_currency(amount, "EUR", "¤\u00a0#,##0", current_locale(), currency_digits=False)
    return str(text)


def plain_amount(amount: Decimal | None) -> str:
    """`184200` or `184200,50`: as somebody would type it in a form."""
    if amount is None:
        return ""
    text = f"{amount:.2f}".removesuffix(".00")
    return text.replace(".", ",") if current_locale() == "nl" else text


def number(amount: Decimal | int) -> str:
    """`1.204` in Dutch, `1,204` in English."""
    return str(format_decimal(amount, locale=current_locale()))


def count(num: int, singular: str, plural: str) -> str:
    """The form for `num`; the two msgids hold `%(num)s` and are marked where they stand."""
    return translate_plural(singular, plural, num, current_locale())


FILTERS: dict[str, Callable[..., Any]] = {"money": money, "number": number, "count": count}
