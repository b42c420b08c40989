"""The jobs of an installation, each as one call on the application."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import sleep
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.mail_limits import USUAL, MailLimits
from onboarding.domain.messages import MessageKind
from onboarding.jobs.deliver import Delivered, Delivery
from onboarding.jobs.inbox import inbox_address
from onboarding.jobs.sweeping import sweep_all
from onboarding.jobs.webhooks import WebhookRun
from onboarding.mail.transport import Transport
from onboarding.services.accounts import forget_old_access
from onboarding.services.batch_work import work_off
from onboarding.services.evidence import drop_abandoned
from onboarding.services.feed.announcements import (
    announce_days,
    awaits_place,
    is_day_to_announce,
    put_in_feed,
)
from onboarding.services.feed.webhook_delivery import KEPT, owe_to_endpoints
from onboarding.services.mail.allowances import forget_old
from onboarding.services.mail.dead_letters import requeue_dead
from onboarding.services.mail.letters import Sender
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.retention import let_go
from onboarding.services.watching import owe_to_followers
from onboarding.store import messages as ledger
from onboarding.store import webhook_deliveries, workers
from onboarding.store.database import db, unit_of_work
from onboarding.store.evidence import EvidenceFiles
from onboarding.webhooks.sending import Way

A_DAY = timedelta(days=1)
MOST_ITEMS = 500  # of batches in one run: mail must not wait long for its turn
MOST_BATCHES = 200
REST = 0.12  # seconds between them: SQLite asks for its lock every 0.1


def deliver(
    app: Flask, *, by_hand: bool = False, stop: Callable[[], bool] = lambda: False
) -> Delivered:
    """Send what is due, over one connection."""
    config = app.config
    clock = app.extensions["clock"]
    sender = Sender(
        address=config["MAIL_DEFAULT_SENDER"],
        public_url=config["PUBLIC_URL"],
        secret_key=config["SECRET_KEY"],
        zone=clock.zone,
        inbox=inbox_address(app),
    )
    with app.app_context(), Transport(config) as transport:
        try:
            return Delivery(
                clock, sender, transport, limits=_limits(config), by_hand=by_hand, stop=stop
            ).run()
        finally:
            db.session.remove()


def requeue(app: Flask) -> int:
    """Put mail back that was tried in vain; returns how many."""
    clock = app.extensions["clock"]
    with app.app_context():
        try:
            with unit_of_work() as session:
                return requeue_dead(session, clock.moment())
        finally:
            db.session.remove()


def _limits(config: Mapping[str, Any]) -> MailLimits:
    return MailLimits(
        per_person=config.get("MAIL_PER_PERSON", USUAL.per_person),
        per_domain=config.get("MAIL_PER_DOMAIN", USUAL.per_domain),
    )


def sweep(app: Flask, moment: Moment | None = None) -> Counter[str]:
    """Owe what the day brings, as if at `moment`; returns how many were new, by name."""
    clock = app.extensions["clock"]
    with app.app_context():
        try:
            return sweep_all(moment or clock.moment(), clock.zone)
        finally:
            db.session.remove()


def sweep_and_announce(app: Flask, moment: Moment | None = None) -> Counter[str]:
    """A sweep, with all that it and the days announce: what an installation does without a worker.

    What days brought is announced first, so that a sweep in a day to come records after it.
    Announced is up to today by the clock, whatever `moment` is.
    """
    return announce(app) + sweep(app, moment) + announce(app)


def announce(app: Flask) -> Counter[str]:
    """Announce what days brought, and put all that was announced in the feeds of its customers."""
    clock = app.extensions["clock"]
    moment, zone = clock.moment(), clock.zone
    found: Counter[str] = Counter()
    with app.app_context():
        try:
            while _reading(lambda session: is_day_to_announce(session, moment)):
                with unit_of_work() as session:
                    found["statuses changed by their day"] += announce_days(session, moment)
            if _reading(lambda session: awaits_place(session, moment)):
                with unit_of_work() as session:
                    placed = put_in_feed(session, moment)
                    now = clock.real_now()
                    found["announced"] += len(placed)
                    found["followers told"] += owe_to_followers(session, moment, zone, placed)
                    found["webhooks owed"] += owe_to_endpoints(session, now, placed)
        finally:
            db.session.remove()
    return +found


def _reading(ask: Callable[[Session], bool]) -> bool:
    """A question first, so that no lock is taken where there is nothing to write."""
    session = db.session()
    try:
        return ask(session)
    finally:
        session.rollback()


def webhooks(
    app: Flask, *, way: Way | None = None, stop: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Send endpoints what they are owed; returns how many arrived and how many did not."""
    config = app.config
    way = way or Way(may_be_inside=bool(config.get("WEBHOOKS_INSIDE")))
    with app.app_context():
        try:
            clock = app.extensions["clock"]
            return WebhookRun(clock, config["SECRET_KEY"], way, stop=stop).run()
        finally:
            db.session.remove()


def batches(app: Flask, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Go on with what is being done to many suppliers; returns to how many something was done."""
    clock = app.extensions["clock"]
    with app.app_context():
        try:
            return work_off(unit_of_work, clock.moment(), clock.zone, most=MOST_ITEMS, stop=stop)
        finally:
            db.session.remove()


def drafts(app: Flask, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Go on with counting and publishing policies; returns how many batches were done."""
    clock = app.extensions["clock"]
    with app.app_context():
        try:
            return work_on_drafts(
                unit_of_work, clock.moment, most=MOST_BATCHES, stop=stop, rest=lambda: sleep(REST)
            )
        finally:
            db.session.remove()


def tidy(app: Flask) -> Counter[str]:
    """Forget log-ins, links and tries that are over, and files that their sender abandoned.

    Files and texts of mails go at the end of their retention period. Messages of a kind that
    nobody can write are closed.
    """
    clock = app.extensions["clock"]
    files = EvidenceFiles(str(app.config["EVIDENCE_URL"]))
    with app.app_context():
        try:
            with unit_of_work() as session:
                forget_old_access(session, clock.real_now())
                dropped = drop_abandoned(session, files, clock.moment())
                forget_old(session, clock.moment().now)
                workers.forget_before(session, clock.real_now() - A_DAY)
                unknown = ledger.end_unknown(session, clock.moment().now, MessageKind)
                webhook_deliveries.forget_before(session, clock.real_now() - KEPT)
            with unit_of_work() as session:
                gone = let_go(
                    session,
                    files,
                    clock.moment(),
                    files_months=app.config.get("KEEP_FILES_MONTHS", 0),
                    mails_months=app.config.get("KEEP_MAILS_MONTHS", 0),
                )
        finally:
            db.session.remove()
    done = {"abandoned files": dropped, "messages of an unknown kind": unknown}
    return +(Counter(done) + gone)
