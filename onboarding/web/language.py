"""Which language a page speaks: the reader's own choice, else what the browser asks for."""

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, Domain
from flask_babel import get_locale as babel_locale

from onboarding.i18n import LOCALES, Catalog, catalog, known_locale

# The msgids are English: `_("…")` in templates, `gettext`, `ngettext`, `lazy_gettext` in Python.


class PageDomain(Domain):
    """Takes translations from the one catalog that mails and codes use too."""

    def get_translations(self) -> Catalog:
        return catalog(current_locale())


def current_locale() -> str:
    """`nl` or `en`: chosen by this visitor, or preferred by the browser, or the default."""
    return str(babel_locale() or current_app.config["DEFAULT_LOCALE"])


def _select_locale() -> str:
    default = str(current_app.config["DEFAULT_LOCALE"])
    if not has_request_context():
        return default
    if chosen := session.get("locale"):
        return known_locale(chosen, default)
    return request.accept_languages.best_match([default, *LOCALES], default)


def init_app(app: Flask) -> None:
    babel = Babel(app, locale_selector=_select_locale)
    babel.domain_instance = PageDomain()
    app.jinja_env.globals["current_locale"] = current_locale
