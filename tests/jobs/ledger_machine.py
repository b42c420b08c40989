"""A machine that makes up days: steps, requests, amendments, outages, jumps of the clock.

Beside the ledger it keeps a plain set of the keys that must be in it.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from onboarding.domain.errors import DomainError
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.pathway.amendments import (
    accept_amendment,
    decline_amendment,
    propose_amendment,
)
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.requests import answer_request, ask_for_date
from onboarding.store.amendments import agreed_plan
from onboarding.store.database import db, unit_of_work
from onboarding.store.milestones import rows_of_pathway
from onboarding.store.tables import (
    AmendmentRow,
    DateRequestRow,
    MailRow,
    MessageRow,
    MilestoneRow,
    PathwayRow,
)
from tests.conftest import OneSession
from tests.mail.moody_server import MoodyServer
from tests.pathway_stage import a_scene, agreed, moved
from tests.settable_clock import SettableClock

STAGES = (-14, -3, 1)  # days from a deadline; the policy's usual ones
CATCH_UP = 30
RUNNING = ("agreed", "running")
DAY = timedelta(days=1)
STEPS = 4
NIGHTS = {  # the days whose night has 23 or 25 hours
    "Europe/Amsterdam": (date(2026, 10, 25), date(2027, 3, 28)),
    "America/New_York": (date(2026, 11, 1), date(2027, 3, 14)),
    "UTC": (date(2026, 10, 25), date(2027, 3, 28)),
}
ODD_DAYS = (date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29))
some_step = st.integers(0, STEPS - 1)
an_answer = st.sampled_from((None, True, False))


def last_stage(deadline: date, since: date, today: date) -> int | None:
    """The reminder that is owed for a deadline on a day, by counting."""
    reached = [stage for stage in STAGES if deadline + stage * DAY <= today]
    if not reached or deadline + max(reached) * DAY < since:
        return None
    is_forgotten = today >= deadline + (STAGES[-1] + CATCH_UP) * DAY
    return None if is_forgotten else max(reached)


class Ledger(RuleBasedStateMachine):
    """`keys` are the reminders that must be owed, `dropped` how many answers were withheld.

    `lived` counts over all examples, so that a test can tell that something happened.
    """

    def __init__(
        self, app: Flask, engine: Engine, server: MoodyServer, zone: str, lived: Counter[str]
    ) -> None:
        super().__init__()
        self.lived = lived
        self.app, self.server, self.zone = app, server, zone
        self.clock = SettableClock(ZoneInfo(zone))
        app.extensions["clock"] = self.clock
        self.connection = engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(
            self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        self.real, db.session = db.session, OneSession(self.session)
        self.keys, self.seen = set[str](), set[str]()
        self.dropped = 0
        server.messages.clear()
        self.mended()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """An agreement some days before a day that is odd in this zone."""
        odd = data.draw(st.sampled_from((*NIGHTS[self.zone], *ODD_DAYS)))
        self.odd = odd
        self.start = self.at(odd - 9 * DAY, time(12))
        self.clock.instants[:] = [self.start]
        self.latest = self.start
        distances = data.draw(st.lists(st.integers(5, 25), min_size=STEPS, max_size=STEPS))
        today = self.clock.moment().today
        self.scene = a_scene(self.session, enrolled_on=today - 60 * DAY)
        steps = [
            Step(title=f"Stap {n}", due_on=today + distance * DAY, is_reviewed=n == 0)
            for n, distance in enumerate(distances)
        ]
        row, _ = agreed(self.session, self.scene, self.clock.moment(), *steps)
        self.pathway_id = row.id
        self.session.commit()

    def at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.clock.zone)

    def try_to(self, act: Callable[[Session], object]) -> None:
        """What the rules refuse is refused; all else must work."""
        with suppress(DomainError), unit_of_work() as session:
            act(session)

    # --- what people do ---

    @rule(place=some_step, is_done=st.integers(0, 3))
    def report(self, place: int, is_done: int) -> None:
        if is_done:  # mostly not: a step that is done brings no reminder
            return
        step, who = self.step(place), self.scene.signatory
        self.try_to(lambda s: submit_milestone(s, who, self.clock.moment(), step.id))

    @rule(place=some_step, days=st.integers(1, 20), answer=an_answer)
    def ask(self, place: int, days: int, answer: bool | None) -> None:
        step, who, moment = self.step(place), self.scene.signatory, self.clock.moment()
        day = max(step.due_on, moment.today) + days * DAY
        self.try_to(lambda s: ask_for_date(s, who, moment, step.id, wished_on=day, reason="Ziek"))
        if answer is not None:
            self.answer(is_granted=answer)

    @rule(is_granted=st.booleans())
    def answer(self, is_granted: bool) -> None:
        for request in self.waiting():
            day = request.asked_due_on if is_granted else None
            self.try_to(
                lambda s, one=request.id, day=day: answer_request(
                    s, self.scene.manager, self.clock.moment(), one, granted_on=day, note="Zo"
                )
            )

    @rule(place=some_step, days=st.integers(1, 20), answer=an_answer)
    def amend(self, place: int, days: int, answer: bool | None) -> None:
        def propose(session: Session) -> None:
            row = session.get_one(PathwayRow, self.pathway_id)
            steps = list(agreed_plan(session, row).steps)
            steps[place] = moved(steps[place], days)
            propose_amendment(
                session, self.scene.signatory, self.clock.moment(), row.id, steps=steps, reason="Zo"
            )

        self.try_to(propose)
        if answer is not None:
            self.settle(is_accepted=answer)

    @rule(is_accepted=st.booleans())
    def settle(self, is_accepted: bool) -> None:
        query = select(AmendmentRow).where(AmendmentRow.pathway_id == self.pathway_id)
        last = self.session.scalars(query.order_by(AmendmentRow.id.desc())).first()
        if last is None:
            return
        moment, buyer = self.clock.moment(), self.scene.buyer
        if is_accepted:
            self.try_to(
                lambda s: accept_amendment(s, buyer, moment, last.id, revision=last.revision)
            )
        else:
            self.try_to(lambda s: decline_amendment(s, buyer, moment, last.id, reason="Nee"))

    # --- what the clock and the server do ---

    @rule(hours=st.integers(-30, 24 * 9))
    def jump(self, hours: int) -> None:
        self.look_at(self.clock.real_now() + timedelta(hours=hours))

    @rule(days=st.integers(-1, 2), hour=st.sampled_from((0, 1, 2, 3, 8, 23)))
    def near_the_odd_day(self, days: int, hour: int) -> None:
        self.look_at(self.at(self.odd + days * DAY, time(hour, 30)))

    @rule(days=st.integers(2, 6), hour=st.integers(0, 23))
    def days_pass(self, days: int, hour: int) -> None:
        today = self.clock.moment().today
        for later in range(1, days + 1):
            self.look_at(self.at(today + later * DAY, time(hour, 30)))
            self.deliver()

    def look_at(self, instant: datetime) -> None:
        self.go_to(instant)
        self.sweep()

    def go_to(self, instant: datetime) -> None:
        self.clock.set(max(instant, self.start))
        self.latest = max(self.latest, self.clock.real_now())

    @rule(fault=st.sampled_from(("away", "not you", "later", "no answer")))
    def trouble(self, fault: str) -> None:
        self.mended()
        if fault == "away":
            self.app.config["MAIL_PORT"] = 9
        elif fault == "no answer":
            self.server.drop_answers = 1
        else:
            self.server.answers["MAIL"] = "550 Not you" if fault == "not you" else "451 Later"

    @rule()
    def mended(self) -> None:
        self.app.config.update(self.server.settings)
        self.server.answers.clear()
        self.server.drop_answers = 0

    @rule(place=some_step, stage=st.sampled_from(STAGES), is_asked=st.booleans())
    def change_of_mind(self, place: int, stage: int, is_asked: bool) -> None:
        """A reminder is owed in the night, and before it goes it is no longer true."""
        deadline, today = self.step(place).deadline_on, self.clock.moment().today
        if deadline is None or not today < deadline + stage * DAY <= today + 20 * DAY:
            return
        day = deadline + stage * DAY
        self.look_at(self.at(day, time(7)))
        if is_asked:
            self.ask(place, 5, None)
        else:
            self.report(place, 0)
        self.look_at(self.at(day, time(12)))
        self.deliver()

    # --- what runs by itself ---

    @rule()
    def sweep(self) -> None:
        runs.sweep(self.app)
        today, waiting = self.clock.moment().today, {one.milestone_id for one in self.waiting()}
        row = self.session.get_one(PathwayRow, self.pathway_id, populate_existing=True)
        for step in rows_of_pathway(self.session, self.pathway_id):
            is_open = step.state in ("planned", "started") and row.state in RUNNING
            deadline, since = step.deadline_on, step.deadline_since_on
            if not is_open or step.id in waiting or deadline is None or since is None:
                continue
            stage = last_stage(deadline, since, today)
            if stage is not None:
                who = self.scene.signatory.person_id
                about = f"m{step.id}:{deadline}:{stage:+d}"
                self.keys.add(f"milestone-reminder:{about}:{who}")

    @rule()
    def deliver(self) -> None:
        withheld, had = self.server.drop_answers, len(self.server.messages)
        runs.deliver(self.app)
        self.dropped += withheld - self.server.drop_answers
        self.what_was_said_is_so(had)

    def what_was_said_is_so(self, had: int) -> None:
        """Each reminder in a mail that went just now is about a step that is open for that day."""
        said = {message_from_bytes(one.content)["Message-ID"] for one in self.server.messages[had:]}
        keys = self.session.scalars(
            select(MessageRow.key)
            .join(MailRow, MailRow.id == MessageRow.mail_id)
            .where(MailRow.message_id.in_(said), MessageRow.key.startswith("milestone-reminder:"))
        )
        waiting = {one.milestone_id for one in self.waiting()}
        row = self.session.get_one(PathwayRow, self.pathway_id, populate_existing=True)
        steps = rows_of_pathway(self.session, self.pathway_id)
        true = {
            f"m{step.id}:{step.deadline_on}"
            for step in steps
            if step.state in ("planned", "started") and step.id not in waiting
        }
        for key in keys:
            about = key.removeprefix("milestone-reminder:").rsplit(":", 2)[0]
            assert row.state in RUNNING and about in true, f"{key} was sent, which is not so"
            self.lived["reminders sent"] += 1

    # --- what always holds ---

    @invariant()
    def each_thing_is_owed_once(self) -> None:
        owed = self.session.scalars(select(MessageRow.key)).all()
        assert len(owed) == len(set(owed))
        assert self.seen <= set(owed), "what was owed is never taken away"
        self.seen = set(owed)
        assert {key for key in owed if key.startswith("milestone-reminder:")} == self.keys

    @invariant()
    def nothing_is_sent_twice_without_an_outage(self) -> None:
        copies = Counter(
            (message_from_bytes(one.content)["Message-ID"], one.content)
            for one in self.server.messages
        )
        assert len({identity for identity, _ in copies}) == len(copies), "all copies are the same"
        assert copies.total() - len(copies) <= self.dropped

    def teardown(self) -> None:
        try:
            if hasattr(self, "scene"):
                self.all_arrives()
        finally:
            self.session.close()
            self.outer.rollback()
            self.connection.close()
            db.session = self.real

    def all_arrives(self) -> None:
        """With the server mended nothing stays behind: by the second Monday all is said or void."""
        self.mended()
        day = self.latest.astimezone(self.clock.zone).date()
        for days in range(1, 15):
            self.clock.set(self.at(day + days * DAY, time(12)))
            self.deliver()
        states = Counter(self.session.scalars(select(MessageRow.state)))
        assert set(states) <= {"sent", "superseded"}, states
        sent = self.session.scalars(select(MailRow.message_id).where(MailRow.state == "sent")).all()
        arrived = {message_from_bytes(one.content)["Message-ID"] for one in self.server.messages}
        assert set(sent) <= arrived
        self.nothing_is_sent_twice_without_an_outage()
        self.lived["reminders"] += len(self.keys)
        self.lived["mails"] += len(self.server.messages)

    # --- how things stand ---

    def step(self, place: int) -> MilestoneRow:
        return rows_of_pathway(self.session, self.pathway_id)[place]

    def waiting(self) -> list[DateRequestRow]:
        """Requests that the buyer has not answered."""
        query = select(DateRequestRow).where(
            DateRequestRow.relation_id == self.scene.relation.id,
            DateRequestRow.answered_on.is_(None),
        )
        return list(self.session.scalars(query.execution_options(populate_existing=True)))
