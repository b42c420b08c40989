"""The buyer's pages about what proves or decides: certificates, recognitions and decisions."""

from flask import Flask

from onboarding.web.proofs import certificates, decisions, files, looks, recognitions, renewals
from onboarding.web.uploads import allow_uploads


def init_app(app: Flask) -> None:
    for part in (certificates, renewals, recognitions, decisions, files):
        app.register_blueprint(part.blueprint)
    allow_uploads(app, {"decisions.decide_post", "decisions.add_files"})
    app.jinja_env.globals |= looks.GLOBALS
