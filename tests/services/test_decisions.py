"""A person decides with a reason and days; a block is announced, and waits while a reply waits."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import (
    AlreadyOpen,
    InputInvalid,
    MoveRefused,
    NotAllowed,
    NotFound,
)
from onboarding.domain.people import Role
from onboarding.services import decisions
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.store.tables import DecisionRow, EventRow, MessageRow
from tests import stage

DAY = timedelta(days=1)


class Stage:
    """A customer, a supplier out of scope with a contact, and who acts."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        self.customer = stage.a_customer(session)
        self.relation = stage.a_relation(session, self.customer)
        self.buyer = stage.user_actor(session, self.customer)
        self.manager = stage.user_actor(session, self.customer, Role.MANAGER)
        self.contact = stage.contact_actor(session, self.relation)
        reassess(session, moment, [self.relation.id])

    def decide(self, kind: DecisionKind, actor: Any = None, **fields: Any) -> int:
        days = {"starts_on": self.moment.today, "ends_on": self.moment.today + 30 * DAY}
        return decisions.take_decision(
            self.session,
            actor or self.manager,
            self.moment,
            self.relation.id,
            kind,
            **{"reason": "Daarom", **days, **fields},
        )

    def block(self, after: int = 14, **fields: Any) -> int:
        starts_on = self.moment.today + after * DAY
        return self.decide(
            DecisionKind.BLOCK, **{"starts_on": starts_on, "ends_on": None, **fields}
        )

    def status(self, on: date | None = None) -> tuple[str, list[str]]:
        reading = read_status(self.session, self.relation.id, on or self.moment.today)
        assert reading is not None
        return reading.status.value, [reason.code for reason in reading.reasons]

    def last_message(self) -> MessageRow:
        row = self.session.scalars(select(MessageRow).order_by(MessageRow.id.desc())).first()
        assert row is not None
        return row


@pytest.fixture
def on(session: Session, moment: Moment) -> Stage:
    return Stage(session, moment)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (DecisionKind.GRANT, "conditional", "granted-by-decision"),
        (DecisionKind.EXEMPT, "eligible", "exempt"),
        (DecisionKind.EQUIVALENT, "eligible", "equivalent"),
    ],
)
def test_a_buyer_decides_for_some_days(
    on: Stage, kind: DecisionKind, status: str, code: str
) -> None:
    on.decide(kind, on.buyer)
    assert on.status() == (status, [code])
    assert on.status(on.moment.today + 30 * DAY) == (status, [code])
    assert on.status(on.moment.today + 31 * DAY)[0] != status


@pytest.mark.parametrize("kind", [k for k in DecisionKind if k is not DecisionKind.BLOCK])
def test_all_but_a_block_need_a_last_day(on: Stage, kind: DecisionKind) -> None:
    with pytest.raises(InputInvalid) as refused:
        on.decide(kind, ends_on=None)
    assert refused.value.facts == {"field": "ends_on", "reason": "required"}


def test_a_block_waits_for_its_announcement(on: Stage) -> None:
    on.block()
    assert on.last_message().kind == "block-announced"
    assert on.last_message().person_id == on.contact.person_id
    assert on.status(on.moment.today + 14 * DAY)[0] == "out-of-scope"


def test_handed_over_late_it_begins_late(on: Stage, clock: Any) -> None:
    decision_id = on.block()
    on.moment = clock.forward(days=5)
    decisions.announcement_handed_over(on.session, on.moment, decision_id)
    assert on.status(on.moment.today + 13 * DAY)[0] == "out-of-scope"
    assert on.status(on.moment.today + 14 * DAY) == ("ineligible", ["blocked-by-decision"])
    assert on.session.get_one(DecisionRow, decision_id).announced_on == on.moment.today


def test_a_hand_over_told_twice_counts_once(on: Stage, clock: Any) -> None:
    decision_id = on.block()
    decisions.announcement_handed_over(on.session, on.moment, decision_id)
    on.moment = clock.forward(days=3)
    decisions.announcement_handed_over(on.session, on.moment, decision_id)
    codes = list(on.session.scalars(select(EventRow.code)))
    assert codes.count("block-announced") == 1
    assert on.status(on.moment.today + 11 * DAY)[0] == "ineligible"


def test_an_urgent_block_begins_at_once(on: Stage) -> None:
    on.block(after=0, is_urgent=True)
    assert on.status() == ("ineligible", ["blocked-by-decision"])


@pytest.mark.parametrize("after", [0, 13])
def test_one_that_is_not_urgent_gives_fourteen_days(on: Stage, after: int) -> None:
    with pytest.raises(InputInvalid) as refused:
        on.block(after=after)
    assert refused.value.facts["earliest"] == (on.moment.today + 14 * DAY).isoformat()


def test_told_by_letter_it_runs_too(on: Stage) -> None:
    decision_id = on.block()
    decisions.announcement_given(
        on.session, on.manager, on.moment, decision_id, given_on=on.moment.today - DAY
    )
    assert on.status(on.moment.today + 14 * DAY)[0] == "ineligible"


class TestReply:
    """A reply gives the manager the turn, and the block waits for the answer."""

    @pytest.fixture
    def replied(self, on: Stage) -> tuple[Stage, int]:
        decision_id = on.block()
        decisions.announcement_handed_over(on.session, on.moment, decision_id)
        decisions.reply_to_block(
            on.session, on.contact, on.moment, decision_id, text="Niet mee eens"
        )
        return on, decision_id

    def test_the_block_waits_and_the_manager_is_told(self, replied: tuple[Stage, int]) -> None:
        on, _ = replied
        assert on.status(on.moment.today + 100 * DAY)[0] == "out-of-scope"
        message = on.last_message()
        assert (message.kind, message.person_id) == ("block-reply", on.manager.person_id)

    def test_answered_late_it_begins_that_day(self, replied: tuple[Stage, int], clock: Any) -> None:
        on, decision_id = replied
        on.moment = clock.forward(days=20)
        decisions.answer_block_reply(
            on.session, on.manager, on.moment, decision_id, text="Wij blijven erbij"
        )
        assert on.status() == ("ineligible", ["blocked-by-decision"])
        assert on.last_message().facts["starts_on"] == on.moment.today.isoformat()

    def test_convinced_the_manager_withdraws_it(self, replied: tuple[Stage, int]) -> None:
        on, decision_id = replied
        decisions.answer_block_reply(
            on.session, on.manager, on.moment, decision_id, text="U hebt gelijk", is_withdrawn=True
        )
        assert on.status(on.moment.today + 100 * DAY)[0] == "out-of-scope"
        assert on.last_message().facts["is_withdrawn"] is True
        assert on.session.get_one(DecisionRow, decision_id).ended_on == on.moment.today

    def test_one_reply_waits_at_a_time(self, replied: tuple[Stage, int]) -> None:
        on, decision_id = replied
        with pytest.raises(AlreadyOpen):
            decisions.reply_to_block(
                on.session, on.contact, on.moment, decision_id, text="Nog iets"
            )

    def test_only_a_manager_answers(self, replied: tuple[Stage, int]) -> None:
        on, decision_id = replied
        with pytest.raises(NotAllowed):
            decisions.answer_block_reply(on.session, on.buyer, on.moment, decision_id, text="Nee")


def test_ended_early_it_no_longer_holds(on: Stage, clock: Any) -> None:
    decision_id = on.decide(DecisionKind.EXEMPT)
    on.moment = clock.forward(days=3)
    decisions.end_decision(
        on.session,
        on.buyer,
        on.moment,
        decision_id,
        ended_on=on.moment.today + DAY,
        reason="Heeft nu zes medewerkers",
    )
    assert on.status() == ("eligible", ["exempt"])
    assert on.status(on.moment.today + DAY)[0] == "undecided"
    with pytest.raises(MoveRefused):
        decisions.end_decision(
            on.session, on.buyer, on.moment, decision_id, ended_on=on.moment.today, reason="x"
        )


@pytest.mark.parametrize(
    ("is_announced", "told"), [(True, "block-ended"), (False, "block-announced")]
)
def test_who_was_told_of_a_block_hears_that_it_ends(
    on: Stage, is_announced: bool, told: str
) -> None:
    decision_id = on.block()
    if is_announced:
        decisions.announcement_handed_over(on.session, on.moment, decision_id)
    today = on.moment.today
    decisions.end_decision(
        on.session, on.manager, on.moment, decision_id, ended_on=today, reason="Nieuw plan"
    )
    assert (on.last_message().kind, on.last_message().person_id) == (told, on.contact.person_id)


def test_a_block_is_a_managers(on: Stage) -> None:
    with pytest.raises(NotAllowed):
        on.block(actor=on.buyer)
    decision_id = on.block()
    with pytest.raises(NotAllowed):
        decisions.end_decision(
            on.session, on.buyer, on.moment, decision_id, ended_on=on.moment.today, reason="x"
        )


def test_nobody_touches_what_is_of_another_relation(on: Stage) -> None:
    decision_id = on.block()
    stranger = stage.contact_actor(on.session, stage.a_relation(on.session, on.customer))
    with pytest.raises(NotFound):
        decisions.reply_to_block(on.session, stranger, on.moment, decision_id, text="Hallo")
