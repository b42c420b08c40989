"""The jobs of an installation, each as one call on the application."""

from collections.abc import Callable

from flask import Flask

from onboarding.jobs.deliver import Delivered, Delivery
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
