"""A grant beyond a limit counts once a second manager signed; unanswered it lapses by itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.errors import AlreadyOpen, InputInvalid, MoveRefused, NotAllowed, SentTwice
from onboarding.domain.people import Role
from onboarding.services import decisions
from onboarding.services.calendars import calendar_of
from onboarding.services.dossier.as_of import read_as_of
from onboarding.services.grants import confirm_grant, lapse_grants, refuse_grant, withdraw_grant
from onboarding.services.proof_reading import read_decision
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import reassess
from onboarding.services.work_list import read_work_list
from onboarding.store.policies import policy_content, policy_value
from onboarding.store.reports import coming
from onboarding.store.tables import DecisionRow, EventRow, MessageRow, PolicyRow
from tests import stage

DAY = timedelta(days=1)


class Stage:
    """A customer whose policy has limits, a supplier out of scope, and who acts."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session, self.moment = session, moment
        self.customer = stage.a_customer(session)
        self.relation = stage.a_relation(session, self.customer, spend=5000)
        self.buyer = stage.user_actor(session, self.customer)
        self.manager = stage.user_actor(session, self.customer, Role.MANAGER)
        self.second = stage.user_actor(session, self.customer, Role.MANAGER)
        self.limits(grant_longest_days=30, grant_spend_limit=100_000)
        reassess(session, moment, [self.relation.id])

    def limits(self, **limits: int | None) -> None:
        query = select(PolicyRow).where(PolicyRow.customer_id == self.customer.id)
        row = self.session.scalars(query).one()
        row.content = policy_content(replace(policy_value(row, calendar_of), **limits))
        self.session.flush()

    def grant(self, days: int = 31, after: int = 0, actor: Any = None, why: str = "Brug") -> int:
        first = self.moment.today + after * DAY
        return decisions.take_decision(
            self.session,
            actor or self.buyer,
            self.moment,
            self.relation.id,
            DecisionKind.GRANT,
            reason=why,
            starts_on=first,
            ends_on=first + (days - 1) * DAY,
        )

    def row(self, decision_id: int) -> DecisionRow:
        return self.session.get_one(DecisionRow, decision_id, populate_existing=True)

    def status(self, on: date | None = None) -> str:
        reading = read_status(self.session, self.relation.id, on or self.moment.today)
        assert reading is not None
        return reading.status.value

    def codes(self) -> list[str]:
        query = select(EventRow.code).where(EventRow.relation_id == self.relation.id)
        return [code for code in self.session.scalars(query.order_by(EventRow.id))]

    def listed(self, actor: Any) -> tuple[list[str], list[str]]:
        """What the work list has to sign, and what it tells of what was answered."""
        work = read_work_list(self.session, actor, self.moment, mine=False)
        signs = [item.what for item in work.decide.items if item.what == "grant-asked"]
        return signs, [item.detail for item in work.answered.items]


@pytest.fixture
def on(session: Session, moment: Moment) -> Stage:
    return Stage(session, moment)


def test_within_the_limits_one_person_decides(on: Stage) -> None:
    decision_id = on.grant(30)
    assert on.row(decision_id).state == "taken"
    assert on.status() == "conditional"


def test_without_limits_nothing_needs_a_second(on: Stage) -> None:
    on.limits(grant_longest_days=None, grant_spend_limit=None)
    on.relation.spend = None
    assert on.row(on.grant(900)).state == "taken"


@pytest.mark.parametrize(
    ("days", "spend", "limits"),
    [
        (31, "5000", ["days"]),
        (5, "100000", ["spend"]),
        (5, None, ["spend-unknown"]),
        (31, "250000", ["days", "spend"]),
    ],
)
def test_beyond_a_limit_it_is_asked_and_counts_for_nothing(
    on: Stage, days: int, spend: str | None, limits: list[str]
) -> None:
    on.relation.spend = Decimal(spend) if spend else None
    decision_id = on.grant(days)
    row = on.row(decision_id)
    assert (row.state, row.limits, row.asked_by) == ("asked", limits, on.buyer.person_id)
    reassess(on.session, on.moment, [on.relation.id])
    assert on.status() == "out-of-scope"
    assert on.codes()[-1] == "grant-asked"


def test_what_waits_is_in_no_list_of_decisions_that_end(on: Stage) -> None:
    on.grant(40)
    today = on.moment.today
    assert coming(on.session, on.customer.id, today, today + 60 * DAY) == []
    work = read_work_list(on.session, on.buyer, on.moment, mine=False)
    assert [item.what for item in work.ending.items] == []


def test_the_second_signature_makes_it_a_decision(on: Stage, clock: Any) -> None:
    decision_id = on.grant(40)
    on.moment = clock.forward(days=3)
    confirm_grant(on.session, on.manager, on.moment, decision_id)
    row = on.row(decision_id)
    assert (row.state, row.starts_on) == ("taken", on.moment.today)
    assert (row.asked_by, row.decided_by) == (on.buyer.person_id, on.manager.person_id)
    assert on.status() == "conditional"
    assert on.status(on.moment.today - DAY) == "out-of-scope"
    assert on.status(row.ends_on) == "conditional"
    assert row.ends_on is not None
    assert on.status(row.ends_on + DAY) == "out-of-scope"
    assert on.codes()[-1] == "grant-confirmed"
    seen = read_as_of(
        on.session, on.buyer, on.moment, on.moment.now.tzinfo, on.relation.id, on=on.moment.today
    )
    assert [one.known.state for one in seen.decisions] == ["grant"]


def test_signed_before_its_first_day_it_keeps_that_day(on: Stage) -> None:
    decision_id = on.grant(40, after=10)
    confirm_grant(on.session, on.manager, on.moment, decision_id)
    assert on.row(decision_id).starts_on == on.moment.today + 10 * DAY


def test_nobody_signs_what_it_asked_itself(on: Stage) -> None:
    decision_id = on.grant(40, actor=on.manager)
    for act in (confirm_grant, lambda *given: refuse_grant(*given, answer="Nee")):
        with pytest.raises(NotAllowed):
            act(on.session, on.manager, on.moment, decision_id)
        with pytest.raises(NotAllowed):
            act(on.session, on.buyer, on.moment, decision_id)
    assert on.row(decision_id).state == "asked"
    confirm_grant(on.session, on.second, on.moment, decision_id)
    assert on.row(decision_id).state == "taken"


def test_refused_it_never_counts_and_the_supplier_hears_nothing(on: Stage) -> None:
    decision_id = on.grant(40)
    refuse_grant(on.session, on.manager, on.moment, decision_id, answer="Eerst de directie")
    reassess(on.session, on.moment, [on.relation.id])
    assert on.status() == "out-of-scope"
    view = read_decision(on.session, on.buyer, on.moment, decision_id)
    assert view.code == "not-signed" and view.is_over
    assert view.signing is not None and view.signing.answer == "Eerst de directie"
    shared = select(EventRow.code).where(EventRow.code.like("grant-%"), EventRow.is_shared)
    assert on.session.scalars(shared).all() == []
    with pytest.raises(MoveRefused):
        confirm_grant(on.session, on.manager, on.moment, decision_id)
    with pytest.raises(InputInvalid):
        refuse_grant(on.session, on.manager, on.moment, on.grant(41), answer=" ")


@pytest.mark.parametrize(("days", "lapses"), [(31, 30), (60, 30)])
def test_unanswered_it_lapses(on: Stage, clock: Any, days: int, lapses: int) -> None:
    decision_id = on.grant(days)
    on.moment = clock.forward(days=lapses - 1)
    assert lapse_grants(on.session, on.moment, on.customer.id) == 0
    on.moment = clock.forward(days=1)
    assert read_decision(on.session, on.buyer, on.moment, decision_id).code == "lapsed"
    with pytest.raises(MoveRefused):
        confirm_grant(on.session, on.manager, on.moment, decision_id)
    assert lapse_grants(on.session, on.moment, on.customer.id) == 1
    assert lapse_grants(on.session, on.moment, on.customer.id) == 0
    assert on.row(decision_id).state == "lapsed"
    assert on.codes()[-1] == "grant-lapsed"
    assert on.listed(on.buyer) == ([], ["lapsed"])


def test_it_lapses_with_its_last_day(on: Stage, clock: Any) -> None:
    on.relation.spend = Decimal(100_000)
    decision_id = on.grant(5)
    on.moment = clock.forward(days=4)
    assert read_decision(on.session, on.buyer, on.moment, decision_id).code == "asked"
    on.moment = clock.forward(days=1)
    assert lapse_grants(on.session, on.moment, on.customer.id) == 1


def test_a_long_grant_is_not_cut_into_short_ones(on: Stage) -> None:
    assert on.row(on.grant(20)).state == "taken"
    assert on.row(on.grant(10, after=21, why="Later")).state == "taken"
    row = on.row(on.grant(1, after=20, why="Ertussen"))
    assert (row.state, row.limits) == ("asked", ["days"])


def test_one_question_at_a_time(on: Stage) -> None:
    on.grant(40)
    with pytest.raises(SentTwice):
        on.grant(40)
    with pytest.raises(AlreadyOpen):
        on.grant(50, actor=on.manager)


def test_what_waits_is_not_ended_early(on: Stage) -> None:
    decision_id = on.grant(40)
    with pytest.raises(MoveRefused):
        decisions.end_decision(
            on.session, on.buyer, on.moment, decision_id, ended_on=on.moment.today, reason="Toch"
        )


def test_the_work_lists_tell_who_signs_and_what_came_of_it(on: Stage, clock: Any) -> None:
    decision_id = on.grant(40, actor=on.manager)
    assert on.listed(on.manager) == ([], [])
    assert on.listed(on.buyer) == ([], [])
    assert on.listed(on.second) == (["grant-asked"], [])
    confirm_grant(on.session, on.second, on.moment, decision_id)
    assert on.listed(on.second) == ([], [])
    assert on.listed(on.manager) == ([], ["taken"])
    assert on.listed(on.buyer) == ([], [])
    on.moment = clock.forward(days=8)
    assert on.listed(on.manager) == ([], [])


def told(on: Stage) -> list[tuple[int, dict[str, Any]]]:
    query = select(MessageRow).where(MessageRow.kind == "grant-answered").order_by(MessageRow.key)
    return [(row.person_id, row.facts) for row in on.session.scalars(query)]


def test_who_asked_hears_that_it_is_signed_or_not(on: Stage) -> None:
    decision_id = on.grant(40)
    refuse_grant(on.session, on.manager, on.moment, decision_id, answer="Eerst de directie")
    [(reader, facts)] = told(on)
    assert (reader, facts["decision_id"]) == (on.buyer.person_id, decision_id)
    assert facts["answer"] == "Eerst de directie" and "is_signed" not in facts
    signed_id = on.grant(41, actor=on.manager)
    confirm_grant(on.session, on.second, on.moment, signed_id)
    by_decision = {facts["decision_id"]: (reader, facts) for reader, facts in told(on)}
    reader, facts = by_decision[signed_id]
    assert reader == on.manager.person_id and facts["is_signed"]
    assert facts["starts_on"] == on.moment.today.isoformat()


def test_who_asked_and_nobody_else_takes_it_back(on: Stage) -> None:
    decision_id = on.grant(40)
    for other in (on.manager, on.second):
        with pytest.raises(NotAllowed):
            withdraw_grant(on.session, other, on.moment, decision_id)
    withdraw_grant(on.session, on.buyer, on.moment, decision_id)
    view = read_decision(on.session, on.buyer, on.moment, decision_id)
    assert view.code == "taken-back" and view.is_over
    assert on.codes()[-1] == "grant-withdrawn"
    assert told(on) == []
    for act in (confirm_grant, withdraw_grant):
        with pytest.raises(MoveRefused):
            act(
                on.session, on.manager if act is confirm_grant else on.buyer, on.moment, decision_id
            )
    assert read_work_list(on.session, on.manager, on.moment, mine=False).decide.items == ()
    on.grant(40, why="Opnieuw")  # there is room for another
