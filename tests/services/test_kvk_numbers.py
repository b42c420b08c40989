"""A takeover gives another KvK number: the old one leads on, certificates are held against it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import InputInvalid, NotAllowed, NotFound, VersionOutdated
from onboarding.domain.people import Actor, Role
from onboarding.domain.references import Ref, RefKind
from onboarding.domain.suppliers import SupplierKnown
from onboarding.services.kvk_numbers import correct_number, take_new_number
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.services.suppliers import change_supplier
from onboarding.store.references import former_numbers_of, with_reference
from onboarding.store.tables import (
    AssessmentRow,
    CertificateNumberRow,
    EventRow,
    FormerKvkNumberRow,
    OrganisationRow,
    RelationRow,
)
from tests import proof_rows, stage

OLD, NEW = "02076358", "17037842"
DAY = timedelta(days=1)


@pytest.fixture
def row(session: Session, moment: Moment) -> RelationRow:
    relation = stage.a_relation(session, stage.a_customer(session), kvk_number=OLD)
    proof_rows.a_certificate(session, relation)
    reassess(session, moment, [relation.id])
    return relation


@pytest.fixture
def actor(session: Session, row: RelationRow) -> Actor:
    return stage.an_actor(row, Role.BUYER)


def told(session: Session, row: RelationRow, day) -> tuple[str, list[str], list[str]]:
    reading = read_status(session, row.id, day)
    assert reading is not None
    reasons, warnings = ([one.code for one in each] for each in (reading.reasons, reading.warnings))
    return reading.status.value, reasons, warnings


def leads_to(session: Session, actor: Actor, number: str) -> list[int]:
    found = with_reference(session, actor.customer_id, Ref(RefKind.KVK, number))
    return [one.relation_id for one in found]


def test_a_certificate_of_the_old_number_counts_no_more(
    session: Session, moment: Moment, actor: Actor, row: RelationRow, clock
) -> None:
    assert told(session, row, moment.today) == ("eligible", ["certified"], [])
    later = clock.forward(days=10)
    from_on = later.today - 5 * DAY
    take_new_number(session, actor, later, row.id, NEW, from_on, "overgenomen door Smit")
    assert told(session, row, later.today) == (
        "undecided",
        ["in-negotiation"],
        ["certificate-covers-other-number"],
    )
    # Days that passed are what they were, also those since the takeover.
    assert told(session, row, from_on)[0] == "eligible"
    assert leads_to(session, actor, OLD) == leads_to(session, actor, NEW) == [row.id]
    former = session.scalars(select(FormerKvkNumberRow)).one()
    assert (former.kvk_number, former.until_on) == (OLD, from_on - DAY)
    event = session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert event is not None
    assert (event.code, event.is_shared) == ("kvk-number-changed", True)
    assert event.facts == {
        "relation_id": row.id,
        "was": OLD,
        "becomes": NEW,
        "from_on": from_on.isoformat(),
        "reason": "overgenomen door Smit",
    }


def test_a_certificate_of_both_numbers_goes_on_counting(session: Session, moment: Moment) -> None:
    relation = stage.a_relation(session, stage.a_customer(session), kvk_number=OLD)
    certificate = proof_rows.a_certificate(session, relation)
    session.add(CertificateNumberRow(certificate_id=certificate.id, kvk_number=NEW))
    session.flush()
    reassess(session, moment, [relation.id])
    buyer = stage.an_actor(relation, Role.BUYER)
    take_new_number(session, buyer, moment, relation.id, NEW, moment.today, "overname")
    assert told(session, relation, moment.today) == ("eligible", ["certified"], [])
    assert len(session.scalars(select(AssessmentRow).filter_by(relation_id=relation.id)).all()) == 1


def test_a_wrong_number_leads_nowhere_any_more(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    correct_number(session, actor, moment, row.id, NEW, "typefout")
    assert leads_to(session, actor, OLD) == []
    assert leads_to(session, actor, NEW) == [row.id]
    assert session.scalars(select(EventRow.code)).all() == ["kvk-number-corrected"]


def test_a_number_can_come_back(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    for number in (NEW, OLD, NEW):
        change_supplier(session, actor, moment, row.id, {"kvk_number": number})
        assert leads_to(session, actor, OLD) == leads_to(session, actor, NEW) == [row.id]
    take_new_number(session, actor, moment, row.id, OLD, moment.today, "teruggedraaid")
    assert (row.kvk_number, former_numbers_of(session, row.id)) == (OLD, (NEW,))


def test_a_number_of_another_supplier_is_refused(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    stage.a_relation(session, stage.a_customer(session, "Ander"), kvk_number=NEW)
    take_new_number(session, actor, moment, row.id, NEW, moment.today, "overname")
    customer = session.get_one(OrganisationRow, row.customer_id)
    mine = stage.a_relation(session, customer, "Smit")
    for number in (OLD, NEW):  # the one it has, and the one it had
        with pytest.raises(SupplierKnown) as refused:
            take_new_number(session, actor, moment, mine.id, number, moment.today, "overname")
        assert refused.value.facts["relation"] == row.id


def test_who_may_not_and_what_is_old_is_refused(
    session: Session, moment: Moment, actor: Actor, row: RelationRow
) -> None:
    given = (row.id, NEW, moment.today, "overname")
    with pytest.raises(NotAllowed):
        take_new_number(session, stage.an_actor(row, Role.READER), moment, *given)
    stranger = stage.user_actor(session, stage.a_customer(session, "Ander"))
    with pytest.raises(NotFound):
        take_new_number(session, stranger, moment, *given)
    with pytest.raises(VersionOutdated):
        take_new_number(session, actor, moment, *given, seen=row.revision + 1)
    with pytest.raises(InputInvalid):
        take_new_number(session, actor, moment, row.id, NEW, moment.today + DAY, "overname")
    assert row.kvk_number == OLD
