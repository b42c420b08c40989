"""The migration seals what an installation holds already, as the tool would have."""

import flask_migrate
from flask import Flask
from sqlalchemy.orm import Session

from onboarding.domain.people import Role
from onboarding.services.conversations import write_note
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.relations import enrol_supplier
from onboarding.services.suppliers import add_supplier
from onboarding.services.users import set_roles
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import OrganisationRow
from tests import stage
from tests.settable_clock import SettableClock
from tests.store.test_migrations import MIGRATIONS

BEFORE = str(MIGRATIONS.get_revision("0016").down_revision)


def test_it_seals_what_is_there(fresh_app: Flask, clock: SettableClock) -> None:
    with fresh_app.app_context():
        with unit_of_work() as session:
            customer = stage.a_customer(session)
            a_history(session, clock, customer)
            customer_id = customer.id
        flask_migrate.downgrade(revision=BEFORE)
        flask_migrate.upgrade()
        db.session.remove()
        checked = check_history(db.session(), customer_id)
        assert checked.broken == []
        assert (checked.events, checked.assessments, checked.chains) == (10, 6, 4)
        assert checked.heads[0].length == 1
        # What comes after follows on what was there.
        with unit_of_work() as session:
            a_history(session, clock, session.get_one(OrganisationRow, customer_id))
        assert check_history(db.session(), customer_id).broken == []


def a_history(session: Session, clock: SettableClock, customer: OrganisationRow) -> None:
    actor = stage.user_actor(session, customer)
    admin = stage.user_actor(session, customer, Role.ADMIN)
    person = stage.a_person(session)
    set_roles(session, admin, clock.moment(), person.id, frozenset({Role.BUYER}), is_new=True)
    for name in ("Drukkerij De Linde", "Bakkerij Sterk", "Glaszetter Spiegel"):
        row = add_supplier(session, actor, clock.moment(), {"name": name})
        enrol_supplier(session, actor, clock.moment(), row.id)
        write_note(session, actor, clock.moment(), row.id, text="Belt terug, “na vieren” → 5.")
        clock.forward(days=1, hours=1)
