"""The sweep works in sets; on each day it owes what the rules of the cadence say of one."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.pathways import Pathway
from onboarding.domain.plans import Step
from onboarding.domain.policy import Policy
from onboarding.domain.reminders import Owed, owed_for_milestone, owed_for_proposal
from onboarding.jobs import runs
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.pathway.negotiation import proposal_handed_over
from onboarding.services.pathway.notices import notice_handed_over
from onboarding.services.statuses import policies_of
from onboarding.store.pathways import load_pathway
from onboarding.store.tables import MessageRow, NoticeRow, PathwayRow, TaskRow
from tests import pathway_stage as pathways
from tests.conftest import SettableClock

DUE = date(2027, 1, 13)  # a Wednesday, 50 days after the agreement
# What the rules call it, and how it stands in the store.
MESSAGES = {
    "step-reminder": "milestone-reminder",
    "proposal-reminder": "proposal-reminder",
    "window-ending": "window-ending",
    "review": "review-late",
}
TASKS = {"call": "call", "proposal-call": "proposal-call", "decision": "decide"}
Rules = Callable[[Pathway, Policy, date], Iterable[Owed]]
Live = Callable[[PathwayRow, Iterable[date], Rules], None]


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


@pytest.fixture
def live(app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock) -> Live:
    """Sweeps on each day in turn, and holds what stands in the store against the rules."""
    said: set[tuple[str, str]] = set()

    def through(row: PathwayRow, days: Iterable[date], rules: Rules) -> None:
        for day in days:
            policy = policies_of(session, scene.customer.id).on(day)
            for one in rules(load_pathway(session, row), policy, day):
                said.add((one.kind.replace("-waiting", "").replace("-late", ""), one.key))
            noon = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=12)
            runs.sweep(app, clock.moment_at(noon))
            assert stands(session) == Counter(kind for kind, _ in said), day

    return through


def stands(session: Session) -> Counter[str]:
    def count(table: type, kinds: dict[str, str]) -> dict[str, int]:
        rows = session.execute(select(table.kind, func.count()).group_by(table.kind))
        found = dict(rows.tuples().all())
        return {name: found.get(kind, 0) for name, kind in kinds.items()}

    notices = session.scalar(select(func.count()).select_from(NoticeRow)) or 0
    return +Counter(count(MessageRow, MESSAGES) | count(TaskRow, TASKS) | {"notice": notices})


def around(day: date, *distances: int) -> list[date]:
    return [day + timedelta(days=distance) for distance in distances]


def test_a_missed_step(
    session: Session, scene: pathways.Scene, moment: Moment, live: Live, clock: SettableClock
) -> None:
    row, _ = pathways.agreed(session, scene, moment, Step(title="plan", due_on=DUE))
    session.commit()

    def rules(pathway: Pathway, policy: Policy, day: date) -> Iterable[Owed]:
        return owed_for_milestone(pathway.milestones[0], policy, moment.today, day)

    live(row, around(DUE, -15, -14, -4, -3, 0, 1, 2, 6, 7, 8), rules)
    notice = session.scalars(select(NoticeRow)).one()
    notice_handed_over(session, clock.forward(days=59), notice.id)
    session.commit()
    assert notice.cure_ends_on is not None
    live(row, around(notice.cure_ends_on, -1, 0, 1, 2), rules)


def test_a_step_whose_review_waits(
    session: Session, scene: pathways.Scene, moment: Moment, live: Live
) -> None:
    step = Step(title="plan", due_on=DUE, is_reviewed=True)
    row, (milestone, *_) = pathways.agreed(session, scene, moment, step)
    submit_milestone(session, scene.signatory, moment, milestone.id)
    session.commit()
    live(
        row,
        around(moment.today, 7, 8, 14, 15),
        lambda pathway, policy, day: owed_for_milestone(
            pathway.milestones[0], policy, moment.today, day
        ),
    )


def test_a_proposal_without_an_answer(
    session: Session, scene: pathways.Scene, moment: Moment, live: Live
) -> None:
    row = pathways.proposed(session, scene, moment)
    proposal_handed_over(session, moment, row.id)
    session.commit()
    live(
        row,
        around(moment.today, 6, 7, 13, 14, 15, 16, 17, 45, 46, 57, 58),
        lambda pathway, policy, day: owed_for_proposal(pathway, moment.today, policy, day),
    )
