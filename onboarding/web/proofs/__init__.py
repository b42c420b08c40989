"""The buyer's pages about what proves or decides: certificates, recognitions and decisions."""

from flask import Flask

from onboarding.web.proofs import certificates, decisions, looks, recognitions, renewals


def init_app(app: Flask) -> None:
    for part in (certificates, renewals, recognitions, decisions):
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals |= looks.GLOBALS
