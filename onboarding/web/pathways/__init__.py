"""The buyer's pages about pathways: composing, answering, reviewing, notices and conversations."""

from flask import Flask

from onboarding.web.pathways import (
    addresses,
    answering,
    beginning,
    composing,
    conversations,
    notices,
    overview,
    reviewing,
)


def init_app(app: Flask) -> None:
    for part in (overview, beginning, composing, answering, reviewing, notices, conversations):
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals |= addresses.GLOBALS
    app.jinja_env.filters |= addresses.FILTERS
