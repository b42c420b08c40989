"""The buyer's pages about what proves or decides: certificates, recognitions and decisions."""

from flask import Flask

from onboarding.web.proofs import (
    certificate_imports,
    certificates,
    checking,
    decisions,
    files,
    grants,
    looks,
    recognitions,
    renewals,
)
from onboarding.web.uploads import allow_uploads

PARTS = (
    certificates,
    certificate_imports,
    checking,
    renewals,
    recognitions,
    decisions,
    grants,
    files,
)


def init_app(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    allow_uploads(app, {"decisions.decide_post", "decisions.add_files"})
    app.jinja_env.globals |= looks.GLOBALS
