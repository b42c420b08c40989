"""In which language a program reads the words beside the codes."""

from flask import current_app, request

from onboarding.i18n import LOCALES

# On what an answer depends, besides its address.
VARIES = ("Accept", "Accept-Language", "Authorization")


def reader_locale() -> str:
    """The first of Accept-Language that the tool speaks, else the installation's default."""
    for tag, quality in request.accept_languages:  # the most wanted first
        language = tag.partition("-")[0].lower()
        if quality > 0 and language in LOCALES:
            return language
    return str(current_app.config["DEFAULT_LOCALE"])
