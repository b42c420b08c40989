"""A certificate changes nothing until a buyer verified it; both sides hear what became of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.domain.people import Channel, Role, Said
from onboarding.domain.policy import Level
from onboarding.services.certificates import (
    reject_certificate,
    report_certificate,
    revoke_certificate,
    verify_certificate,
)
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.store.tables import (
    CertificateRow,
    EventRow,
    MessageRow,
    PathwayRow,
    RelationRow,
    RenewalRow,
)
from tests import stage

REGISTER = "https://register.example/certificaten/17037842"
DAY = timedelta(days=1)


class Stage:
    """A customer, an enrolled supplier with a contact, and who acts."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        self.customer = stage.a_customer(session)
        self.relation = stage.a_relation(
            session,
            self.customer,
            kvk_number="17037842",
            enrolled_on=moment.today,
            buyer_id=stage.a_user(session, self.customer).id,
        )
        self.buyer = stage.user_actor(session, self.customer)
        self.contact = stage.contact_actor(session, self.relation)
        reassess(session, moment, [self.relation.id])

    def claim(self, **fields: Any) -> Claim:
        usual: dict[str, Any] = {
            "level": Level.TREDE_1,
            "starts_on": self.moment.today - 30 * DAY,
            "ends_on": self.moment.today + 700 * DAY,
            "kvk_numbers": ("17037842",),
        }
        return Claim(**{**usual, **fields})

    def report(self, **fields: Any) -> int:
        return report_certificate(
            self.session, self.contact, self.moment, self.relation.id, self.claim(**fields)
        )

    def verify(self, certificate_id: int, **fields: Any) -> Any:
        return verify_certificate(
            self.session,
            self.buyer,
            self.moment,
            certificate_id,
            self.claim(**fields),
            register_url=REGISTER,
        )

    def status(self, on: date | None = None) -> tuple[str, list[str]]:
        reading = read_status(self.session, self.relation.id, on or self.moment.today)
        assert reading is not None
        return reading.status.value, [reason.code for reason in reading.reasons]

    def owed(self) -> list[tuple[str, int]]:
        rows = self.session.scalars(select(MessageRow).order_by(MessageRow.id))
        return [(row.kind, row.person_id) for row in rows]

    def events(self) -> list[str]:
        return list(self.session.scalars(select(EventRow.code).order_by(EventRow.id)))


@pytest.fixture
def on(session: Session, moment: Moment) -> Stage:
    return Stage(session, moment)


def test_a_report_changes_nothing_but_asks_the_buyer(on: Stage) -> None:
    certificate_id = on.report()
    assert on.status() == ("undecided", ["in-negotiation"])
    assert on.owed() == [("certificate-reported", on.relation.buyer_id)]
    row = on.session.get_one(CertificateRow, certificate_id)
    assert (row.state, row.reported_by, row.reported_on) == (
        "reported",
        "supplier",
        on.moment.today,
    )


def test_verified_it_counts_and_both_hear_it(on: Stage) -> None:
    certificate_id = on.report()
    verified = on.verify(certificate_id)
    assert verified.covers_relation
    assert on.status() == ("eligible", ["certified"])
    assert on.status(on.moment.today + 701 * DAY) == ("undecided", ["decision-needed"])
    assert on.owed()[1:] == [("certificate-verified", on.contact.person_id)]
    assert on.events() == ["certificate-reported", "certificate-verified"]
    row = on.session.get_one(CertificateRow, certificate_id)
    assert (row.verified_by, row.register_url) == (on.buyer.person_id, REGISTER)


def test_what_the_register_says_replaces_the_report(on: Stage) -> None:
    certificate_id = on.report(level=Level.TREDE_2)
    on.verify(certificate_id, level=Level.TREDE_1, ends_on=on.moment.today + 5 * DAY)
    assert on.status() == ("eligible", ["certified"])
    assert on.status(on.moment.today + 6 * DAY)[0] == "undecided"
    event = on.session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
    assert event is not None
    assert event.facts["level"] == "trede-1"


def test_another_number_does_not_count_and_is_told(on: Stage) -> None:
    verified = on.verify(on.report(), kvk_numbers=("12345678", "02076358"))
    assert not verified.covers_relation
    assert on.status()[0] == "undecided"
    reading = read_status(on.session, on.relation.id, on.moment.today)
    assert reading is not None
    (warning,) = reading.warnings
    assert warning.code == "certificate-covers-other-number"
    assert warning.facts["covered"] == ["02076358", "12345678"]


def test_the_pathway_that_led_to_it_lends_its_target(on: Stage) -> None:
    pathway = PathwayRow(
        relation_id=on.relation.id,
        state="agreed",
        target="basis",
        starts_on=on.moment.today,
        steps=[],
        drafted_on=on.moment.today,
        turn_since_on=on.moment.today,
    )
    on.session.add(pathway)
    on.session.flush()
    certificate_id = on.report(level=Level.BASIS)
    on.verify(certificate_id, level=Level.BASIS)
    assert on.status() == ("eligible", ["certified"])
    row = on.session.get_one(CertificateRow, certificate_id)
    assert (row.pathway_id, row.pathway_target) == (pathway.id, "basis")


def test_rejected_it_stays_as_it_was_and_the_supplier_hears_why(on: Stage) -> None:
    certificate_id = on.report()
    reject_certificate(on.session, on.buyer, on.moment, certificate_id, reason="Niet gevonden")
    assert on.status()[0] == "undecided"
    message = on.session.scalars(select(MessageRow).order_by(MessageRow.id.desc())).first()
    assert message is not None
    assert message.kind == "certificate-rejected"
    assert message.facts["reason"] == "Niet gevonden"
    with pytest.raises(MoveRefused):
        on.verify(certificate_id)


def test_revoked_it_counts_until_the_day_before(on: Stage) -> None:
    certificate_id = on.report()
    on.verify(certificate_id)
    last = on.moment.today + 9 * DAY
    revoke_certificate(
        on.session, on.buyer, on.moment, certificate_id, revoked_on=last + DAY, reason="Ingetrokken"
    )
    assert (on.status(last)[0], on.status(last + DAY)[0]) == ("eligible", "undecided")


class TestRenewal:
    """A follow-up reported before the old certificate ends keeps the status until answered."""

    @pytest.fixture
    def ending(self, on: Stage) -> Stage:
        on.verify(on.report(), ends_on=on.moment.today)
        return on

    def test_a_new_certificate_reported_in_time_is_a_renewal(self, ending: Stage) -> None:
        ending.report(starts_on=ending.moment.today + DAY)
        later = ending.moment.today + 400 * DAY
        assert ending.status(later) == ("conditional", ["renewal-under-way"])

    def test_verified_it_counts_itself(self, ending: Stage) -> None:
        ending.verify(ending.report(starts_on=ending.moment.today + DAY))
        assert ending.status(ending.moment.today + DAY) == ("eligible", ["certified"])
        row = ending.session.scalars(select(RenewalRow)).one()
        assert row.accepted_on == ending.moment.today

    def test_rejected_the_renewal_is_refused_too(self, ending: Stage) -> None:
        new = ending.report(starts_on=ending.moment.today + DAY)
        reject_certificate(ending.session, ending.buyer, ending.moment, new, reason="Onleesbaar")
        assert ending.status(ending.moment.today + DAY)[0] == "undecided"

    def test_said_in_time_and_written_down_late_is_in_time(self, on: Stage, clock: Any) -> None:
        on.verify(on.report(), ends_on=on.moment.today)
        said_on = on.moment.today
        on.moment = clock.forward(days=3)
        contact = on.contact.person_id
        assert contact is not None
        report_certificate(
            on.session,
            on.buyer,
            on.moment,
            on.relation.id,
            on.claim(),
            on_behalf=Said(said_on=said_on, channel=Channel.PHONE, person_id=contact),
        )
        assert on.status() == ("conditional", ["renewal-under-way"])
        event = on.session.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
        assert event is not None
        assert (event.code, event.channel, event.said_on) == ("renewal-reported", "phone", said_on)

    def test_reported_after_the_end_it_is_none(self, on: Stage, clock: Any) -> None:
        on.verify(on.report(), ends_on=on.moment.today)
        on.moment = clock.forward(days=1)
        on.report()
        assert on.status()[0] == "undecided"


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"ends_on": date(2020, 1, 1)}, "ends_on", "before-start"),
        ({"kvk_numbers": ("1234567",)}, "kvk_numbers", "not-a-kvk-number"),
        ({"thirty_plus": True}, "thirty_plus", "needs-trede-3"),
    ],
)
def test_what_cannot_be_is_refused(on: Stage, fields: dict, field: str, reason: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        on.report(**fields)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


@pytest.mark.parametrize("address", ["", "geen adres", "javascript:alert(1)", "https://"])
def test_verifying_needs_the_address_in_the_register(on: Stage, address: str) -> None:
    certificate_id = on.report()
    with pytest.raises(InputInvalid):
        verify_certificate(
            on.session, on.buyer, on.moment, certificate_id, on.claim(), register_url=address
        )


def test_only_a_buyer_verifies(on: Stage) -> None:
    certificate_id = on.report()
    for actor in (on.contact, stage.user_actor(on.session, on.customer, Role.READER)):
        with pytest.raises(NotAllowed):
            verify_certificate(
                on.session, actor, on.moment, certificate_id, on.claim(), register_url=REGISTER
            )


def test_nobody_touches_what_is_of_another_relation(on: Stage) -> None:
    certificate_id = on.report()
    other: RelationRow = stage.a_relation(on.session, on.customer)
    stranger = stage.contact_actor(on.session, other)
    elsewhere = stage.user_actor(on.session, stage.a_customer(on.session, "Ander"))
    for actor in (stranger, elsewhere):
        with pytest.raises(NotFound):
            reject_certificate(on.session, actor, on.moment, certificate_id, reason="x")
    with pytest.raises(NotFound):
        report_certificate(on.session, stranger, on.moment, on.relation.id, on.claim())
