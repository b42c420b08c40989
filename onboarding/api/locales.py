"""In which language a program reads the words beside the codes."""

from flask import current_app, request

from onboarding.i18n import LOCALES

# On what an answer depends, besides its address.
VARIES = ("Accept", "Accept-Language", "Authorization")


def reader_locale() -> str:
    """The best of Accept-Language that the tool speaks, else the installation's default."""
    default = str(current_app.config["DEFAULT_LOCALE"])
    return request.accept_languages.best_match([default, *LOCALES], default)
