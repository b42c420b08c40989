"""Facts of a code become words inside a sentence: days, levels and step titles."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from onboarding.i18n.catalog import translate
from onboarding.i18n.days import day_in_words
from onboarding.i18n.templates import template_title
from onboarding.i18n.titles import LEVELS, level_word, step_title

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def fact_in_words(name: str, value: Any, locale: str) -> str:
    """One fact as a reader understands it: ISO days in words, codes as words, else as it is."""
    if isinstance(value, date):
        return day_in_words(value, locale)
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return day_in_words(date.fromisoformat(value), locale)
        except ValueError:  # somebody's input: 30 February
            return value
    if isinstance(value, str) and value in LEVELS:
        return level_word(value, locale)
    if isinstance(value, str) and name == "milestone":
        return step_title(value, locale)
    if isinstance(value, str) and name == "template_title":
        return template_title(value, locale)
    if isinstance(value, list | tuple):
        return ", ".join(fact_in_words(name, item, locale) for item in value)
    return str(value)


def _level_with_mark(facts: Mapping[str, Any], locale: str) -> str:
    """The level of a certificate, with the 30+ mark when it has that too."""
    return level_word(facts["level"], locale, thirty_plus=bool(facts.get("thirty_plus")))


def facts_in_words(sentences: tuple[str, ...], facts: Mapping[str, Any], locale: str) -> str:
    """The first of `sentences` whose facts are all known, in `locale`.

    Sentences stand from the most to the least telling; the last one needs the fewest facts.
    """
    known = {name for name, value in facts.items() if value is not None and value != ""}
    chosen = next((s for s in sentences if set(PLACEHOLDER.findall(s)) <= known), sentences[-1])
    words = {name: "…" for name in PLACEHOLDER.findall(chosen)}
    words |= {name: fact_in_words(name, facts[name], locale) for name in known}
    if facts.get("level") in LEVELS:
        words["level"] = _level_with_mark(facts, locale)
    return (
        translate(chosen, locale, **words)
        if PLACEHOLDER.search(chosen)
        else translate(chosen, locale)
    )
