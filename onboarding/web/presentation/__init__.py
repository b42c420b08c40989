"""What templates show: badges, days, money, drawings and the errors of a form."""

from flask import Flask

from onboarding.web.presentation import badges, bands, charts, dates, drawings, fields, money


def init_app(app: Flask) -> None:
    """Make the filters and functions known to every template."""
    app.jinja_env.filters |= dates.FILTERS | money.FILTERS | badges.FILTERS
    app.jinja_env.globals |= badges.GLOBALS | bands.GLOBALS | charts.GLOBALS
    app.jinja_env.globals |= drawings.GLOBALS | fields.GLOBALS
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
