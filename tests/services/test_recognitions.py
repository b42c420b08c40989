"""A recognition makes a supplier preferred until it is revoked or its proof ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.errors import InputInvalid, MoveRefused, NotAllowed, NotFound
from onboarding.services import recognitions
from onboarding.services.status_reading import Reading, read_status
from tests import stage

DAY = timedelta(days=1)
PROOF = "https://www.codesocialeondernemingen.example/register/12"


class Stage:
    def __init__(self, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        self.customer = stage.a_customer(session)
        self.relation = stage.a_relation(session, self.customer)
        self.buyer = stage.user_actor(session, self.customer)

    def record(self, actor: Any = None, **fields: Any) -> int:
        return recognitions.record_recognition(
            self.session,
            actor or self.buyer,
            self.moment,
            self.relation.id,
            **{
                "kind": RecognitionKind.CODE_SOCIALE_ONDERNEMINGEN,
                "register_url": PROOF,
                **fields,
            },
        )

    def reading(self, on: date) -> Reading:
        reading = read_status(self.session, self.relation.id, on)
        assert reading is not None
        return reading


@pytest.fixture
def on(session: Session, moment: Moment) -> Stage:
    return Stage(session, moment)


def test_recorded_it_counts_from_today(on: Stage) -> None:
    on.record()
    reading = on.reading(on.moment.today)
    assert (reading.status, [r.code for r in reading.reasons]) == ("preferred", ["recognised"])
    assert reading.until is None


def test_a_missed_recheck_warns_and_changes_nothing(on: Stage) -> None:
    recheck_on = on.moment.today + 365 * DAY
    recognition_id = on.record(recheck_on=recheck_on)
    late = on.reading(recheck_on + DAY)
    assert (late.status, [w.code for w in late.warnings]) == ("preferred", ["recheck-due"])
    recognitions.recheck_recognition(
        on.session,
        on.buyer,
        on.moment,
        recognition_id,
        register_url=PROOF,
        recheck_on=recheck_on + 365 * DAY,
    )
    assert on.reading(recheck_on + DAY).warnings == ()


def test_revoked_it_ends(on: Stage) -> None:
    recognition_id = on.record()
    last = on.moment.today + 5 * DAY
    recognitions.revoke_recognition(
        on.session,
        on.buyer,
        on.moment,
        recognition_id,
        revoked_on=last + DAY,
        reason="Uit het register",
    )
    assert on.reading(last).status == "preferred"
    assert on.reading(last + DAY).status == "undecided"
    with pytest.raises(MoveRefused):
        recognitions.recheck_recognition(
            on.session, on.buyer, on.moment, recognition_id, register_url=PROOF
        )


@pytest.mark.parametrize("field", ["recheck_on", "ends_on"])
def test_a_day_before_the_check_is_refused(on: Stage, field: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        on.record(**{field: on.moment.today})
    assert refused.value.facts["field"] == field


def test_a_check_to_come_is_refused(on: Stage) -> None:
    with pytest.raises(InputInvalid):
        on.record(checked_on=on.moment.today + DAY)


def test_only_a_buyer_of_this_customer_records(on: Stage) -> None:
    with pytest.raises(NotAllowed):
        on.record(stage.contact_actor(on.session, on.relation))
    elsewhere = stage.user_actor(on.session, stage.a_customer(on.session, "Ander"))
    with pytest.raises(NotFound):
        on.record(elsewhere)
