"""Reads the mail that came in: each once, one that cannot be read set aside, the rest goes on."""

import logging
from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import OperationalError

from onboarding.clock import Clock
from onboarding.domain.incoming import TO_LOOK_AT, IncomingKind
from onboarding.mail.inbox import InboxUnavailable, Letter, opened
from onboarding.mail.inbox_place import place_of
from onboarding.mail.incoming import Unreadable, identity, read
from onboarding.mail.verp import InboxAddress
from onboarding.services.mail.bounces import StillUnderWay
from onboarding.services.mail.incoming import note_poisonous, take_in
from onboarding.store.database import db, unit_of_work

log = logging.getLogger(__name__)
MOST_LETTERS = 200  # in one run: mail that goes out waits meanwhile


def read_inbox(app: Flask, *, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """What became of the letters, by kind; none without an inbox. Raises InboxUnavailable."""
    url = app.config.get("INBOX_URL")
    found: Counter[str] = Counter()
    if not url:
        return found
    with app.app_context(), opened(place_of(url)) as mailbox:
        try:
            for letter in mailbox.letters(MOST_LETTERS):
                if stop():
                    break
                kind = _take_in(app, letter)
                if kind is None:
                    continue
                found[kind] += 1
                if kind in TO_LOOK_AT:
                    mailbox.set_aside(letter)
                else:
                    mailbox.handled(letter)
        finally:
            db.session.remove()
    return found


def _take_in(app: Flask, letter: Letter) -> IncomingKind | None:
    """What became of it; None for one that is read again the next time."""
    clock: Clock = app.extensions["clock"]
    moment = clock.moment()
    try:
        mail = read(letter.content, is_cut=letter.is_cut)
        with unit_of_work() as session:
            return take_in(session, moment, inbox_address(app), mail)
    except StillUnderWay:
        return None
    except OperationalError:
        raise  # the database is the trouble, not the letter: it is read again
    except Exception as error:
        known = identity(letter.content)
        if isinstance(error, Unreadable):
            log.warning("A mail that came in cannot be read: %s", error)
        else:
            log.exception("A mail that came in could not be handled")
        with unit_of_work() as session:
            note_poisonous(session, moment, known, f"{type(error).__name__}: {error}")
        return IncomingKind.POISONOUS


def inbox_address(app: Flask) -> InboxAddress | None:
    """Where answers and bounces come, with the number of the mail in it; None without one."""
    return InboxAddress.of(
        app.config.get("INBOX_ADDRESS"), app.config["SECRET_KEY"], app.config["PUBLIC_URL"]
    )


__all__ = ["InboxUnavailable", "inbox_address", "read_inbox"]
