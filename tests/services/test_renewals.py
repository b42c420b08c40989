"""A follow-up told before the end keeps the status: while it waits, then ninety days, or longer."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificate_moves import Claim
from onboarding.domain.errors import AlreadyOpen, NotAllowed
from onboarding.domain.policy import Level
from onboarding.domain.renewal_moves import CertificateOfOtherNumber, RenewalTooLate
from onboarding.services import renewals
from onboarding.services.certificates import report_certificate, verify_certificate
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.store.tables import MessageRow
from tests import stage

DAY = timedelta(days=1)


class Stage:
    """A supplier with a certificate that ends in ten days."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        customer = stage.a_customer(session)
        buyer_id = stage.a_user(session, customer).id
        self.relation = stage.a_relation(session, customer, buyer_id=buyer_id)
        self.buyer = stage.an_actor(customer, person_id=buyer_id)
        self.contact = stage.contact_actor(session, self.relation)
        self.ends_on = moment.today + 10 * DAY
        claim = Claim(
            level=Level.TREDE_1,
            starts_on=moment.today - 700 * DAY,
            ends_on=self.ends_on,
            kvk_numbers=(self.relation.kvk_number,),
        )
        self.certificate_id = report_certificate(
            session, self.contact, moment, self.relation.id, claim
        )
        verify_certificate(
            session,
            self.buyer,
            moment,
            self.certificate_id,
            claim,
            register_url="https://register.example/1",
        )

    def report(self) -> int:
        return renewals.report_renewal(
            self.session, self.contact, self.moment, self.certificate_id, note="Audit op 4 mei"
        )

    def status(self, on: date) -> str:
        reading = read_status(self.session, self.relation.id, on)
        assert reading is not None
        return reading.status.value


@pytest.fixture
def on(session: Session, moment: Moment) -> Stage:
    return Stage(session, moment)


def test_while_it_waits_for_the_buyer_there_is_no_limit(on: Stage) -> None:
    assert on.status(on.ends_on + DAY) == "undecided"
    on.report()
    assert on.status(on.ends_on + 1000 * DAY) == "conditional"
    kinds = list(on.session.scalars(select(MessageRow.kind).order_by(MessageRow.id)))
    assert kinds[-1] == "renewal-reported"


def test_accepted_it_carries_ninety_days(on: Stage) -> None:
    renewals.accept_renewal(on.session, on.buyer, on.moment, on.report())
    assert on.status(on.ends_on + 90 * DAY) == "conditional"
    assert on.status(on.ends_on + 91 * DAY) == "undecided"


def test_what_the_body_delays_does_not_count(on: Stage) -> None:
    renewal_id = on.report()
    renewals.accept_renewal(on.session, on.buyer, on.moment, renewal_id)
    audit_on = on.ends_on + 80 * DAY
    renewals.record_delayed_audit(
        on.session,
        on.buyer,
        on.moment,
        renewal_id,
        delayed_audit_on=audit_on,
        reason="Auditor ziek",
    )
    assert on.status(audit_on + 30 * DAY) == "conditional"
    assert on.status(audit_on + 31 * DAY) == "undecided"


def test_refused_it_carries_nothing_and_says_why(on: Stage) -> None:
    renewals.refuse_renewal(
        on.session, on.buyer, on.moment, on.report(), answer="Dit is geen aanvraag"
    )
    assert on.status(on.ends_on + DAY) == "undecided"
    message = on.session.scalars(select(MessageRow).order_by(MessageRow.id.desc())).first()
    assert message is not None
    assert message.kind == "renewal-answered"
    assert message.facts == {"accepted": False, "answer": "Dit is geen aanvraag"}
    on.report()  # another, with an application this time
    assert on.status(on.ends_on + DAY) == "conditional"


def test_one_waits_at_a_time(on: Stage) -> None:
    on.report()
    with pytest.raises(AlreadyOpen):
        on.report()


def test_after_the_end_it_is_too_late(on: Stage, clock: Any) -> None:
    on.moment = clock.forward(days=11)
    with pytest.raises(RenewalTooLate):
        on.report()


def test_what_does_not_count_is_not_renewed(on: Stage) -> None:
    """Its own number changed, or it was never on the certificate."""
    on.report()
    assert on.status(on.ends_on + DAY) == "conditional"
    on.relation.kvk_number, on.relation.enrolled_on = "87654321", on.moment.today
    reassess(on.session, on.moment, [on.relation.id])
    assert on.status(on.moment.today) == on.status(on.ends_on + DAY) == "undecided"
    with pytest.raises(CertificateOfOtherNumber) as refused:
        on.report()
    assert refused.value.facts == {"kvk_number": "87654321"}


def test_the_supplier_does_not_accept_its_own(on: Stage) -> None:
    renewal_id = on.report()
    with pytest.raises(NotAllowed):
        renewals.accept_renewal(on.session, on.contact, on.moment, renewal_id)
