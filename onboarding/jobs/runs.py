"""The jobs of an installation, each as one call on the application."""

from collections import Counter
from collections.abc import Callable

from flask import Flask

from onboarding.clock import Moment
from onboarding.jobs.deliver import Delivered, Delivery
from onboarding.jobs.sweeping import sweep_all
from onboarding.mail.transport import Transport
from onboarding.services.letters import Sender
from onboarding.store.database import db


def deliver(app: Flask, *, stop: Callable[[], bool] = lambda: False) -> Delivered:
    """Send what is due, over one connection."""
    config = app.config
    clock = app.extensions["clock"]
    sender = Sender(
        address=config["MAIL_DEFAULT_SENDER"],
        public_url=config["PUBLIC_URL"],
        secret_key=config["SECRET_KEY"],
        zone=clock.zone,
    )
    with app.app_context(), Transport(config) as transport:
        try:
            return Delivery(clock, sender, transport, stop=stop).run()
        finally:
            db.session.remove()


def sweep(app: Flask, moment: Moment | None = None) -> Counter[str]:
    """Owe what the day brings, as if at `moment`; returns how many were new, by name."""
    clock = app.extensions["clock"]
    with app.app_context():
        try:
            return sweep_all(moment or clock.moment(), clock.zone)
        finally:
            db.session.remove()
