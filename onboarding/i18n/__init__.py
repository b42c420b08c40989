"""Codes, facts and English sentences become the reader's language; the locale is an argument."""

from onboarding.i18n.catalog import (
    LOCALES,
    SOURCE_LOCALE,
    TRANSLATIONS,
    Catalog,
    catalog,
    known_locale,
    mark,
    translate,
    translate_plural,
)
from onboarding.i18n.days import day_in_words, distance_in_words, due_in_words, short_day
from onboarding.i18n.errors import error_text
from onboarding.i18n.events import event_text
from onboarding.i18n.reasons import reason_text
from onboarding.i18n.steps import evidence_word, step_need
from onboarding.i18n.templates import length_in_words, template_summary, template_title
from onboarding.i18n.titles import level_word, step_title
from onboarding.i18n.words import (
    removal_reason,
    status_sentence,
    status_word,
    step_code,
    step_word,
    word,
)

__all__ = [
    "LOCALES",
    "SOURCE_LOCALE",
    "TRANSLATIONS",
    "Catalog",
    "catalog",
    "day_in_words",
    "distance_in_words",
    "due_in_words",
    "error_text",
    "event_text",
    "evidence_word",
    "known_locale",
    "length_in_words",
    "level_word",
    "mark",
    "reason_text",
    "removal_reason",
    "short_day",
    "status_sentence",
    "status_word",
    "step_code",
    "step_need",
    "step_title",
    "step_word",
    "template_summary",
    "template_title",
    "translate",
    "translate_plural",
    "word",
]
