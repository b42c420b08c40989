"""Countries: two letters in the database, a name on the page."""

from functools import cache

from babel import Locale

from onboarding.i18n.catalog import LOCALES

NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@cache
def _names(locale: str) -> dict[str, str]:
    territories = Locale(locale).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }


@cache
def _codes() -> dict[str, str]:
    """Each name in each language, in lower case, with its code."""
    codes = {name.casefold(): code for locale in LOCALES for code, name in _names(locale).items()}
    return codes | {"holland": "NL", "the netherlands": "NL", "uk": "GB", "usa": "US"}


def country_code(text: str) -> str | None:
    """`NL` for `nl`, `Nederland` or `The Netherlands`; None for what is no country."""
    text = text.strip()
    if text.upper() in _names("en"):
        return text.upper()
    return _codes().get(text.casefold())


def country_name(code: str, locale: str) -> str:
    """`Nederland`; an unknown code stands for itself."""
    return _names(locale).get(code, code)


def country_choices(locale: str) -> list[tuple[str, str]]:
    """Codes and names for a list, by name."""
    return sorted(_names(locale).items(), key=lambda pair: pair[1])
