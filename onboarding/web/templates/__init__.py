"""The pages about templates of pathways: what there is, one version, and editing."""

from flask import Flask
from flask_babel import lazy_gettext as _

from onboarding.web.layout import MenuItem, add_menu_item
from onboarding.web.templates import editing, pages, wording


def init_app(app: Flask) -> None:
    for part in (pages, editing):
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals |= wording.GLOBALS
    app.jinja_env.filters |= wording.FILTERS
    add_menu_item(app, MenuItem("buyer", 65, "templates.index", _("Templates")))
