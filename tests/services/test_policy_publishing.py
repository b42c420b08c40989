"""A policy is prepared in batches and there for all at one instant, with what arrived meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from threading import Event, Thread
from time import perf_counter, sleep

import pytest
from sqlalchemy import event, exists, func, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Moment
from onboarding.domain.announcements import next_change_on
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.eligibility import timeline
from onboarding.domain.errors import MoveRefused
from onboarding.domain.people import Actor, Role
from onboarding.domain.policy import Level, Policy
from onboarding.services.decisions import take_decision
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.policy import drafts as policy_drafts
from onboarding.services.policy import publishing as policy_publishing
from onboarding.services.policy.draft_work import work_on_drafts
from onboarding.services.policy.drafts import count_batch, draft_policy
from onboarding.services.policy.policies import publish_policy
from onboarding.services.policy.publishing import begin_publishing, prepare_batch
from onboarding.services.redaction import redact_text
from onboarding.services.relations import end_supplier_relation
from onboarding.services.status_reading import read_status
from onboarding.services.statuses import policies_of, reassess
from onboarding.services.users import set_roles
from onboarding.store.assessments import from_day, last_assessments
from onboarding.store.database import unit_of_work
from onboarding.store.facts import load_facts
from onboarding.store.published import known_from
from onboarding.store.relations import lock_relations
from onboarding.store.tables import (
    AnnouncementRow,
    AssessmentRow,
    EventRow,
    OrganisationRow,
    PolicyDraftChangeRow,
    PolicyDraftRow,
    PolicyRow,
    PreparedAssessmentRow,
    RelationRow,
)
from tests import proof_rows, stage
from tests.settable_clock import SettableClock

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_drafts, "BATCH", 2)
    monkeypatch.setattr(policy_publishing, "BATCH", 2)


@pytest.fixture
def customer(session: Session) -> OrganisationRow:
    return stage.a_customer(session)


@pytest.fixture
def manager(session: Session, customer: OrganisationRow) -> Actor:
    return stage.user_actor(session, customer, Role.MANAGER)


def five(session: Session, customer: OrganisationRow, moment: Moment) -> list[int]:
    """Suppliers with a certificate of step 1, assessed."""
    ids = []
    for n in range(5):
        relation = stage.a_relation(session, customer, f"Leverancier {n}")
        proof_rows.a_certificate(session, relation)
        ids.append(relation.id)
    reassess(session, moment, ids)
    session.commit()
    return ids


def preparing(session: Session, manager: Actor, moment: Moment) -> int:
    """A stricter policy from tomorrow, counted, and about to be published."""
    wanted = Policy(
        version=0,
        starts_on=moment.today + DAY,
        required_level=Level.TREDE_2,
        preferred_level=Level.TREDE_3,
    )
    draft_id = draft_policy(session, manager, moment, wanted, seen=1).id
    session.commit()
    while count_batch(lambda: unit_of_work(session), moment, draft_id):
        pass
    begin_publishing(session, manager, moment, draft_id)
    session.commit()
    return draft_id


def exempt(
    session: Session, manager: Actor, moment: Moment, relation_id: int, reason: str = "Te klein."
) -> date:
    """Something is recorded of the supplier; returns the last day on which it holds."""
    until = moment.today + 40 * DAY
    take_decision(
        session,
        manager,
        moment,
        relation_id,
        DecisionKind.EXEMPT,
        reason=reason,
        starts_on=moment.today,
        ends_on=until,
    )
    return until


def finish(session: Session, moment: Moment, draft_id: int) -> str:
    session.commit()
    while prepare_batch(unit_of_work, moment, draft_id):
        session.commit()
    session.commit()
    return session.get_one(PolicyDraftRow, draft_id).state


def versions(session: Session) -> int:
    return session.scalar(select(func.count(PolicyRow.id))) or 0


def settle(session: Session, moment: Moment) -> None:
    """Let the worker put all that was published in its place."""
    session.commit()
    work_on_drafts(lambda: unit_of_work(session), lambda: moment, most=100)
    session.commit()


def check_all(session: Session, moment: Moment, ids: list[int]) -> None:
    """What is stored is what follows from what is known, and numbers and instants rise.

    As it is read as soon as it is published, and as it stands when all is in its place.
    """
    check_read(session, moment, ids)
    settle(session, moment)
    check_read(session, moment, ids)
    last = last_assessments(session, ids)
    for relation_id in ids:
        relation = session.get_one(RelationRow, relation_id, populate_existing=True)
        stored = from_day(last[relation_id][1], moment.today)
        today = (relation.status, relation.status_starts_on, relation.status_ends_on)
        assert today == (stored[0].status, stored[0].starts_on, stored[0].ends_on)
        assert relation.status_changes_on == next_change_on(stored, moment.today)
        assert relation.assessment_id == last[relation_id][0].id
        assert (relation.prepared_assessment_id, relation.prepared_draft_id) == (None, None)
    assert not session.scalar(select(exists().where(AssessmentRow.known_from.is_(None))))


def check_read(session: Session, moment: Moment, ids: list[int]) -> None:
    policies = policies_of(session, session.get_one(RelationRow, ids[0]).customer_id)
    facts, last = load_facts(session, ids), last_assessments(session, ids)
    for relation_id in ids:
        stored = from_day(last[relation_id][1], moment.today)
        assert stored == timeline(facts[relation_id], policies, moment.today)
        since = known_from(AssessmentRow)
        rows = session.execute(
            select(AssessmentRow.id, AssessmentRow.number, since.label("since"))
            .where(AssessmentRow.relation_id == relation_id, since.is_not(None))
            .order_by(AssessmentRow.number)
        ).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert all(one.since < other.since for one, other in pairwise(rows))
        assert rows[-1].id == last[relation_id][0].id
    relation = session.get_one(RelationRow, ids[0])
    checked = check_history(session, relation.customer_id)
    assert (checked.broken, checked.heads.keys() - {0}) == ([], set(ids))


def test_what_a_day_brought_before_is_announced_before(
    session: Session,
    moment: Moment,
    clock: SettableClock,
    customer: OrganisationRow,
    manager: Actor,
) -> None:
    [first, *_] = ids = five(session, customer, moment)
    end_supplier_relation(session, manager, moment, first, moment.today + 3 * DAY, "klaar")
    later = clock.forward(days=4)
    draft_id = preparing(session, manager, later)
    assert finish(session, later, draft_id) == "published"
    check_all(session, later, ids)
    told = session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.relation_id == first)
        .order_by(AnnouncementRow.number, AnnouncementRow.starts_on)
    ).all()
    assert (told[-1].starts_on, told[-1].to_status) == (moment.today + 3 * DAY, "ineligible")


def test_nothing_is_seen_before_and_all_at_one_instant_after(
    session: Session,
    moment: Moment,
    clock: SettableClock,
    customer: OrganisationRow,
    manager: Actor,
) -> None:
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    later = clock.forward(minutes=5)
    for batch in (2, 4, 5):
        assert prepare_batch(unit_of_work, later, draft_id)
        assert session.get_one(PolicyDraftRow, draft_id).looked_at == batch
        assert versions(session) == 1
        counted = check_history(session, customer.id)
        assert (counted.assessments, counted.broken) == (5, [])
    assert prepare_batch(unit_of_work, later, draft_id)
    assert versions(session) == 2
    assert not prepare_batch(unit_of_work, later, draft_id)
    check_all(session, later, ids)
    for relation_id in ids:
        before = read_status(session, relation_id, later.today + DAY, moment.now)
        after = read_status(session, relation_id, later.today + DAY)
        assert before is not None and after is not None
        assert (before.status, after.status) == ("eligible", "conditional")
        assert (after.policy_version, after.known_from) == (2, later.now)


def test_what_is_recorded_meanwhile_is_in_it(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    for _ in range(3):
        prepare_batch(unit_of_work, moment, draft_id)
    until = exempt(session, manager, moment, ids[0])
    new = stage.a_relation(session, customer, "Nieuw")
    reassess(session, moment, [new.id])
    session.commit()
    assert finish(session, moment, draft_id) == "published"
    check_all(session, moment, [*ids, new.id])
    first = read_status(session, ids[0], until)
    assert first is not None and (first.status, first.policy_version) == ("eligible", 2)


def test_whoever_goes_on_writing_does_not_put_it_off(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    steps = 0
    while prepare_batch(unit_of_work, moment, draft_id):
        exempt(session, manager, moment, ids[steps % len(ids)], reason=f"Te klein, {steps}.")
        session.commit()
        steps += 1
        assert steps <= 4, "three batches, and the last step"
    assert session.get_one(PolicyDraftRow, draft_id).state == "published"
    check_all(session, moment, ids)


def test_what_was_prepared_on_another_day_is_prepared_again(
    session: Session,
    moment: Moment,
    clock: SettableClock,
    customer: OrganisationRow,
    manager: Actor,
) -> None:
    ids = five(session, customer, moment)
    wanted = Policy(version=0, starts_on=moment.today + 9 * DAY, window_days=30)
    draft_id = draft_policy(session, manager, moment, wanted, seen=1).id
    session.commit()
    while count_batch(lambda: unit_of_work(session), moment, draft_id):
        pass
    begin_publishing(session, manager, moment, draft_id)
    session.commit()
    prepare_batch(unit_of_work, moment, draft_id)
    tomorrow = clock.forward(days=1)
    assert finish(session, tomorrow, draft_id) == "published"
    check_all(session, tomorrow, ids)
    last = last_assessments(session, ids)
    assert {row.starts_on for row, _ in last.values()} == {tomorrow.today}


def refused(session: Session, draft_id: int) -> str:
    row = session.get_one(PolicyDraftRow, draft_id)
    assert row.refusal is not None and versions(session) <= 2
    return f"{row.state} {row.refusal['code']}"


def test_a_day_that_has_come_is_refused(
    session: Session,
    moment: Moment,
    clock: SettableClock,
    customer: OrganisationRow,
    manager: Actor,
) -> None:
    five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    finish(session, clock.forward(days=1), draft_id)
    assert refused(session, draft_id) == "refused input-invalid"


def test_one_published_meanwhile_is_not_overwritten(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    wanted = Policy(version=0, starts_on=moment.today + DAY, window_days=30)
    publish_policy(session, manager, moment, wanted, seen=1)
    finish(session, moment, draft_id)
    assert refused(session, draft_id) == "refused version-outdated"
    assert all(row.number == 1 for row, _ in last_assessments(session, ids).values())


def test_whoever_may_not_publish_any_more_does_not(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    admin = stage.user_actor(session, customer, Role.ADMIN)
    assert manager.person_id is not None
    set_roles(session, admin, moment, manager.person_id, frozenset({Role.READER}))
    finish(session, moment, draft_id)
    assert refused(session, draft_id) == "refused not-allowed"


def test_it_begins_once_and_what_is_left_is_cleared(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    with pytest.raises(MoveRefused):
        begin_publishing(session, manager, moment, draft_id)
    session.rollback()
    work_on_drafts(unit_of_work, lambda: moment, most=50)
    for table in (PreparedAssessmentRow, PolicyDraftChangeRow):
        assert session.scalar(select(func.count(table.id))) == 0
    assert versions(session) == 2


def test_no_batch_touches_more_than_its_suppliers_and_the_last_step_is_a_fixed_number(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    counts: list[int] = []
    while True:
        statements: list[str] = []
        with heard(session, statements.append):
            if not prepare_batch(unit_of_work, moment, draft_id):
                break
        counts.append(len(statements))
        prepared = session.scalar(select(func.count(PreparedAssessmentRow.id))) or 0
        assert prepared <= 2 * len(counts)
    assert len(counts) == 4
    assert counts[0] == counts[1] and counts[-1] < 25


@contextmanager
def heard(session: Session, hear: Callable[[str], None]) -> Iterator[None]:
    def listen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        hear(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    yield
    event.remove(connection, "before_cursor_execute", listen)


def test_writers_go_on_while_it_is_published_and_lose_nothing(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    with fresh_sessions() as session:
        customer = stage.a_customer(session)
        manager = stage.user_actor(session, customer, Role.MANAGER)
        ids = five(session, customer, moment)
        draft_id = preparing(session, manager, moment)
    over, failed, decided = Event(), [], []

    def write() -> None:
        """Decides about one after the other, until the policy is there."""
        with fresh_sessions() as session:
            turn = 0
            while not over.is_set() and turn < 60:
                relation_id = ids[turn % len(ids)]
                turn += 1
                try:
                    with unit_of_work(session) as work:
                        take_decision(
                            work,
                            manager,
                            moment,
                            relation_id,
                            DecisionKind.GRANT,
                            reason=f"Om reden {turn}.",
                            starts_on=moment.today,
                            ends_on=moment.today + turn * DAY,
                        )
                    decided.append(relation_id)
                except Exception as error:
                    failed.append(error)

    def one_unit() -> AbstractContextManager[Session]:
        return unit_of_work(publisher)

    writer = Thread(target=write)
    writer.start()
    with fresh_sessions() as publisher:
        rested: list[None] = []

        def rest() -> None:
            rested.append(sleep(0.03))

        done = work_on_drafts(one_unit, lambda: moment, most=200, draft_id=draft_id, rest=rest)
        assert len(rested) == done
        state = publisher.get_one(PolicyDraftRow, draft_id, populate_existing=True).state
    over.set()
    writer.join(60)
    assert (state, failed) == ("published", [])
    with fresh_sessions() as session:
        check_all(session, moment, ids)
        assert versions(session) == 2
        assert decided


def test_of_two_the_other_waits_and_is_refused(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    ids = five(session, customer, moment)
    first, second = (preparing(session, manager, moment) for _ in range(2))
    assert prepare_batch(unit_of_work, moment, first)
    assert not prepare_batch(unit_of_work, moment, second)
    assert finish(session, moment, first) == "published"
    assert finish(session, moment, second) == "refused"
    check_all(session, moment, ids)
    assert versions(session) == 2


def test_what_came_of_one_that_was_refused_is_nobodys(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    wanted = Policy(version=0, starts_on=moment.today + DAY, window_days=30)
    publish_policy(session, manager, moment, wanted, seen=1)
    assert finish(session, moment, draft_id) == "refused"
    reassess(session, moment, ids[:1])  # before the worker cleared anything
    reassess(session, moment, ids[1:])
    check_all(session, moment, ids)
    assert all(row.number == 2 for row, _ in last_assessments(session, ids).values())
    assert not session.scalar(select(exists().where(AssessmentRow.draft_id.is_not(None))))


@pytest.mark.parametrize("is_published", [False, True])
def test_a_text_that_is_removed_is_in_nothing_that_is_prepared(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor, is_published: bool
) -> None:
    """What was prepared goes, as it does for whatever is recorded; what counts already stays."""
    ids = five(session, customer, moment)
    take_decision(
        session,
        manager,
        moment,
        ids[0],
        DecisionKind.EXEMPT,
        reason="Jan is ziek.",
        starts_on=moment.today,
        ends_on=moment.today + 40 * DAY,
    )
    draft_id = preparing(session, manager, moment)
    prepare_batch(unit_of_work, moment, draft_id)
    if is_published:
        finish(session, moment, draft_id)
    relation = session.get_one(RelationRow, ids[0])
    assert relation.prepared_draft_id == draft_id
    decided = select(EventRow.id).where(EventRow.relation_id == ids[0]).order_by(EventRow.id.desc())
    event_id = session.scalars(decided).first()
    assert event_id is not None
    redact_text(session, manager, moment, event_id, reason="Gezondheid.")
    session.commit()
    number = session.get_one(AssessmentRow, relation.assessment_id).number
    assert (relation.prepared_assessment_id, number) == (None, 2 if is_published else 1)
    assert check_history(session, customer.id).broken == []
    assert finish(session, moment, draft_id) == "published"
    check_all(session, moment, ids)
    assert last_assessments(session, ids)[ids[0]][0].number == 2


def test_two_records_become_one_while_it_is_published(
    session: Session, moment: Moment, customer: OrganisationRow, manager: Actor
) -> None:
    """What is published later is not of the one that went; what was published before is."""
    ids = five(session, customer, moment)
    draft_id = preparing(session, manager, moment)
    for _ in range(3):
        prepare_batch(unit_of_work, moment, draft_id)
    merge_suppliers(session, manager, moment, Choice(stays_id=ids[0], goes_id=ids[1]))
    session.commit()
    assert finish(session, moment, draft_id) == "published"
    merge_suppliers(session, manager, moment, Choice(stays_id=ids[0], goes_id=ids[2]))
    session.commit()
    settle(session, moment)
    numbers = {
        id: list(
            session.scalars(
                select(AssessmentRow.number)
                .where(AssessmentRow.relation_id == id)
                .order_by(AssessmentRow.number)
            )
        )
        for id in ids[1:3]
    }
    assert numbers == {ids[1]: [1], ids[2]: [1, 2]}
    assert check_history(session, customer.id).broken == []
    assert session.scalar(select(func.count(PreparedAssessmentRow.id))) == 0


POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


def ready_to_publish(
    sessions: sessionmaker[Session], moment: Moment
) -> tuple[Actor, list[int], int]:
    """Five suppliers, all prepared: the next batch publishes."""
    with sessions() as session:
        customer = stage.a_customer(session)
        manager = stage.user_actor(session, customer, Role.MANAGER)
        ids = five(session, customer, moment)
        draft_id = preparing(session, manager, moment)
        for _ in range(3):
            prepare_batch(lambda: unit_of_work(session), moment, draft_id)
    return manager, ids, draft_id


@POSTGRESQL
def test_it_lets_others_go_before_whoever_takes_long(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    """On SQLite there is one writer at a time, and nobody to wait for."""
    _, ids, draft_id = ready_to_publish(fresh_sessions, moment)
    with fresh_sessions() as publisher, fresh_sessions() as other:
        with fresh_sessions() as long, unit_of_work(long):
            lock_relations(long, ids[:1])
            began = perf_counter()
            assert prepare_batch(lambda: unit_of_work(publisher), moment, draft_id)
            assert perf_counter() - began < 1
            assert publisher.get_one(PolicyDraftRow, draft_id).state == "preparing"
            with unit_of_work(other):
                lock_relations(other, ids[1:])
        assert prepare_batch(lambda: unit_of_work(publisher), moment, draft_id)
        assert publisher.get_one(PolicyDraftRow, draft_id).state == "published"


@POSTGRESQL
def test_whoever_comes_while_it_becomes_visible_writes_under_the_new_one(
    fresh_sessions: sessionmaker[Session], moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, ids, draft_id = ready_to_publish(fresh_sessions, moment)
    decided = Event()

    def decide() -> None:
        with fresh_sessions() as session, unit_of_work(session):
            take_decision(
                session,
                manager,
                moment,
                ids[3],
                DecisionKind.EXEMPT,
                reason="Te klein.",
                starts_on=moment.today,
                ends_on=moment.today + 5 * DAY,
            )
        decided.set()

    writer = Thread(target=decide)
    count_it = policy_publishing.publish_prepared

    def publish_slowly(draft: PolicyDraftRow, now: datetime) -> None:
        writer.start()
        assert not decided.wait(0.3)
        count_it(draft, now)

    monkeypatch.setattr(policy_publishing, "publish_prepared", publish_slowly)
    with fresh_sessions() as publisher:
        assert prepare_batch(lambda: unit_of_work(publisher), moment, draft_id)
        writer.join(60)
        assert publisher.get_one(PolicyDraftRow, draft_id).state == "published"
    with fresh_sessions() as session:
        check_all(session, moment, ids)
        assert last_assessments(session, ids)[ids[3]][0].number >= 2
