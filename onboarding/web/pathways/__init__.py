"""The buyer's pages about pathways: composing, answering, reviewing, notices and conversations."""

from flask import Flask

from onboarding.web.pathways import (
    addresses,
    amending,
    answering,
    beginning,
    changing,
    composing,
    conversations,
    next_years,
    notices,
    overview,
    pausing,
    reviewing,
)

PARTS = (
    overview,
    beginning,
    composing,
    answering,
    reviewing,
    notices,
    conversations,
    next_years,
    amending,
    changing,
    pausing,
)


def init_app(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals |= addresses.GLOBALS
    app.jinja_env.filters |= addresses.FILTERS
