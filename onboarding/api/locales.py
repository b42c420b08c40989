"""In which language a program reads the words beside the codes."""

from functools import lru_cache

from flask import current_app, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from onboarding.i18n import LOCALES

# On what an answer depends, besides its address.
VARIES = ("Accept", "Accept-Language", "Authorization")


def reader_locale() -> str:
    """The first of Accept-Language that the tool speaks, else the installation's default."""
    asked = _first_spoken(request.environ.get("HTTP_ACCEPT_LANGUAGE"))
    return asked or str(current_app.config["DEFAULT_LOCALE"])


@lru_cache(256)
def _first_spoken(accept: str | None) -> str | None:
    for tag, quality in parse_accept_header(accept, LanguageAccept):  # the most wanted first
        language = tag.partition("-")[0].lower()
        if quality > 0 and language in LOCALES:
            return language
    return None
