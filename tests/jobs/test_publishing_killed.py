"""Killed at any moment, publishing leaves all of the old policy or all of the new one."""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from onboarding.clock import Moment
from onboarding.domain.people import Role
from onboarding.domain.policy import Level, Policy
from onboarding.domain.policy_drafts import DraftState
from onboarding.services.dossier.history_checks import check_history
from onboarding.services.policy.drafts import draft_policy
from onboarding.services.policy.publishing import begin_publishing
from onboarding.services.statuses import reassess
from onboarding.store.database import unit_of_work
from onboarding.store.status_history import told_periods
from onboarding.store.tables import (
    AssessmentRow,
    PolicyDraftRow,
    PolicyRow,
    PreparedAssessmentRow,
    RelationRow,
)
from tests import proof_rows, stage

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
# So many that a killer who comes late still comes often.
SUPPLIERS, BATCHES, DAY = 24, 2, timedelta(days=1)


def test_killed_over_and_over_it_is_published_once(
    fresh_sessions: sessionmaker[Session], fresh_database_url: str, moment: Moment
) -> None:
    with fresh_sessions() as session, unit_of_work(session):
        customer_id, draft_id = _to_publish(session, moment)
    worker = [sys.executable, "-m", "tests.jobs.publishing", fresh_database_url]
    killed, seen = 0, set()
    while _rows(fresh_sessions, AssessmentRow.known_from.is_(None)) or "published" not in seen:
        before = _progress(fresh_sessions)
        process = subprocess.Popen(worker, cwd=ROOT)
        try:
            while process.poll() is None and _progress(fresh_sessions) < before + BATCHES:
                time.sleep(0.01)
        finally:
            process.kill()
            process.wait()
        killed += 1
        with fresh_sessions() as session:
            seen.add(_check(session, customer_id, draft_id))
    assert killed > 2
    assert seen == {DraftState.PREPARING, DraftState.PUBLISHED}


def _to_publish(session: Session, moment: Moment) -> tuple[int, int]:
    customer = stage.a_customer(session)
    manager = stage.user_actor(session, customer, Role.MANAGER)
    ids = []
    for n in range(SUPPLIERS):
        relation = stage.a_relation(session, customer, f"Leverancier {n}")
        proof_rows.a_certificate(session, relation)
        ids.append(relation.id)
    reassess(session, moment, ids)
    wanted = Policy(
        version=0,
        starts_on=moment.today + DAY,
        required_level=Level.TREDE_2,
        preferred_level=Level.TREDE_3,
    )
    row = draft_policy(session, manager, moment, wanted, seen=1)
    row.state = DraftState.COUNTED
    begin_publishing(session, manager, moment, row.id)
    return customer.id, row.id


def _check(session: Session, customer_id: int, draft_id: int) -> str:
    """All of the one or all of the other; returns how far it is."""
    state = session.get_one(PolicyDraftRow, draft_id).state
    is_published = state == DraftState.PUBLISHED
    ids = session.scalars(select(RelationRow.id)).all()
    told = told_periods(session, ids)
    assert {one[-1].number for one in told.values()} == {2 if is_published else 1}
    assert session.scalar(select(func.count(PolicyRow.id))) == (2 if is_published else 1)
    assert check_history(session, customer_id).broken == []
    return state


def _progress(sessions: sessionmaker[Session]) -> int:
    """How many batches were stored, and how many put in their place."""
    ready = _rows(sessions, PreparedAssessmentRow.is_ready)
    prepared = _rows(sessions, AssessmentRow.draft_id.is_not(None))
    settled = _rows(
        sessions, AssessmentRow.draft_id.is_not(None) & AssessmentRow.known_from.is_not(None)
    )
    return (max(ready, prepared) + settled) // 2


def _rows(sessions: sessionmaker[Session], where: object) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).where(where)) or 0  # type: ignore[arg-type]
