"""A supplier's divisions on its page: added, changed, taken away, with what stood there kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Actor, Role
from onboarding.domain.suppliers import CreditorNumber
from onboarding.services.divisions import (
    list_divisions,
    read_division,
    remove_division,
    save_division,
)
from onboarding.services.suppliers import add_supplier
from onboarding.store.divisions import divisions_of, sites_of
from onboarding.store.suppliers import creditor_numbers_of
from onboarding.store.tables import EventRow, MembershipRow, OrganisationRow, RelationRow
from tests import stage

CATERING = DivisionLine(
    division="Catering",
    site="Ziekenhuis Zuid",
    contract="C-1",
    contract_ends_on=date(2027, 12, 31),
    spend=(Spend(2026, Decimal(500)), Spend(2025, Decimal(400))),
)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def actor(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer)


@pytest.fixture
def row(session: Session, moment: Moment, actor: Actor) -> RelationRow:
    given = {"name": "Zoë", "division": "Schoonmaak", "spend": 100, "contract": "S-1"}
    return add_supplier(session, actor, moment, given)


def of_whole(row: RelationRow) -> tuple[str | None, Decimal | None, str | None]:
    return row.division, row.spend, row.contract


def test_a_second_division_counts_for_the_whole(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    save_division(session, actor, moment, row.id, CATERING, ["fs1", "FS2"], seen=row.revision)
    session.expire_all()
    assert of_whole(row) == ("Catering", Decimal(600), "C-1")
    views = list_divisions(session, actor, row.id)
    assert [(str(view.line), view.numbers) for view in views] == [
        ("Catering / Ziekenhuis Zuid", ("FS1", "FS2")),
        ("Schoonmaak", ()),
    ]
    assert views[0].line == CATERING
    assert divisions_of(session, actor.customer_id) == ["Catering", "Schoonmaak"]
    assert sites_of(session, actor.customer_id) == ["Ziekenhuis Zuid"]
    event = session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert event is not None and event.facts["changed"] == [
        {"field": "creditor_numbers", "becomes": "Catering: FS1 | Catering: FS2"},
        {"field": "divisions", "becomes": "Catering / Ziekenhuis Zuid"},
        {"field": "contract", "about": "Catering / Ziekenhuis Zuid", "becomes": "C-1"},
        {
            "field": "contract_ends_on",
            "about": "Catering / Ziekenhuis Zuid",
            "becomes": "2027-12-31",
        },
        {"field": "spend", "about": "Catering / Ziekenhuis Zuid, 2026", "becomes": "500"},
        {"field": "spend", "about": "Catering / Ziekenhuis Zuid, 2025", "becomes": "400"},
    ]


def test_a_renamed_division_takes_its_numbers_along(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    save_division(session, actor, moment, row.id, CATERING, ["FS1"])
    [view, _] = list_divisions(session, actor, row.id)
    renamed = replace(CATERING, division="Food", buyer_id=actor.person_id)
    save_division(session, actor, moment, row.id, renamed, view.numbers, division_id=view.id)
    [view, _] = list_divisions(session, actor, row.id)
    assert (str(view.line), view.numbers, view.buyer) == (
        "Food / Ziekenhuis Zuid",
        ("FS1",),
        "Buyer Bakker",
    )
    numbers = creditor_numbers_of(session, [row.id])[row.id]
    assert numbers == (CreditorNumber("Food", "FS1"),)


def test_a_division_is_taken_away_and_its_numbers_stay(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    save_division(session, actor, moment, row.id, CATERING, ["FS1"])
    [view, left] = list_divisions(session, actor, row.id)
    assert remove_division(session, actor, moment, row.id, view.id) == CATERING
    assert [one.id for one in list_divisions(session, actor, row.id)] == [left.id]
    assert of_whole(row) == ("Schoonmaak", Decimal(100), "S-1")
    assert creditor_numbers_of(session, [row.id])[row.id] == (CreditorNumber("Catering", "FS1"),)


def test_what_cannot_be_is_refused(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    known = DivisionLine(division="Schoonmaak")
    for line, reason in ((known, "division-known"), (DivisionLine(), "required")):
        with pytest.raises(InputInvalid) as refused:
            save_division(session, actor, moment, row.id, line, [])
        assert refused.value.facts["reason"] == reason
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"))
    of_stranger = replace(CATERING, buyer_id=stranger.person_id)
    with pytest.raises(InputInvalid):
        save_division(session, actor, moment, row.id, of_stranger, [])
    with pytest.raises(VersionOutdated):
        save_division(session, actor, moment, row.id, CATERING, [], seen=row.revision - 1)
    with pytest.raises(NotFound):
        save_division(session, stranger, moment, row.id, CATERING, [])
    with pytest.raises(NotFound):
        read_division(session, actor, row.id, 999999)
    reader = replace(actor, roles=frozenset({Role.READER}))
    with pytest.raises(NotAllowed):
        save_division(session, reader, moment, row.id, CATERING, [])


def test_who_left_still_buys_there_until_somebody_else_does(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    save_division(session, actor, moment, row.id, replace(CATERING, buyer_id=actor.person_id), [])
    [view, other] = list_divisions(session, actor, row.id)
    for membership in session.scalars(select(MembershipRow)):
        membership.ended_at = moment.now
    changed = replace(other.line, contract="S-2")
    save_division(session, actor, moment, row.id, changed, [], division_id=other.id)
    assert read_division(session, actor, row.id, view.id).buyer == "Buyer Bakker"
