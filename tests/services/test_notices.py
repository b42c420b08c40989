"""A missed step: the notice is prepared, seen, sent, answered, or given otherwise."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.errors import MoveRefused
from onboarding.domain.people import Channel
from onboarding.services.conversations import record_contact
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.notice_upkeep import prepare_due_notices
from onboarding.services.pathway.notices import (
    add_line,
    answer_reply,
    given_otherwise,
    hold_notice,
    notice_bounced,
    notice_handed_over,
    release_notice,
    reply_to_notice,
    send_now,
)
from onboarding.services.pathway.requests import answer_request, ask_for_date
from onboarding.store.tables import ClosureRow, MessageRow, MilestoneRow, NoticeRow, TaskRow
from tests import pathway_stage as pathways
from tests.conftest import SettableClock

DUE = date(2026, 12, 8)
PREPARED = date(2026, 12, 15)
PLANNED = date(2026, 12, 17)
CURE_ENDS = date(2027, 1, 4)  # ten working days later: Christmas and New Year are off


class Late:
    """A relation whose first step was missed; `on(day)` is that day at ten."""

    def __init__(self, session: Session, clock: SettableClock, moment: Moment) -> None:
        self.session, self.clock, self.start = session, clock, moment
        self.scene = pathways.a_scene(session)
        self.pathway, steps = pathways.agreed(session, self.scene, moment)
        self.plan: MilestoneRow = steps[0]
        assert self.plan.due_on == DUE

    def on(self, day: date) -> Moment:
        return self.clock.moment_at(self.start.now + (day - self.start.today))

    def sweep(self, day: date) -> int:
        return prepare_due_notices(self.session, self.on(day), self.scene.customer.id)

    def notices(self) -> list[NoticeRow]:
        return list(self.session.scalars(select(NoticeRow).order_by(NoticeRow.id)))

    def owed(self, kind: str) -> list[MessageRow]:
        return list(self.session.scalars(select(MessageRow).where(MessageRow.kind == kind)))

    def handed_over(self) -> NoticeRow:
        self.sweep(PREPARED)
        self.sweep(PLANNED)
        notice = self.notices()[-1]
        notice_handed_over(self.session, self.on(PLANNED), notice.id)
        return notice

    def status(self, day: date) -> str:
        return pathways.status_on(self.session, self.scene.relation.id, day)


@pytest.fixture
def late(session: Session, clock: SettableClock, moment: Moment) -> Late:
    return Late(session, clock, moment)


def test_it_is_prepared_a_week_after_the_deadline_and_once(late: Late) -> None:
    assert late.sweep(PREPARED - timedelta(1)) == 0
    assert late.sweep(PREPARED) == 1
    assert late.sweep(PREPARED) == 0
    (notice,) = late.notices()
    assert (notice.state, notice.missed_on, notice.planned_on) == ("prepared", DUE, PLANNED)
    assert [m.facts["planned_on"] for m in late.owed("notice-prepared")] == ["2026-12-17"]
    assert late.owed("formal-notice") == []


def test_on_its_day_it_is_owed_once_and_says_who_called(late: Late) -> None:
    late.sweep(PREPARED)
    called = late.on(PREPARED)
    record_contact(
        late.session,
        late.scene.buyer,
        called,
        late.scene.relation.id,
        channel=Channel.PHONE,
        contact_on=PREPARED,
        was_reached=False,
    )
    late.sweep(PLANNED)
    late.sweep(PLANNED)
    (message,) = late.owed("formal-notice")
    assert message.facts["called_on"] == "2026-12-15"
    assert message.facts["reached"] is False
    assert message.facts["cure_ends_on"] == CURE_ENDS.isoformat()


def test_the_hand_over_fixes_the_cure_period(late: Late) -> None:
    notice = late.handed_over()
    assert (notice.state, notice.cure_ends_on) == ("handed-over", CURE_ENDS)
    assert late.status(CURE_ENDS) == "at-risk"
    assert late.status(CURE_ENDS + timedelta(1)) == "at-risk"  # a person decides
    notice_handed_over(late.session, late.on(PLANNED), notice.id)
    assert len(late.notices()) == 1


def test_the_cure_period_runs_past_a_closure(late: Late) -> None:
    late.session.add(
        ClosureRow(
            relation_id=late.scene.relation.id,
            starts_on=date(2026, 12, 21),
            ends_on=date(2027, 1, 3),
        )
    )
    notice = late.handed_over()
    # One working day before the closure, nine after it.
    assert notice.cure_ends_on == date(2027, 1, 14)


def test_a_text_holds_for_its_day_only(late: Late) -> None:
    late.sweep(PREPARED)
    add_line(
        late.session, late.scene.buyer, late.on(PREPARED), late.notices()[0].id, line="Bel mij."
    )
    late.sweep(PLANNED)
    next_day = PLANNED + timedelta(1)
    late.sweep(next_day)
    first, second = late.notices()
    assert (first.state, first.attempt) == ("superseded", 1)
    assert (second.state, second.attempt, second.planned_on) == ("prepared", 2, next_day)
    assert second.added_line == "Bel mij."
    assert len(late.owed("formal-notice")) == 2


def test_what_was_handed_in_meanwhile_sets_it_aside(late: Late) -> None:
    late.sweep(PREPARED)
    submit_milestone(late.session, late.scene.signatory, late.on(PREPARED), late.plan.id)
    assert [n.state for n in late.notices()] == ["superseded"]
    assert late.sweep(PLANNED) == 0
    assert late.owed("formal-notice") == []


def test_it_does_not_go_out_while_a_late_request_waits(late: Late) -> None:
    late.sweep(PREPARED)
    request = ask_for_date(
        late.session,
        late.scene.signatory,
        late.on(PREPARED),
        late.plan.id,
        wished_on=PLANNED + timedelta(30),
        reason="Ziek",
    )
    late.sweep(PLANNED)
    late.sweep(PLANNED + timedelta(1))
    assert late.owed("formal-notice") == []
    assert [n.state for n in late.notices()] == ["superseded"]
    answer_request(
        late.session,
        late.scene.buyer,
        late.on(PLANNED + timedelta(1)),
        request,
        granted_on=None,
        note="Kan niet",
    )
    assert late.plan.deadline_on == DUE  # what is overdue stays overdue
    assert late.sweep(PLANNED + timedelta(4)) == 1


def test_held_it_waits_until_it_is_released(late: Late) -> None:
    late.sweep(PREPARED)
    (notice,) = late.notices()
    buyer = late.scene.buyer
    hold_notice(late.session, buyer, late.on(PREPARED), notice.id, reason="Ik bel eerst")
    late.sweep(PLANNED + timedelta(5))
    assert (notice.state, late.owed("formal-notice")) == ("held", [])
    monday = date(2026, 12, 21)
    release_notice(late.session, buyer, late.on(monday), notice.id)
    assert (notice.state, notice.planned_on, notice.hold_reason) == ("prepared", monday, None)
    late.sweep(monday)
    assert len(late.owed("formal-notice")) == 1


def test_it_can_go_out_sooner_but_not_twice(late: Late) -> None:
    late.sweep(PREPARED)
    (notice,) = late.notices()
    send_now(late.session, late.scene.buyer, late.on(PREPARED), notice.id)
    assert len(late.owed("formal-notice")) == 1
    with pytest.raises(MoveRefused):
        send_now(late.session, late.scene.manager, late.on(PREPARED), notice.id)
    with pytest.raises(MoveRefused):
        add_line(late.session, late.scene.buyer, late.on(PREPARED), notice.id, line="Nog iets")


def test_a_letter_counts_from_the_day_it_was_given(late: Late) -> None:
    late.sweep(PREPARED)
    (notice,) = late.notices()
    given_otherwise(late.session, late.scene.buyer, late.on(PLANNED), notice.id, given_on=PREPARED)
    assert (notice.given_by, notice.handed_over_on) == ("letter", PREPARED)
    assert notice.cure_ends_on == date(2026, 12, 30)


def test_a_bounce_voids_it_and_a_new_one_follows(late: Late) -> None:
    notice = late.handed_over()
    notice_bounced(late.session, late.on(PLANNED + timedelta(1)), notice.id)
    assert (notice.state, late.status(CURE_ENDS + timedelta(1))) == ("voided", "at-risk")
    tasks = late.session.scalars(select(TaskRow.kind)).all()
    assert tasks == ["bounced"]
    assert late.sweep(PLANNED + timedelta(1)) == 1
    assert late.notices()[-1].attempt == 2
    reasons = {n.cure_ends_on for n in late.notices() if n.state == "handed-over"}
    assert reasons == set()


def test_a_reply_gives_the_buyer_the_turn_and_the_answer_promises_days(late: Late) -> None:
    notice = late.handed_over()
    reply_to_notice(
        late.session,
        late.scene.signatory,
        late.on(CURE_ENDS),
        notice.id,
        text="De directeur was ziek",
    )
    assert [m.person_id for m in late.owed("notice-reply")] == [late.scene.buyer.person_id]
    with pytest.raises(MoveRefused):
        reply_to_notice(
            late.session, late.scene.signatory, late.on(CURE_ENDS), notice.id, text="Nog iets"
        )
    answered = date(2027, 1, 20)
    promised = answer_reply(
        late.session, late.scene.buyer, late.on(answered), notice.id, text="Graag alsnog"
    )
    assert promised == notice.cure_ends_on == date(2027, 1, 27)
    assert len(late.owed("notice-reply-answered")) == 1
    reply_to_notice(
        late.session, late.scene.signatory, late.on(answered), notice.id, text="Dat lukt niet"
    )
    assert len(late.owed("notice-reply")) == 2


def test_after_the_cure_period_a_manager_must_decide(late: Late) -> None:
    late.handed_over()
    found = pathways.reasons_on(late.session, late.scene.relation.id, CURE_ENDS + timedelta(1))
    assert found == ["decision-needed"]
    before = pathways.reasons_on(late.session, late.scene.relation.id, CURE_ENDS)
    assert set(before) == {"milestone-overdue"}
