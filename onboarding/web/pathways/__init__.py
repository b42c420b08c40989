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
    notes,
    notices,
    overview,
    pausing,
    redaction,
    reported_data,
    reviewing,
    snoozing,
)
from onboarding.web.uploads import allow_uploads

PARTS = (
    overview,
    beginning,
    composing,
    answering,
    reviewing,
    notices,
    conversations,
    notes,
    redaction,
    reported_data,
    next_years,
    amending,
    changing,
    pausing,
    snoozing,
)


UPLOADS = frozenset({"notes.write", "conversations.question_post"})


def init_app(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    allow_uploads(app, UPLOADS)
    app.jinja_env.globals |= addresses.GLOBALS
    app.jinja_env.globals["snooze_about"] = snoozing.snooze_about
    app.jinja_env.filters |= addresses.FILTERS
