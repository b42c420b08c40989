"""Codes and English sentences become the reader's language; the locale is an argument.

The English text in the code is the message id; `translations/<locale>/*.po` hold the others, one
file per feature. They are read as they stand, so there is nothing to compile or to forget.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from babel.support import NullTranslations

LOCALES = ("nl", "en")
SOURCE_LOCALE = "en"
TRANSLATIONS = Path(__file__).parent.parent / "translations"


def mark(message: str) -> str:
    """`message` as it stands: marks a sentence in a table for translation when it is shown."""
    return message


class Catalog(NullTranslations):
    """Every translation of one locale; a message without one reads as its English text."""

    def __init__(self, messages: Mapping[str, str | tuple[str, ...]], locale: str) -> None:
        super().__init__()
        self.messages = dict(messages)
        self.locale = locale

    def gettext(self, message: str) -> str:
        match self.messages.get(message, message):
            case str() as text:
                return text
            case forms:
                return forms[0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self.messages.get(msgid1)
        if not isinstance(forms, tuple):
            forms = (msgid1, msgid2)
        return forms[0 if n == 1 else 1]

    ugettext = gettext
    ungettext = ngettext


@cache
def catalog(locale: str) -> Catalog:
    """The translations of `locale`; an unknown locale reads as the source language."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((TRANSLATIONS / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id or message.fuzzy or not message.string:
                    continue
                if isinstance(message.id, str):
                    messages[message.id] = str(message.string)
                elif all(message.string):
                    messages[message.id[0]] = tuple(message.string)
    return Catalog(messages, locale)


def translate(message: str, locale: str, /, **facts: Any) -> str:
    """`message` in `locale`, with `%(name)s` filled from `facts`."""
    text = catalog(locale).gettext(message)
    return text % facts if facts else text


def translate_plural(singular: str, plural: str, num: int, locale: str, /, **facts: Any) -> str:
    """The form for `num` in `locale`, with `%(num)s` and the facts filled in."""
    return catalog(locale).ngettext(singular, plural, num) % {"num": num, **facts}


def known_locale(wanted: str | None, default: str) -> str:
    """`wanted` where the tool speaks it, else `default`."""
    return wanted if wanted in LOCALES else default
