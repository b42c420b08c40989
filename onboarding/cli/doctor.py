"""`flask doctor`: what is wrong, a line each with the way out; needs no settings."""

import os
from collections.abc import Iterator
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext

from onboarding.clock import Clock
from onboarding.mail.inbox import InboxUnavailable, opened
from onboarding.mail.inbox_place import place_of
from onboarding.mail.transport import Outcome, Refused, Transport
from onboarding.services import doctor as services
from onboarding.services.doctor import Finding, Level
from onboarding.store.database import db

PATIENCE = 10.0  # seconds for each answer of the mail server
WIDTH = 13


@click.command()
@with_appcontext
def doctor() -> None:
    """Look whether everything works: settings, database, files, worker, mail."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    wrong = 0
    for finding in _look(app):
        click.echo(f"{finding.level:<6}{finding.about + ':':<{WIDTH}}{finding.told}")
        wrong += finding.level is Level.WRONG
    if wrong:
        click.echo(f"{wrong} wrong.")
        raise click.exceptions.Exit(1)
    click.echo("All is well.")


def _look(app: Flask) -> Iterator[Finding]:
    mistakes = _mistakes(app)
    if mistakes:
        yield from (Finding(Level.WRONG, "settings", mistake) for mistake in mistakes)
        told = "not looked at before the settings are right; the README lists them."
        yield Finding(Level.NOTE, "the rest", told)
        return
    yield Finding(Level.OK, "settings", "can work.")
    session, clock = db.session(), _clock(app)
    try:
        database = services.look_at_database(session, _newest(app))
        yield database
        yield services.look_at_evidence(str(app.config["EVIDENCE_URL"]))
        if database.level is Level.OK:
            yield from services.look_at_work(session, clock.moment(), clock.real_now())
    finally:
        db.session.remove()
    yield look_at_mail_server(app.config)
    if app.config.get("INBOX_URL"):
        yield look_at_inbox(str(app.config["INBOX_URL"]))


def _mistakes(app: Flask) -> list[str]:
    """What is wrong in the environment; an application with settings has none."""
    if "SQLALCHEMY_DATABASE_URI" in app.config:
        return []
    try:
        app.extensions["read_settings"](os.environ)
    except Exception as invalid:
        mistakes: list[str] | None = getattr(invalid, "mistakes", None)
        if mistakes is None:
            raise
        return mistakes
    return []


def look_at_mail_server(settings: Any) -> Finding:
    """Connect, check the certificate and log in; nothing is sent."""
    where = f"{settings['MAIL_SERVER']}:{settings['MAIL_PORT']}"
    try:
        with Transport(settings, timeout=PATIENCE) as transport:
            transport.connect()
    except Refused as refused:
        way_out = "See MAIL_USERNAME, MAIL_PASSWORD, MAIL_USE_TLS and MAIL_USE_SSL."
        if refused.outcome is Outcome.UNAVAILABLE:
            way_out = "See MAIL_SERVER and MAIL_PORT, and whether a firewall lets this machine out."
        elif str(refused).startswith("TLS"):
            way_out = (
                "Its certificate must be valid for the name in MAIL_SERVER, from an authority that "
                "this machine knows (SSL_CERT_FILE names others)."
            )
        return Finding(Level.WRONG, "mail server", f"{where}: {refused}. {way_out}")
    is_safe = settings["MAIL_USE_TLS"] or settings["MAIL_USE_SSL"]
    how = "over TLS with a good certificate" if is_safe else "without TLS"
    return Finding(Level.OK, "mail server", f"{where} answers, {how}; nothing was sent.")


def look_at_inbox(url: str) -> Finding:
    """Open it; nothing is read or marked."""
    try:
        with opened(place_of(url)):
            return Finding(Level.OK, "inbox", "it can be read; nothing was marked.")
    except InboxUnavailable as unavailable:
        told = f"{unavailable}. Answers and bounces wait there. See INBOX_URL."
        return Finding(Level.WRONG, "inbox", told)


def _clock(app: Flask) -> Clock:
    clock: Clock = app.extensions["clock"]
    return clock


def _newest(app: Flask) -> str | None:
    config = app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config).get_current_head()
