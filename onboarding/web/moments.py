"""When this request happens: taken once, so that a page and what it records agree."""

from zoneinfo import ZoneInfo

from flask import current_app, g

from onboarding.clock import Clock, Moment


def current_moment() -> Moment:
    """The moment of this request, the same from its first line to its last."""
    if "moment" not in g:
        clock: Clock = current_app.extensions["clock"]
        g.moment = clock.moment()
    moment: Moment = g.moment
    return moment


def local_zone() -> ZoneInfo:
    """The installation's time zone."""
    clock: Clock = current_app.extensions["clock"]
    return clock.zone
