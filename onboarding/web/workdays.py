"""Which days are working days for whoever looks: those of the customer whose page it is."""

from flask import Flask, g

from onboarding.domain.people import Actor
from onboarding.domain.workdays import WorkingCalendar
from onboarding.services.statuses import policies_of
from onboarding.store.database import db
from onboarding.web.moments import current_moment
from onboarding.web.presentation.dates import tell_calendar_with


def _calendar() -> WorkingCalendar | None:
    """By the policy in force today; a page without an actor belongs to no customer."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return None
    policies = policies_of(db.session(), actor.customer_id)
    return policies.on(current_moment().today).calendar


def init_app(app: Flask) -> None:
    tell_calendar_with(app, _calendar)
