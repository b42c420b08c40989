"""What the templates about suppliers call things."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from onboarding.i18n.countries import country_name
from onboarding.i18n.days import day_in_words, short_day
from onboarding.i18n.imports import column_word, field_word, row_mistake_text
from onboarding.i18n.turns import turn_text, waits_for
from onboarding.services.pathway.turns import Turn
from onboarding.web.language import current_locale
from onboarding.web.presentation.badges import sentence_case
from onboarding.web.presentation.dates import short
from onboarding.web.presentation.money import money


def supplier_url(relation_id: int) -> str:
    """Where a supplier's page is."""
    return url_for("supplier_pages.show", relation_id=relation_id)


def turn_words(turn: Turn) -> str:
    """Whose turn it is and since when, as the customer's people read it."""
    return waits_words(turn.side, turn.since) if turn.side else "—"


def waits_words(side: str, since: date | None) -> str:
    locale = current_locale()
    return waits_for(side, short_day(since, locale) if since else "", locale)


def portal_turn(side: str, since: date) -> str:
    """The same as the supplier reads it, as a sentence."""
    locale = current_locale()
    words = waits_for(side, day_in_words(since, locale), locale, is_for_supplier=True)
    return f"{sentence_case(words)}."


def field_value(field: str, value: str | None) -> str:
    """A value of a supplier as the history and a preview show it."""
    if field == "has_no_alternative":
        return str(_("yes")) if value else str(_("no"))
    if not value:
        return str(_("empty"))
    match field:
        case "spend":
            return money(Decimal(value))
        case "contract_ends_on":
            return short(date.fromisoformat(value))
        case _:
            return value


def _turn_text(turn: Turn) -> str:
    return turn_text(turn.step, turn.title, current_locale())


GLOBALS: dict[str, Callable[..., Any]] = {
    "supplier_url": supplier_url,
    "turn_words": turn_words,
    "waits_words": waits_words,
    "portal_turn": portal_turn,
    "field_value": field_value,
    "turn_text": _turn_text,
    "row_mistake_text": lambda reason, facts: row_mistake_text(reason, facts, current_locale()),
}
FILTERS: dict[str, Callable[..., Any]] = {
    "country_name": lambda code: country_name(code, current_locale()),
    "field_word": lambda name: field_word(name, current_locale()),
    "column_word": lambda name: column_word(name, current_locale()),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= GLOBALS
    app.jinja_env.filters |= FILTERS
