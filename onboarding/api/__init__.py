"""The REST interface for other people's programs."""

from flask import Blueprint, Flask

from onboarding.api import (
    docs,
    eligibility,
    events,
    health,
    last_use,
    openapi,
    rate_limits,
    suppliers,
    told_grants,
)

PREFIX = "/api/"
# They take bearer tokens only: whoever registers them exempts them from what is for forms.
BLUEPRINTS: tuple[Blueprint, ...] = (
    openapi.blueprint,
    eligibility.blueprint,
    events.blueprint,
    suppliers.blueprint,
)


def init_app(app: Flask) -> None:
    last_use.init_app(app)
    told_grants.init_app(app)
    rate_limits.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(health.blueprint)
