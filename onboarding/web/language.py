"""Which language a page speaks: the reader's own choice, else what the browser asks for."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    request,
    session,
)
from flask_babel import Babel, Domain, refresh
from flask_babel import get_locale as babel_locale
from werkzeug.wrappers import Response

from onboarding.i18n import LOCALES, Catalog, catalog, known_locale

# The msgids are English: `_("…")` in templates, `gettext`, `ngettext`, `lazy_gettext` in Python.

# Called with the locale that a visitor chose; accounts keep it on the person who is logged in.
RememberLocale = Callable[[str], None]

blueprint = Blueprint("language", __name__)


class PageDomain(Domain):
    """Takes translations from the one catalog that mails and codes use too."""

    def get_translations(self) -> Catalog:
        return catalog(current_locale())


def current_locale() -> str:
    """`nl` or `en`: chosen by this visitor, or preferred by the browser, or the default."""
    return str(babel_locale() or current_app.config["DEFAULT_LOCALE"])


def use_locale(locale: str) -> None:
    """Speak `locale` to this visitor from now on; a log-in calls it with the person's own."""
    session["locale"] = known_locale(locale, str(current_app.config["DEFAULT_LOCALE"]))


def speak(locale: str) -> None:
    """Speak `locale` on this page to a reader who chose nothing: the language of the mail."""
    g.reader_locale = known_locale(locale, str(current_app.config["DEFAULT_LOCALE"]))
    refresh()


def remember_with(app: Flask, remember: RememberLocale) -> None:
    """Have `remember` called when a visitor chooses, to keep the choice with the person."""
    app.extensions["remember_locale"] = remember


def own_path(address: str | None) -> str:
    """The part of `address` within this site, so that nobody can send a reader elsewhere."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # such as "//["
        return "/"
    is_ours = not parts.netloc or parts.netloc == request.host
    path = parts.path if is_ours and parts.path.startswith("/") else "/"
    path = "/" + path.lstrip("/\\")
    return f"{path}?{parts.query}" if is_ours and parts.query else path


@blueprint.post("/language")
def choose() -> Response:
    """Take the choice and show the same page again."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        abort(400)
    use_locale(locale)
    if remember := current_app.extensions.get("remember_locale"):
        remember(locale)
    return redirect(own_path(request.form.get("next")), 303)


def _select_locale() -> str:
    default = str(current_app.config["DEFAULT_LOCALE"])
    if not has_request_context():
        return default
    if chosen := session.get("locale"):
        return known_locale(chosen, default)
    if of_reader := g.get("reader_locale"):
        return str(of_reader)
    return request.accept_languages.best_match([default, *LOCALES], default)


def init_app(app: Flask) -> None:
    babel = Babel(app, locale_selector=_select_locale)
    babel.domain_instance = PageDomain()
    app.jinja_env.globals["current_locale"] = current_locale
    app.register_blueprint(blueprint)
