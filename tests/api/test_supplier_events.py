"""That the data of a supplier changed stands in the feed, for programs that ask for it."""

from datetime import timedelta
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.announcements import ANNOUNCED, StatusChanged
from onboarding.domain.people import Actor, Role
from onboarding.domain.suppliers import CreditorNumber
from onboarding.jobs import runs
from onboarding.services import watching
from onboarding.services.feed.announcements import announce_data, list_announcements
from onboarding.services.kvk_numbers import correct_number, take_new_number
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import add_supplier, change_supplier, change_suppliers
from onboarding.store.database import db, unit_of_work
from onboarding.store.tables import (
    AnnouncementRow,
    MessageRow,
    OrganisationRow,
    RelationRow,
    WebhookDeliveryRow,
)
from tests import stage
from tests.api.program import Program, code
from tests.api.test_access import noting
from tests.settable_clock import SettableClock
from tests.store.test_migrations import MIGRATIONS

BOTH = ",".join(ANNOUNCED)
ONLY = "supplier.changed"


@pytest.fixture
def buyer(session: Session, customer: OrganisationRow) -> Actor:
    actor = stage.user_actor(session, customer, Role.MANAGER)
    session.commit()
    return actor


@pytest.fixture
def renamed(
    app: Flask, session: Session, supplier: RelationRow, buyer: Actor, clock: SettableClock
) -> RelationRow:
    """Known, with another name, and enrolled."""
    later = clock.forward(seconds=1)
    change_supplier(session, buyer, later, supplier.id, {"name": "De Linde Print"})
    supplier.enrolled_on = later.today
    reassess(session, clock.forward(seconds=1), [supplier.id])
    session.commit()
    runs.announce(app)
    return supplier


def events(program: Program, **query: object) -> list[dict[str, Any]]:
    answer = program.get("/events", **query)
    assert answer.status_code == 200 and answer.json is not None, answer.get_data(as_text=True)
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_who_does_not_ask_is_told_of_statuses_only(program: Program, renamed: RelationRow) -> None:
    assert [(one["id"], one["type"]) for one in events(program)] == [
        ("000000000001", "eligibility.changed"),
        ("000000000003", "eligibility.changed"),
    ]


def test_who_asks_is_told_of_whom_and_no_values(program: Program, renamed: RelationRow) -> None:
    found = events(program, types=BOTH)
    assert [one["type"] for one in found] == [
        "eligibility.changed",
        "supplier.changed",
        "eligibility.changed",
    ]
    assert found[1] == {
        "id": "000000000002",
        "type": "supplier.changed",
        "occurred_at": "2026-11-24T09:00:01Z",
        "ref": f"id-{renamed.id}",
        "kvk_number": renamed.kvk_number,
        "supplier": "De Linde Print",
    }
    assert events(program, types=ONLY) == [found[1]]
    assert events(program, types=BOTH, after=found[0]["id"], limit=1) == [found[1]]
    assert events(program, after=found[1]["id"]) == [found[2]]
    read = program.get(f"/suppliers/{found[1]['ref']}")
    assert read.json is not None and read.json["name"] == "De Linde Print"


@pytest.mark.parametrize("types", ["", "supplier.gone", "supplier.changed,", "x" * 100])
def test_a_type_that_there_is_not_is_refused(program: Program, types: str) -> None:
    answer = program.get("/events", types=types)
    assert (answer.status_code, code(answer)) == (400, "parameter-invalid")
    assert answer.json is not None
    assert answer.json["facts"] == {
        "parameter": "types",
        "reason": "unknown-value",
        "known": list(ANNOUNCED),
    }


def types_of(app: Flask, session: Session, customer_id: int, kind: str = ONLY) -> list[int]:
    """Which suppliers the feed names, in order."""
    session.commit()
    runs.announce(app)
    found = list_announcements(session, customer_id, 0, 1000, (kind,))
    return [one.relation_id for one in found]


def test_each_way_of_changing_is_told_once(
    app: Flask, session: Session, supplier: RelationRow, buyer: Actor, clock: SettableClock
) -> None:
    def now() -> Moment:
        return clock.forward(seconds=1)

    first, customer_id = supplier.id, supplier.customer_id
    other = add_supplier(session, buyer, now(), {"name": "Bakkerij Sterk"}).id
    assert types_of(app, session, customer_id) == []  # a new one is told by its first status
    change_suppliers(session, buyer, now(), {first: {"spend": 10}, other: {"city": "Ede"}}, "list")
    change_supplier(session, buyer, now(), first, {"spend": 10})  # nothing new
    assert types_of(app, session, customer_id) == [first, other]
    numbers = {"creditor_numbers": [CreditorNumber("", "FS10023")]}
    change_supplier(session, buyer, now(), first, numbers)
    today = now().today
    take_new_number(session, buyer, now(), first, "17037842", today, "overgenomen")
    correct_number(session, buyer, now(), first, "02076358", "typefout")
    assert types_of(app, session, customer_id) == [first, other, first, first, first]
    merge(session, buyer, now(), first, other)
    assert types_of(app, session, customer_id)[5:] == [first]
    assert types_of(app, session, customer_id)[5:] == [first]


def merge(session: Session, buyer: Actor, moment: Moment, stays: int, goes: int) -> None:
    merge_suppliers(session, buyer, moment, Choice(stays_id=stays, goes_id=goes))


def test_many_at_once_are_one_statement(
    session: Session, supplier: RelationRow, buyer: Actor, clock: SettableClock
) -> None:
    ids = [add_supplier(session, buyer, clock.moment(), {"name": f"L{n}"}).id for n in range(20)]
    later = clock.forward(seconds=1)
    with noting(session) as seen:
        change_suppliers(session, buyer, later, {one: {"city": "Ede"} for one in ids}, "list")
    told = [one for one in seen if one.startswith("INSERT INTO announcements")]
    assert len(told) == 1
    query = select(AnnouncementRow.relation_id).where(AnnouncementRow.kind == ONLY)
    assert sorted(session.scalars(query)) == ids


def test_only_the_addresses_that_chose_it_are_owed_it_and_no_follower(
    app: Flask, session: Session, supplier: RelationRow, buyer: Actor, clock: SettableClock
) -> None:
    customer_id = supplier.customer_id
    runs.announce(app)
    before = stage.a_webhook(session, customer_id).id
    both = stage.a_webhook(session, customer_id, kinds=list(ANNOUNCED)).id
    watching.follow(session, buyer, clock.moment(), supplier.id)
    change_supplier(session, buyer, clock.forward(seconds=1), supplier.id, {"city": "Ede"})
    session.commit()
    runs.announce(app)
    owed = session.execute(select(WebhookDeliveryRow.endpoint_id, WebhookDeliveryRow.kind)).all()
    assert owed == [(both, ONLY)] and before != both
    assert session.scalars(select(MessageRow.id).where(MessageRow.kind == "watched")).all() == []
    seen = watching.read_watching(session, buyer, clock.moment())
    assert [one for one in seen.changes if one.occurred_at == clock.moment().now] == []
    assert watching.new_changes(session, buyer, clock.moment()) == 1  # its first status


def test_a_status_recorded_ahead_is_not_dropped_for_a_change_of_data(
    app: Flask, session: Session, supplier: RelationRow, buyer: Actor, clock: SettableClock
) -> None:
    """Both have numbers, but numbers of another kind."""
    for city in ("Ede", "Zwolle", "Breda"):
        change_supplier(session, buyer, clock.forward(seconds=1), supplier.id, {"city": city})
    ahead = clock.moment_at(clock.moment().now + timedelta(days=7))
    supplier.enrolled_on = ahead.today
    reassess(session, ahead, [supplier.id])
    announce_data(session, clock.moment(), [supplier.id])
    customer_id = supplier.customer_id
    assert len(types_of(app, session, customer_id)) == 3  # of one history once
    clock.forward(days=7)
    assert len(types_of(app, session, customer_id, StatusChanged.code)) == 2


def test_an_older_version_finds_its_statuses(fresh_app: Flask, clock: SettableClock) -> None:
    """Going back a migration takes away what it does not know, with what is owed of it."""
    before = str(MIGRATIONS.get_revision("0024").down_revision)
    with fresh_app.app_context():
        with unit_of_work() as session:
            customer = stage.a_customer(session)
            stage.a_webhook(session, customer.id, kinds=list(ANNOUNCED))
            actor = stage.user_actor(session, customer)
            row = add_supplier(session, actor, clock.moment(), {"name": "L"})
            change_supplier(session, actor, clock.forward(seconds=1), row.id, {"city": "Ede"})
        runs.announce(fresh_app)
        db.session.remove()
        flask_migrate.downgrade(revision=before)
        flask_migrate.upgrade()
        kinds = select(AnnouncementRow.kind)
        assert db.session.scalars(kinds).all() == [StatusChanged.code]
        owed = select(WebhookDeliveryRow.kind)
        assert db.session.scalars(owed).all() == [StatusChanged.code]
        db.session.remove()
