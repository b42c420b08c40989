"""Demo mode: what an application gets on top when `flask demo` makes it."""

from pathlib import Path

from flask import Flask

from onboarding.demo import bar, mail_pages
from onboarding.demo.caught_mail import CaughtMail
from onboarding.demo.date import demo_clock
from onboarding.demo.folder import DemoFolder

# Only `flask demo` hands this over; no variable of the environment becomes it.
SETTING = "DEMO_FOLDER"


def init_app(app: Flask) -> None:
    """The demo's date, its caught mail and its bar; nothing where the setting is absent."""
    if SETTING not in app.config:
        return
    folder = DemoFolder(Path(app.config[SETTING]))
    app.extensions["demo_folder"] = folder
    app.extensions["caught_mail"] = CaughtMail(folder.mails)
    app.extensions["clock"] = demo_clock(app)
    app.register_blueprint(mail_pages.blueprint)
    bar.init_app(app)
