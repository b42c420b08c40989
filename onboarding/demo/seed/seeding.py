"""Fills an empty demo: the customer and its people, a list of suppliers, and fourteen months."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from onboarding.clock import Clock
from onboarding.demo.folder import CUSTOMER
from onboarding.demo.seed import companies, governing
from onboarding.demo.seed.cast import TALES, Tale
from onboarding.demo.seed.companies import COMPANIES, Company
from onboarding.demo.seed.days import HISTORY, MORNING, Days
from onboarding.demo.seed.people import add_colleagues
from onboarding.demo.seed.replay import ReplayClock, Round, Scene, Story, replay
from onboarding.demo.seed.supplier import Supplier
from onboarding.domain.people import Actor
from onboarding.domain.policy import Policy
from onboarding.services.calendars import calendar_of
from onboarding.services.installation import ensure_customer
from onboarding.services.suppliers import add_suppliers
from onboarding.store.database import unit_of_work
from onboarding.store.policies import first_day_of_all

FROM_A_LIST = "list"
LAST_IMPORTED = "nieuwkomer"


def seed(
    app: Flask,
    morning: Round,
    after_event: Round,
    tales: Mapping[str, Tale] = TALES,
    history: timedelta = HISTORY,
) -> None:
    """Live the demo's history, up to now. The database is migrated and empty.

    `morning` does what the worker does on a working day, `after_event` what it does at once.
    Fewer tales and a shorter history make a smaller demo.
    """
    clock: Clock = app.extensions["clock"]
    now = clock.real_now().astimezone(clock.zone)
    days = Days(now, calendar_of(Policy(version=1, starts_on=first_day_of_all())), history)
    replaying = ReplayClock(clock.zone)
    scene = Scene(replaying, days)
    app.extensions["clock"] = replaying
    try:
        with app.app_context():
            replay(scene, _begin(scene, tales), morning, after_event)
    finally:
        app.extensions["clock"] = clock


def _begin(scene: Scene, tales: Mapping[str, Tale]) -> Iterable[tuple[str, Story]]:
    """The first day: people, the list of suppliers, and all stories not yet begun."""
    moment = scene.clock.set(scene.days.at(scene.days.first, MORNING))
    with unit_of_work() as session:
        customer = ensure_customer(session, moment, CUSTOMER)
        actors = add_colleagues(session, moment, customer.id)
        scene.session = session
        listed = [one for one in COMPANIES if one.key != LAST_IMPORTED]
        ids = _import(session, scene, actors, listed)
    stories = [
        ("policy", governing.policy(scene, actors["marit"])),
        ("templates", governing.templates(scene, actors["marit"])),
    ]
    stories.append((LAST_IMPORTED, _imported_yesterday(scene, actors)))
    for company in listed:
        tale = tales.get(company.key)
        if tale is not None:
            buyer = actors[company.buyer]
            supplier = Supplier(scene, company, ids[company.key], buyer, actors["marit"])
            stories.append((company.key, tale(supplier)))
    return stories


def _import(
    session: Session, scene: Scene, actors: dict[str, Actor], listed: Iterable[Company]
) -> dict[str, int]:
    """What the buyer's spreadsheet held."""
    listed = list(listed)
    year = scene.moment.today.year
    values = [_values(company, actors, year) for company in listed]
    ids = add_suppliers(session, actors["bram"], scene.moment, values, FROM_A_LIST)
    return {company.key: one for company, one in zip(listed, ids, strict=True)}


def _values(company: Company, actors: dict[str, Actor], year: int) -> dict[str, Any]:
    return {
        "name": company.name,
        "kvk_number": companies.kvk_number(company),
        "country": companies.ABROAD.get(company.key, "NL"),
        "city": company.city,
        "category": company.category,
        "divisions": companies.divisions(company, year),
        "alternative": companies.WITHOUT_ALTERNATIVE.get(company.key),
        "has_no_alternative": company.key in companies.WITHOUT_ALTERNATIVE,
        "buyer_id": actors[company.buyer].person_id,
        "creditor_numbers": companies.creditor_numbers(company),
    }


def _imported_yesterday(scene: Scene, actors: dict[str, Actor]) -> Story:
    yield scene.days.ago(1)
    _import(scene.session, scene, actors, [companies.BY_KEY[LAST_IMPORTED]])
