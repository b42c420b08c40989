"""The other cadences: each stage on its day, once, to whom it concerns."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.plans import Step
from onboarding.jobs import runs
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import proposal_handed_over
from onboarding.store.tables import CertificateRow, DecisionRow, MessageRow, TaskRow
from tests.conftest import SettableClock
from tests.pathway_stage import Scene, a_scene, agreed, proposed

TODAY = date(2026, 11, 24)


@pytest.fixture
def sweep_on(app: Flask, clock: SettableClock) -> Callable[[date], None]:
    def run(day: date) -> None:
        noon = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=12)
        runs.sweep(app, clock.moment_at(noon))
        runs.sweep(app, clock.moment_at(noon))

    return run


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def owed(session: Session, kind: str) -> list[int]:
    """To whom, in the order in which it was owed."""
    return list(
        session.scalars(
            select(MessageRow.person_id).where(MessageRow.kind == kind).order_by(MessageRow.id)
        )
    )


def test_an_unanswered_proposal(
    session: Session, scene: Scene, moment: Moment, sweep_on: Callable[[date], None]
) -> None:
    pathway = proposed(session, scene, moment)
    proposal_handed_over(session, moment, pathway.id)
    session.commit()
    kind, supplier = "proposal-reminder", scene.signatory.person_id
    for days, reminders, calls in [(6, 0, 0), (7, 1, 0), (13, 1, 0), (14, 2, 0), (16, 2, 1)]:
        sweep_on(TODAY + timedelta(days=days))
        assert owed(session, kind) == [supplier] * reminders
        assert session.scalars(select(TaskRow.kind)).all() == ["proposal-call"] * calls
    for days, windows in [(45, 0), (46, 1), (57, 2)]:
        sweep_on(TODAY + timedelta(days=days))
        assert owed(session, "window-ending") == [scene.buyer.person_id] * windows
    sweep_on(TODAY + timedelta(days=60))
    assert owed(session, "decide") == []
    sweep_on(TODAY + timedelta(days=61))
    assert owed(session, "decide") == [scene.manager.person_id]


def test_a_proposal_not_handed_over_brings_nothing(
    session: Session, scene: Scene, moment: Moment, sweep_on: Callable[[date], None]
) -> None:
    proposed(session, scene, moment)
    session.commit()
    sweep_on(TODAY + timedelta(days=14))
    assert owed(session, "proposal-reminder") == []


def test_a_review_that_waits(
    session: Session, scene: Scene, moment: Moment, sweep_on: Callable[[date], None]
) -> None:
    step = Step(title="plan", due_on=date(2027, 1, 13), is_reviewed=True)
    _, (row, *_) = agreed(session, scene, moment, step)
    submit_milestone(session, scene.signatory, moment, row.id)
    session.commit()
    sweep_on(date(2026, 12, 1))  # the fifth working day is not over
    assert owed(session, "review-late") == []
    sweep_on(date(2026, 12, 2))
    assert owed(session, "review-late") == [scene.buyer.person_id]
    sweep_on(date(2026, 12, 9))
    assert owed(session, "review-late") == [scene.buyer.person_id, scene.manager.person_id]


def test_a_certificate_that_ends_and_one_that_is_followed(
    session: Session, scene: Scene, moment: Moment, sweep_on: Callable[[date], None]
) -> None:
    ends_on = date(2027, 6, 30)

    def certificate(ends_on: date) -> CertificateRow:
        return CertificateRow(
            relation_id=scene.relation.id,
            state="verified",
            level="trede-1",
            starts_on=ends_on - timedelta(days=730),
            ends_on=ends_on,
            reported_by="supplier",
            reported_at=moment.now,
            reported_on=TODAY,
            verified_on=TODAY,
        )

    session.add(certificate(ends_on))
    session.commit()
    for days, times in [(181, 0), (180, 1), (179, 1), (90, 2)]:
        sweep_on(ends_on - timedelta(days=days))
        assert owed(session, "certificate-ending") == [scene.signatory.person_id] * times
        assert owed(session, "certificate-to-renew") == [scene.buyer.person_id] * times
    session.add(certificate(ends_on + timedelta(days=730)))
    session.commit()
    sweep_on(ends_on - timedelta(days=30))
    assert len(owed(session, "certificate-ending")) == 2


@pytest.mark.parametrize(("kind", "is_managers"), [("exempt", False), ("block", True)])
def test_a_decision_that_ends(
    session: Session,
    scene: Scene,
    moment: Moment,
    sweep_on: Callable[[date], None],
    kind: str,
    is_managers: bool,
) -> None:
    ends_on = TODAY + timedelta(days=60)
    session.add(
        DecisionRow(
            relation_id=scene.relation.id,
            kind=kind,
            reason="Omdat",
            decided_on=TODAY,
            decided_by=scene.manager.person_id,
            starts_on=TODAY,
            ends_on=ends_on,
        )
    )
    session.commit()
    reader = scene.manager.person_id if is_managers else scene.buyer.person_id
    for days, times in [(31, 0), (30, 1), (7, 2), (0, 2)]:
        sweep_on(ends_on - timedelta(days=days))
        assert owed(session, "decision-ending") == [reader] * times
