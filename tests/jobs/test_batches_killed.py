"""Killed halfway or done by two at once, a batch does what it does to each supplier once."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Moment
from onboarding.domain.batches import BatchKind, ItemState
from onboarding.domain.changes import as_json
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.batch_work import work_off
from onboarding.services.batches import Wanted, begin, preview
from onboarding.store.database import unit_of_work
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.tables import (
    BatchItemRow,
    BatchRow,
    ContactRow,
    EventRow,
    MessageRow,
    OrganisationRow,
    PathwayRow,
    PersonRow,
    RelationRow,
)
from tests import databases, stage
from tests.settable_clock import NOW

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SUPPLIERS = 300
TODAY = NOW.date()
STEPS = [as_json(Step(title="agreement", due_on=TODAY))]


def test_killed_halfway_it_proposes_to_each_supplier_once(
    fresh_app: Flask, fresh_database_url: str, fresh_sessions: sessionmaker[Session]
) -> None:
    with fresh_sessions() as session:
        _plan_for_today(session)
        session.commit()
    worker = [sys.executable, "-m", "tests.jobs.working_off", fresh_database_url]
    process = subprocess.Popen(worker, cwd=ROOT)
    try:
        while _count(fresh_sessions, ItemState.DONE) < SUPPLIERS // 2:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert _count(fresh_sessions, ItemState.DONE) < SUPPLIERS
    runs.batches(fresh_app)
    assert _count(fresh_sessions, ItemState.DONE) == SUPPLIERS
    with fresh_sessions() as session:
        ids = session.scalars(select(RelationRow.id)).all()
        proposed = select(EventRow.relation_id).where(EventRow.code == "pathway-proposed")
        assert Counter(session.scalars(proposed)) == Counter(ids)
        owed = select(MessageRow.relation_id).where(MessageRow.kind == "proposal")
        assert Counter(session.scalars(owed)) == Counter(ids)
        assert set(session.execute(select(PathwayRow.state, PathwayRow.revision))) == {
            ("proposed", 1)
        }
        assert session.scalars(select(BatchRow.finished_at)).one() is not None


def test_two_workers_do_each_supplier_once(
    fresh_sessions: sessionmaker[Session], moment: Moment
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        customer = stage.a_customer(session)
        actor = stage.user_actor(session, customer)
        for n in range(12):
            stage.a_relation(session, customer, f"L{n}")
        want = Wanted(kind=BatchKind.ENROL, asked=SupplierFilter())
        begin(session, actor, moment, want, preview(session, actor, moment, want).seen)
    done = []

    def work() -> None:
        with fresh_sessions() as session:
            zone = databases.zone()
            done.append(work_off(lambda: unit_of_work(session), moment, zone, most=100))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 12
    with fresh_sessions() as session:
        enrolled = select(EventRow.relation_id).where(EventRow.code == "relation-enrolled")
        ids = session.scalars(select(RelationRow.id)).all()
        assert Counter(session.scalars(enrolled)) == Counter(ids)
        assert set(session.scalars(select(BatchItemRow.state))) == {ItemState.DONE}


def _count(sessions: sessionmaker[Session], state: ItemState) -> int:
    with sessions() as session:
        query = select(func.count()).where(BatchItemRow.state == state)
        return session.scalar(query) or 0


def _plan_for_today(session: Session) -> None:
    """Drafts for all suppliers, each with somebody to write to, planned for today."""
    customer = stage.a_customer(session)
    buyer = stage.a_user(session, customer)
    numbers = range(SUPPLIERS)
    made: dict[str, Any] = {"created_at": NOW}
    suppliers = _ids(session, OrganisationRow, [{"name": f"L{n}", **made} for n in numbers])
    relations = _ids(
        session,
        RelationRow,
        [
            {
                "customer_id": customer.id,
                "supplier_id": supplier_id,
                "name": f"L{n}",
                "sort_name": f"l{n}",
                "created_on": TODAY,
                **made,
            }
            for n, supplier_id in enumerate(suppliers)
        ],
    )
    people = _ids(
        session, PersonRow, [{"name": "Sam", "email": f"sam{n}@l.example", **made} for n in numbers]
    )
    contact = {"role": "signatory", "invited_at": NOW, "is_main": True}
    _ids(
        session,
        ContactRow,
        [
            {"relation_id": relation_id, "person_id": person_id, **contact}
            for relation_id, person_id in zip(relations, people, strict=True)
        ],
    )
    draft = {"state": "draft", "steps": STEPS, "revision": 0, "turn_since_on": TODAY}
    draft |= {"starts_on": TODAY, "drafted_on": TODAY}
    pathways = _ids(session, PathwayRow, [{"relation_id": one, **draft} for one in relations])
    facts: dict[str, Any] = {"template": "straight", "left_out": {}}
    batch = {"customer_id": customer.id, "person_id": buyer.id, "kind": "propose", "facts": facts}
    [batch_id] = _ids(session, BatchRow, [{**batch, "made_at": NOW}])
    item = {"batch_id": batch_id, "state": ItemState.PLANNED, "due_on": TODAY}
    item |= {"facts": {"revision": 0, "was_enrolled": False}}
    _ids(
        session,
        BatchItemRow,
        [
            {"relation_id": relation_id, "pathway_id": pathway_id, **item}
            for relation_id, pathway_id in zip(relations, pathways, strict=True)
        ],
    )


def _ids(session: Session, table: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    """Insert the rows in one statement; their ids in the same order."""
    query = insert(table).returning(table.id, sort_by_parameter_order=True)
    return session.scalars(query, rows).all()
