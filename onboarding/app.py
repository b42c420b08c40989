"""The application: settings in, Flask out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_migrate import Migrate

from onboarding import api
from onboarding.api import problems
from onboarding.clock import Clock
from onboarding.demo import mode as demo
from onboarding.store import readers, tables
from onboarding.store.database import db
from onboarding.web import (
    about,
    access,
    accounts,
    agenda_feed,
    assets,
    behalf,
    colleagues,
    dead_letters,
    errors,
    evidence,
    forgery,
    headers,
    intake,
    language,
    layout,
    papers,
    pathways,
    policies,
    portal,
    presentation,
    proofs,
    reports,
    suppliers,
    templates,
    tokens,
    visits,
    webhooks,
    work_list,
    workdays,
)
from onboarding.web.routing import LateRule

ROOT = Path(__file__).parent.parent


class Application(Flask):
    """Flask without asynchronous views: it need not ask of each function, at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Mapping[str, Any]) -> Flask:
    """The application for `settings`, as `Config.flask_settings` gives them."""
    app = Application(
        "onboarding",
        root_path=str(ROOT / "onboarding"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(ROOT / "instance"),
    )
    app.url_rule_class = LateRule
    app.config.from_mapping(settings)
    app.extensions["clock"] = Clock(ZoneInfo(app.config["TIMEZONE"]))
    db.init_app(app)
    readers.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    for part in (
        intake,
        visits,
        language,
        forgery,
        headers,
        assets,
        layout,
        presentation,
        errors,
        access,
        accounts,
        agenda_feed,
        evidence,
        portal,
        about,
        suppliers,
        workdays,
        pathways,
        behalf,
        proofs,
        templates,
        policies,
        work_list,
        reports,
        papers,
        colleagues,
        tokens,
        webhooks,
        dead_letters,
    ):
        part.init_app(app)
    _serve_programs(app)
    demo.init_app(app)
    return app


def _serve_programs(app: Flask) -> None:
    """The API: no forms, so nothing to forge, and errors as programs read them."""
    api.init_app(app)
    errors.write_errors_with(app, api.PREFIX, problems.write)
    for blueprint in api.BLUEPRINTS:
        forgery.csrf.exempt(blueprint)


__all__ = ["create_app", "tables"]
