"""The history is chained by hash: whatever was changed in it afterwards is found and named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy import event as events
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Moment
from onboarding.domain.conversations import NoteWritten
from onboarding.domain.people import Role
from onboarding.domain.seals import Head, digest, event_seal
from onboarding.services import conversations
from onboarding.services.dossier.history_checks import Broken, Checked, check_history
from onboarding.services.merging import Choice, merge_suppliers
from onboarding.services.redaction import redact_text
from onboarding.services.relations import enrol_supplier
from onboarding.services.suppliers import add_supplier
from onboarding.services.users import set_roles
from onboarding.store import sealed_history
from onboarding.store.database import unit_of_work
from onboarding.store.history import Record, append, append_all
from onboarding.store.seals import head_of
from onboarding.store.tables import (
    AssessmentRow,
    EventRow,
    RelationRow,
    StatusPeriodRow,
)
from tests import stage
from tests.settable_clock import SettableClock

NOTE = "Wim de Vries is ziek, belt u na drie weken terug."


class Life:
    """Two suppliers with something of a history."""

    def __init__(self, session: Session, clock: SettableClock) -> None:
        self.session, self.clock = session, clock
        self.customer = stage.a_customer(session)
        self.actor = stage.user_actor(session, self.customer, Role.MANAGER)
        self.first = add_supplier(session, self.actor, self.now, {"name": "Drukkerij De Linde"})
        self.second = add_supplier(session, self.actor, self.now, {"name": "Bakkerij Sterk"})
        for row in (self.first, self.second):
            clock.forward(days=1)
            enrol_supplier(session, self.actor, self.now, row.id)
            conversations.write_note(session, self.actor, self.now, row.id, text=NOTE)
        self.rows = (self.first, self.second)
        session.commit()

    @property
    def now(self) -> Moment:
        return self.clock.moment()

    def events(self, row: RelationRow) -> list[EventRow]:
        self.session.expire_all()
        query = select(EventRow).where(EventRow.relation_id == row.id).order_by(EventRow.id)
        return list(self.session.scalars(query))

    def check(self) -> Checked:
        self.session.expire_all()
        return check_history(self.session, self.customer.id)

    def broken(self) -> list[Broken]:
        return self.check().broken


@pytest.fixture
def life(session: Session, clock: SettableClock) -> Life:
    return Life(session, clock)


def test_what_the_tool_wrote_closes(life: Life) -> None:
    checked = life.check()
    assert checked.broken == [] and checked.redacted == []
    assert (checked.events, checked.assessments, checked.chains) == (6, 4, 3)
    assert checked.heads[life.first.id].length == 3
    assert len({head.sha256 for head in checked.heads.values()}) == 3


def test_the_customers_own_history_is_a_chain_too(life: Life) -> None:
    assert life.check().heads[0] == Head()
    role_given(life)
    checked = life.check()
    assert checked.broken == [] and checked.heads[0].length == 1
    wrong = update(EventRow).where(EventRow.chain == 0).values(facts={"role": "admin"})
    life.session.execute(wrong)
    [one] = life.broken()
    assert (one.chain, one.why) == (0, "its facts were changed")


def role_given(life: Life) -> None:
    admin = stage.user_actor(life.session, life.customer, Role.ADMIN)
    person = stage.a_person(life.session)
    roles = frozenset({Role.BUYER})
    set_roles(life.session, admin, life.now, person.id, roles, is_new=True)


def changed_facts(life: Life, event: EventRow) -> None:
    life.session.execute(
        update(EventRow).where(EventRow.id == event.id).values(facts={**event.facts, "x": 1})
    )


def changed_instant(life: Life, event: EventRow) -> None:
    life.session.execute(
        update(EventRow)
        .where(EventRow.id == event.id)
        .values(at=event.at - timedelta(microseconds=1))
    )


def changed_actor(life: Life, event: EventRow) -> None:
    life.session.execute(update(EventRow).where(EventRow.id == event.id).values(actor_id=None))


def removed(life: Life, event: EventRow) -> None:
    life.session.execute(delete(EventRow).where(EventRow.id == event.id))


def moved(life: Life, event: EventRow) -> None:
    life.session.execute(
        update(EventRow).where(EventRow.id == event.id).values(relation_id=life.second.id)
    )


def resealed_alone(life: Life, event: EventRow) -> None:
    """Changed by somebody who knows how seals are made, but not in the rows after it."""
    facts = {**event.facts, "x": 1}
    row = {column.name: getattr(event, column.name) for column in EventRow.__table__.columns}
    row |= {"facts": facts, "facts_sha256": digest(event.salt or "", facts)}
    before = life.events(life.first)[event.position - 2].sha256 if event.position > 1 else "0" * 64
    row["sha256"] = event_seal(before or "", row)
    life.session.execute(update(EventRow).where(EventRow.id == event.id).values(row))


TAMPERED = (changed_facts, changed_instant, changed_actor, removed, moved, resealed_alone)


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: one.__name__)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_that_is_tampered_with_is_named(
    life: Life, tamper: Callable[[Life, EventRow], None], place: int
) -> None:
    events = life.events(life.first)
    tamper(life, events[place])
    [one] = life.broken()
    assert one.chain == life.first.id
    if tamper is removed and place == 2:
        assert (one.row_id, one.why) == (None, "1 at the end are missing")
    elif tamper in (removed, resealed_alone) and place < 2:
        assert one.row_id == events[place + 1].id  # the first that does not fit
    else:
        assert one.row_id == events[place].id


def test_rows_that_change_places_are_found(life: Life) -> None:
    first, second, _ = life.events(life.first)
    for id, position in ((first.id, 77), (second.id, 1), (first.id, 2)):
        life.session.execute(update(EventRow).where(EventRow.id == id).values(position=position))
    [one] = life.broken()
    assert one.row_id == second.id


def test_a_row_that_is_added_is_found(life: Life) -> None:
    event = life.events(life.first)[-1]
    values = {c.name: getattr(event, c.name) for c in EventRow.__table__.columns if c.name != "id"}
    without = ("chain", "position", "salt", "facts_sha256", "sha256")
    life.session.add(EventRow(**{k: v for k, v in values.items() if k not in without}))
    life.session.flush()
    [one] = life.broken()
    assert (one.chain, one.why) == (life.first.id, "it was added without a seal")


def test_a_row_that_is_added_with_a_seal_is_found(life: Life) -> None:
    event = life.events(life.first)[-1]
    values = {c.name: getattr(event, c.name) for c in EventRow.__table__.columns if c.name != "id"}
    values["position"] = (event.position or 0) + 1
    values["sha256"] = event_seal(event.sha256 or "", values)
    life.session.add(EventRow(**values))
    life.session.flush()
    [one] = life.broken()
    assert (one.chain, one.why) == (life.first.id, "something was added after its end")


def test_a_whole_history_that_is_gone_is_found(life: Life) -> None:
    life.session.execute(delete(EventRow).where(EventRow.relation_id == life.first.id))
    [one] = life.broken()
    assert (one.chain, one.why) == (life.first.id, "3 at the end are missing")


def test_two_chains_are_both_named(life: Life) -> None:
    for row in (life.first, life.second):
        changed_facts(life, life.events(row)[1])
    assert [one.chain for one in life.broken()] == [life.first.id, life.second.id]


def last_assessment(life: Life) -> AssessmentRow:
    return life.session.get_one(AssessmentRow, life.first.assessment_id)


@pytest.mark.parametrize(
    ("column", "value"), [("status", "preferred"), ("reasons", []), ("policy_version", 9)]
)
def test_a_status_that_is_rewritten_is_found(life: Life, column: str, value: Any) -> None:
    row = last_assessment(life)
    life.session.execute(
        update(StatusPeriodRow)
        .where(StatusPeriodRow.assessment_id == row.id)
        .values({column: value})
    )
    [one] = life.broken()
    assert (one.chain, one.table, one.row_id) == (life.first.id, "assessments", row.id)


@pytest.mark.parametrize("which", [1, 2])
def test_an_assessment_that_is_removed_is_found(life: Life, which: int) -> None:
    ids = select(AssessmentRow.id).where(
        AssessmentRow.relation_id == life.first.id, AssessmentRow.number == which
    )
    life.session.execute(
        delete(StatusPeriodRow).where(StatusPeriodRow.assessment_id.in_(ids.scalar_subquery()))
    )
    life.session.execute(
        delete(AssessmentRow).where(
            AssessmentRow.relation_id == life.first.id, AssessmentRow.number == which
        )
    )
    [one] = life.broken()
    assert (one.chain, one.table) == (life.first.id, "assessments")


def test_a_removed_text_keeps_the_chain_closed(life: Life) -> None:
    note = life.events(life.first)[-1]
    salt, digested = note.salt, note.facts_sha256
    redact_text(life.session, life.actor, life.now, note.id, reason="Gezondheid")
    conversations.write_note(life.session, life.actor, life.now, life.first.id, text="Later.")
    checked = life.check()
    assert checked.broken == []
    assert checked.redacted == [("events", note.id)]
    after = life.events(life.first)[2]
    assert after.facts_sha256 == digested
    assert after.salt != salt, "with the salt the text could be tried out"


def test_a_text_is_not_removed_but_by_the_tool(life: Life) -> None:
    """Nor is what is left after a removal rewritten."""
    first, second = life.events(life.first)[-1], life.events(life.second)[-1]
    redact_text(life.session, life.actor, life.now, first.id, reason="Gezondheid")
    for event in (first, second):
        life.session.execute(
            update(EventRow).where(EventRow.id == event.id).values(facts={"text": "[…] Akkoord."})
        )
    assert [one.row_id for one in life.broken()] == [first.id, second.id]


def test_a_removal_that_is_forged_is_found(life: Life) -> None:
    note = life.events(life.first)[-1]
    redact_text(life.session, life.actor, life.now, note.id, reason="Gezondheid")
    removal = life.events(life.first)[-1]
    facts = {"text": "Akkoord."}
    told = [{"event": note.id, "sha256": digest("00", facts)}]
    for id, values in (
        (note.id, {"facts": facts, "salt": "00"}),
        (removal.id, {"facts": {**removal.facts, "resealed": told}}),
    ):
        life.session.execute(update(EventRow).where(EventRow.id == id).values(**values))
    [one] = life.broken()
    assert one.row_id == removal.id


def merge(life: Life) -> None:
    choice = Choice(stays_id=life.first.id, goes_id=life.second.id)
    merge_suppliers(life.session, life.actor, life.now, choice)


def test_a_merged_record_keeps_its_own_chain(life: Life) -> None:
    ended = head_of(life.session, life.second.id)
    own = life.events(life.second)
    life.clock.forward(days=1)
    merge(life)
    conversations.write_note(life.session, life.actor, life.now, life.first.id, text="Verder.")
    checked = life.check()
    assert checked.broken == []
    assert checked.heads[life.second.id] == ended
    merged = next(e for e in life.events(life.first) if e.code == "suppliers-merged")
    assert merged.facts["former_sha256"] == ended.sha256
    changed_facts(life, own[1])
    [one] = life.broken()
    assert (one.chain, one.row_id) == (life.second.id, own[1].id)


def test_a_merged_record_cannot_go_on(life: Life) -> None:
    life.clock.forward(days=1)
    last = life.events(life.second)[-1]
    merge(life)
    life.session.execute(delete(EventRow).where(EventRow.id == last.id))
    before = next(e for e in life.events(life.first) if (e.chain, e.position) == (last.chain, 2))
    life.session.execute(
        update(RelationRow)
        .where(RelationRow.id == life.second.id)
        .values(history_length=2, history_sha256=before.sha256)
    )
    [one] = life.broken()
    assert one.why == "the history of this record went on after it was merged"


def test_removing_a_text_from_a_merged_record_keeps_both_chains(life: Life) -> None:
    note = life.events(life.second)[-1]
    life.clock.forward(days=1)
    merge(life)
    redact_text(life.session, life.actor, life.now, note.id, reason="Gezondheid")
    checked = life.check()
    assert checked.broken == []
    assert ("events", note.id) in checked.redacted


def test_pages_are_read_from_where_the_last_one_ended(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_history, "AT_ONCE", 2)
    pages = []
    checked = check_history(life.session, life.customer.id, lambda: pages.append(1))
    assert checked.broken == [] and checked.events == 6
    assert len(pages) == 5


def test_writing_costs_one_read_and_one_write_more(life: Life) -> None:
    told: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    record = Record(actor=life.actor, moment=life.now, relation_id=life.first.id)
    both = [(a_note("x"), replace(record, relation_id=row.id)) for row in life.rows] * 5
    events.listen(life.session.connection(), "before_cursor_execute", tell)
    append(life.session, a_note("Nog een."), record)
    assert [statement.split()[0] for statement in told] == ["SELECT", "UPDATE", "INSERT"]
    told.clear()
    append_all(life.session, both)
    assert [statement.split()[0] for statement in told] == ["SELECT", "UPDATE", "INSERT"]
    assert life.broken() == []


def a_note(words: str) -> NoteWritten:
    return NoteWritten(text=words)


def test_one_customer_is_checked_at_a_time(life: Life) -> None:
    changed_facts(life, life.events(life.first)[0])
    other = stage.a_customer(life.session, "Ander Bedrijf")
    assert check_history(life.session, other.id).broken == []


def test_two_who_write_at_once_follow_one_another(
    fresh_sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    """Also where nobody holds the relation's lock, as the reading of bounces does."""
    with fresh_sessions() as session, unit_of_work(session):
        life = Life(session, clock)
        record = Record(actor=life.actor, moment=life.now, relation_id=life.first.id)
        customer_id = life.customer.id
    barrier = Barrier(4)

    def write() -> None:
        with fresh_sessions() as session:
            barrier.wait()
            for _ in range(5):
                with unit_of_work(session):
                    append(session, a_note("x"), record)

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with fresh_sessions() as session:
        checked = check_history(session, customer_id)
    assert checked.broken == [] and checked.events == 26
