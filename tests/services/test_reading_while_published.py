"""Whoever reads while a policy is published reads all of the one, or all of the other.

In the midst of everything that happens meanwhile: facts, new suppliers, merges, days that come,
and what was published being put in its place. What was answered once as known then, stays so.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.api.status_text import day_after
from onboarding.clock import Moment
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import timeline
from onboarding.domain.errors import DomainError
from onboarding.domain.people import Role
from onboarding.domain.policy import Level, Policy
from onboarding.domain.policy_drafts import ENDED, DraftState
from onboarding.domain.references import Ref, RefKind
from onboarding.services.decisions import take_decision
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.policy import draft_work
from onboarding.services.policy import drafts as policy_drafts
from onboarding.services.policy import publishing as policy_publishing
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_batch, draft_policy
from onboarding.services.policy.policies import publish_policy
from onboarding.services.policy.publishing import begin_publishing
from onboarding.services.relations import end_supplier_relation
from onboarding.services.status_reading import reading
from onboarding.services.statuses import policies_of, reassess
from onboarding.services.watching import follow
from onboarding.store import watches
from onboarding.store.assessments import from_day, last_assessments
from onboarding.store.current_status import note_passed, status_on
from onboarding.store.database import unit_of_work
from onboarding.store.dossiers import load_kept
from onboarding.store.eligibility import END_OF_INSTANTS, look_up
from onboarding.store.eligibility_pages import Listed, page_of_rows, rows_of
from onboarding.store.eligibility_rows import ID, STATUS_TOLD
from onboarding.store.eligibility_timelines import look_up_timeline
from onboarding.store.facts import load_facts
from onboarding.store.reports import statuses_held
from onboarding.store.status_history import Told, told_periods
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.supplier_list import all_ids, count_by_status, lines
from onboarding.store.tables import AssessmentRow, PolicyDraftRow, RelationRow, StatusPeriodRow
from onboarding.store.work_items import Sight
from onboarding.store.work_list import TO_DECIDE, decisions_needed
from tests import databases, proof_rows, stage
from tests.settable_clock import NOW, SettableClock

DAY = timedelta(days=1)
FEW = settings(
    max_examples=int(os.environ.get("EXAMPLES", "5")),
    phases=(Phase.explicit, Phase.generate),  # each takes seconds: it is told as it was found
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
acts = st.one_of(
    st.just(("work",)),
    st.just(("work",)),
    st.tuples(st.just("decide"), st.integers(0, 3), st.integers(1, 40)),
    st.tuples(st.just("end"), st.integers(0, 3), st.integers(0, 20)),
    st.just(("add",)),
    st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("publish"), st.sampled_from(list(Level)), st.integers(1, 20)),
    st.just(("elsewhere",)),
    st.just(("day",)),
    st.just(("note",)),
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (draft_work, policy_drafts, policy_publishing):
        monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(policy_publishing, "JUST_ARRIVED", 1)


class World:
    """Some suppliers of a customer, and what was read of them after each act."""

    def __init__(self, session: Session) -> None:
        self.session, self.clock = session, SettableClock(databases.zone(), instants=[NOW])
        self.customer = stage.a_customer(session)
        self.manager = stage.user_actor(session, self.customer, Role.MANAGER)
        self.token = stage.a_token(session, self.customer.id).token_sha256
        self.ids: list[int] = []
        self.read: list[tuple[datetime, dict[int, tuple[Told, ...]]]] = []
        for _ in range(3):
            self.add()
        self.read.append((self.now.now - DAY, {}))
        self.keep()

    @property
    def now(self) -> Moment:
        return self.clock.moment()

    def keep(self) -> None:
        """At this instant all that was ever answered is answered again."""
        self.session.commit()
        self.session.expire_all()
        self.read.append((self.now.now, told_periods(self.session, self.ids)))
        for known_at, answered in self.read:
            assert told_periods(self.session, list(answered), known_at) == answered
        self.check()

    def act(self, name: str, *given: Any) -> None:
        self.clock.forward(seconds=30)
        with suppress(DomainError), unit_of_work(self.session):
            getattr(self, name)(*given)
        self.keep()

    def one(self, place: int) -> int:
        return self.ids[place % len(self.ids)]

    def work(self) -> None:
        """One batch of whatever the worker would do next."""
        session = self.session
        work_on_drafts(lambda: unit_of_work(session), lambda: self.now, most=1)

    def decide(self, place: int, days: int) -> None:
        take_decision(
            self.session,
            self.manager,
            self.now,
            self.one(place),
            DecisionKind.EXEMPT,
            reason="Te klein.",
            starts_on=self.now.today,
            ends_on=self.now.today + days * DAY,
        )

    def end(self, place: int, days: int) -> None:
        row = self.session.get_one(RelationRow, self.one(place))
        if row.ended_on is None:
            on = self.now.today + days * DAY
            end_supplier_relation(self.session, self.manager, self.now, row.id, on, "klaar")

    def add(self) -> None:
        row = stage.a_relation(self.session, self.customer, f"Leverancier {len(self.ids)}")
        row.spend = 10 + len(self.ids)
        proof_rows.a_certificate(self.session, row)
        reassess(self.session, self.now, [row.id])
        follow(self.session, self.manager, self.now, row.id)
        self.ids.append(row.id)

    def merge(self, stays: int, goes: int) -> None:
        stays, goes = self.one(stays), self.one(goes)
        if stays != goes and len(self.ids) > 2:
            choice = Choice(stays_id=stays, goes_id=goes)
            merge_suppliers(self.session, self.manager, self.now, choice)
            self.ids.remove(goes)
            self.read = [
                (at, {id: told for id, told in all_.items() if id != goes})
                for at, all_ in self.read
            ]

    def publish(self, level: Level, days: int) -> None:
        """Begin to. It is counted at once."""
        session, seen = self.session, self.version()
        wanted = Policy(
            version=0,
            starts_on=self.now.today + days * DAY,
            required_level=level,
            preferred_level=max(level, Level.TREDE_2, key=list(Level).index),
            cure_working_days=10 + seen,
        )
        draft_id = draft_policy(session, self.manager, self.now, wanted, seen=seen).id
        session.commit()
        while count_batch(lambda: unit_of_work(session), self.now, draft_id):
            pass
        with unit_of_work(session):
            begin_publishing(session, self.manager, self.now, draft_id)

    def elsewhere(self) -> None:
        """Another manager publishes meanwhile, the old way: what is prepared is refused."""
        wanted = Policy(version=0, starts_on=self.now.today + 400 * DAY, window_days=30)
        publish_policy(self.session, self.manager, self.now, wanted, seen=self.version())
        reassess(self.session, self.now, self.ids)

    def day(self) -> None:
        self.clock.forward(days=1)

    def note(self) -> None:
        note_passed(self.session, self.customer.id, self.now.today)

    def version(self) -> int:
        return len(policies_of(self.session, self.customer.id).versions)

    def under_the_policy(self) -> bool:
        """Whether all that is read is what follows from what is known, and none of it else."""
        session, today = self.session, self.now.today
        policies = policies_of(session, self.customer.id)
        facts = load_facts(session, self.ids)
        return all(
            from_day(periods, today) == timeline(facts[id], policies, today)
            for id, (_, periods) in last_assessments(session, self.ids).items()
        )

    def check(self) -> None:
        session, today = self.session, self.now.today
        assert check_history(session, self.customer.id).broken == []
        assert self.under_the_policy()
        told = told_periods(session, self.ids)
        assert told.keys() == set(self.ids)
        for on in (today, today + 2 * DAY, today + 500 * DAY):
            expected = {
                id: next(one.period.status.value for one in periods if on <= one.period.ends_on)
                for id, periods in told.items()
            }
            for reader, found in self.readers(on):
                assert found == expected, (reader, on)
            self.check_sums(on, expected, told)
        for known_at, answered in (self.read[-1], self.read[-2], self.read[len(self.read) // 2]):
            for on in (today - DAY, today, today + 2 * DAY):
                self.check_rows(on, known_at, answered)
        self.check_changed(told)
        for id in self.ids:
            ref = Ref(RefKind.OWN, str(id))
            _, [one] = look_up_timeline(session.connection(), self.token, self.now.now, ref, None)
            assert tuple(one.told) == told[id]
            kept = load_kept(session, session.get_one(RelationRow, id))
            assert [row.number for row in kept.assessments] == [*range(1, told[id][-1].number + 1)]
            assert kept.known_from[kept.assessments[-1].id] == told[id][-1].known_from

    def check_rows(self, on: date, known_at: datetime, told: dict[int, tuple[Told, ...]]) -> None:
        """What programs get of each supplier, as known at the instant, with the run of days."""
        today = self.clock.moment_at(known_at).today
        rows = rows_of(self.session, self.ids, on, known_at, today)
        readings = {id: one for id in told if (one := reading(id, told[id], on)) is not None}
        assert rows.keys() == readings.keys()
        for id, one in readings.items():
            until = (one.until + DAY).isoformat() + str(one.then) if one.until else None
            assert rows[id][STATUS_TOLD] == one.status
            assert (day_after(rows[id][-2]), rows[id][-1]) == (one.since.isoformat(), until)

    def check_changed(self, told: dict[int, tuple[Told, ...]]) -> None:
        """Since the act before: those of which something was recorded, or all of them."""
        today, (since, _) = self.now.today, self.read[-2]
        listed = Listed(
            customer_id=self.customer.id,
            on=today,
            known_at=END_OF_INSTANTS,
            changed_since=(since, today),
        )
        page, _ = page_of_rows(self.session.connection(), listed, after_id=0, limit=100)
        known = {id: reading(id, told[id], today) for id in self.ids}
        assert {row[ID] for row in page} == {
            id for id, one in known.items() if one is not None and one.known_from > since
        }

    def periods_now(self) -> set[int]:
        """The periods of each supplier's last assessment."""
        last = [row.id for row, _ in last_assessments(self.session, self.ids).values()]
        of_these = StatusPeriodRow.assessment_id.in_(last)
        return set(self.session.scalars(select(StatusPeriodRow.id).where(of_these)))

    def readers(self, on: date) -> Iterator[tuple[str, dict[int, str]]]:
        """The status of each supplier on the day, as each kind of reader finds it."""
        session, today, customer = self.session, self.now.today, self.customer.id
        connection = session.connection()
        rows = rows_of(session, self.ids, on, END_OF_INSTANTS, today)
        yield "many", {id: row[STATUS_TOLD] for id, row in rows.items()}
        listed = Listed(customer_id=customer, on=on, known_at=END_OF_INSTANTS)
        page, _ = page_of_rows(connection, listed, after_id=0, limit=100)
        yield "page", {row[ID]: row[STATUS_TOLD] for row in page}
        singles = {}
        for id in self.ids:
            ref = Ref(RefKind.OWN, str(id))
            _, [one] = look_up(connection, self.token, self.now.now, ref, on, None, today)
            assert one.row is not None and one.known_from is not None
            singles[id] = one.row[STATUS_TOLD]
        yield "single", singles
        yield (
            "list",
            {
                line.id: line.status or ""
                for line in lines(session, customer, SupplierFilter(), on, 1)
            },
        )
        noted = session.execute(
            select(RelationRow.id, status_on(on)).where(RelationRow.customer_id == customer)
        )
        yield "noted", {id: status or "" for id, status in noted}
        assert self.manager.person_id is not None
        followed = watches.followed(session, customer, self.manager.person_id, on)
        yield "followed", {one.relation_id: one.status or "" for one in followed}

    def check_sums(
        self, on: date, expected: dict[int, str], told: dict[int, tuple[Told, ...]]
    ) -> None:
        session, customer = self.session, self.customer.id
        counted = count_by_status(session, customer, SupplierFilter(), on)
        assert {one.status: one.count for one in counted} == Counter(expected.values())
        for status in set(expected.values()):
            [*found] = all_ids(session, customer, SupplierFilter(status=status), on)
            ids = {id for some in found for id in some}
            assert ids == {id for id, one in expected.items() if one == status}
        ended = {
            id
            for id in self.ids
            if (day := session.get_one(RelationRow, id).ended_on) is not None and day <= on
        }
        running = Counter(status for id, status in expected.items() if id not in ended)
        held = statuses_held(session, customer, [on])
        assert {one.status: one.count for one in held} == running
        waiting = decisions_needed(session, Sight(customer_id=customer, today=on))
        assert {one.id for one in waiting.items} <= self.periods_now()
        assert {one.relation_id for one in waiting.items} == {
            id
            for id in self.ids
            if id not in ended
            and (one := reading(id, told[id], on)) is not None
            and one.status in TO_DECIDE
            and "decision-needed" in {reason.code for reason in one.reasons}
        }


def test_step_by_step(session: Session) -> None:
    """Nothing before, all at one instant, and the same while it is put in its place."""
    world = World(session)
    world.act("publish", Level.TREDE_2, 2)
    before, _ = read(world), world.act("work")
    assert read(world) == before
    world.act("work")
    assert (read(world), world.version()) == (before, 1)
    world.act("work")
    after = read(world)
    assert world.version() == 2
    assert all(after[id] != before[id] for id in world.ids)
    assert len({told[-1].known_from for told in after.values()}) == 1
    assert unsettled(session) == 3
    world.act("work")
    assert (read(world), unsettled(session)) == (after, 1)
    world.act("work")
    assert (read(world), unsettled(session)) == (after, 0)


def test_at_midnight_all_is_right_though_nothing_is_in_its_place(session: Session) -> None:
    world = World(session)
    world.act("publish", Level.TREDE_2, 1)
    for _ in range(3):
        world.act("work")
    for _ in range(3):
        world.act("day")
        world.act("note")
    assert unsettled(session) == 3


def test_what_one_policy_brought_another_takes_back_for_days_that_passed_too(
    session: Session,
) -> None:
    world = World(session)
    world.act("publish", Level.TREDE_2, 6)
    while unsettled(session) or world.version() == 1:
        world.act("work")
    world.act("day")
    yesterday = world.now.today - DAY
    assert {reading(id, told, yesterday).then for id, told in read(world).items()} == {
        "conditional"
    }
    world.act("publish", Level.TREDE_1, 5)
    while world.version() == 2:
        world.act("work")
    assert unsettled(session) == 3
    after = {reading(id, told, yesterday).then for id, told in read(world).items()}
    assert after == {"undecided"}


def read(world: World) -> dict[int, tuple[Told, ...]]:
    return told_periods(world.session, world.ids)


def unsettled(session: Session) -> int:
    waits = AssessmentRow.known_from.is_(None)
    return session.scalar(select(func.count()).select_from(AssessmentRow).where(waits)) or 0


@pytest.mark.long
@FEW
@given(happens=st.lists(acts, min_size=6, max_size=10))
def test_it_is_all_of_the_one_or_all_of_the_other(session: Session, happens) -> None:
    world = World(session)
    world.act("publish", Level.TREDE_2, 2)
    for act in happens:
        world.act(*act)
    drafts = select(PolicyDraftRow).where(PolicyDraftRow.customer_id == world.customer.id)
    for _ in range(100):
        states = {draft.state for draft in session.scalars(drafts)}
        if states <= ENDED:
            break
        world.act("work")
    assert states and states <= {DraftState.PUBLISHED, DraftState.REFUSED}
    event(f"ended: {sorted(states)}")
