"""Getting in and out, one's own account, and the users of the customer's side."""

from flask import Flask
from flask_babel import lazy_gettext as _

from onboarding.web import language
from onboarding.web.accounts import agenda, log_in, mail, mailed_links, profile, users
from onboarding.web.layout import MenuItem, add_menu_item


def init_app(app: Flask) -> None:
    for part in (agenda, log_in, mail, mailed_links, profile, users):
        app.register_blueprint(part.blueprint)
    language.remember_with(app, profile.remember_locale)
    add_menu_item(app, MenuItem("buyer", 90, "users.index", _("Users"), roles=frozenset({"admin"})))
