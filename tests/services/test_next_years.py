"""Steps that come back each year: offered in time, once, and drafted or left out by a buyer."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.certificates import RecognitionKind
from onboarding.domain.errors import MoveRefused
from onboarding.jobs import runs
from onboarding.services.pathway.next_years import draft_next_year, read_next_year, skip_next_year
from onboarding.services.pathway.templates import retire_template
from onboarding.services.recognitions import record_recognition
from onboarding.services.work_list import read_work_list
from onboarding.store.tables import EventRow, MessageRow, TaskRow
from tests import pathway_stage as pathways
from tests import stage
from tests.conftest import SettableClock
from tests.template_things import STARTED, completed

BEGINS = date(2027, 2, 2)
DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    return pathways.a_scene(session)


def sweep(app: Flask, clock: SettableClock, day: date) -> Moment:
    """Twice, as a worker does; returns the moment."""
    noon = datetime.combine(day, datetime.min.time(), clock.zone) + timedelta(hours=12)
    for _ in range(2):
        runs.sweep(app, clock.moment_at(noon))
    return clock.moment_at(noon)


def tasks(session: Session) -> dict[str, str | None]:
    """What came of each, by its key."""
    rows = session.scalars(select(TaskRow).where(TaskRow.kind == "next-year"))
    return {row.key: row.outcome for row in rows}


def test_sixty_days_before_the_year_begins_the_buyer_is_told_once(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock
) -> None:
    row = completed(session, scene.relation)
    key = f"next-year:{row.id}"
    sweep(app, clock, BEGINS - 61 * DAY)
    assert tasks(session) == {}
    moment = sweep(app, clock, BEGINS - 60 * DAY)
    assert tasks(session) == {key: None}
    mails = select(MessageRow.person_id).where(MessageRow.kind == "next-year")
    assert session.scalars(mails).all() == [scene.buyer.person_id]
    (item,) = read_work_list(session, scene.buyer, moment, mine=True).ending.items
    assert (item.what, item.due_on) == ("next-year", BEGINS)
    assert item.detail["pathway_id"] == row.id


def test_the_draft_holds_what_comes_back_and_ends_the_task(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock
) -> None:
    row = completed(session, scene.relation)
    moment = sweep(app, clock, BEGINS - 30 * DAY)
    draft = draft_next_year(session, scene.buyer, moment, row.id)
    assert (draft.state, draft.starts_on) == ("draft", BEGINS)
    assert (draft.template, draft.template_version) == ("no-certificate", 1)
    assert [step["title"] for step in draft.steps] == ["yearly-contribution", "yearly-review"]
    session.commit()
    assert tasks(session) == {f"next-year:{row.id}": "drafted"}
    with pytest.raises(MoveRefused):
        draft_next_year(session, scene.buyer, moment, row.id)
    session.rollback()
    assert read_next_year(session, scene.buyer, moment, row.id) is None
    sweep(app, clock, BEGINS)
    assert len(tasks(session)) == 1


def test_leaving_it_out_needs_a_reason_and_stays_in_the_history(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock
) -> None:
    row = completed(session, scene.relation)
    moment = sweep(app, clock, BEGINS - 30 * DAY)
    skip_next_year(session, scene.buyer, moment, row.id, reason="Gaat de aanbesteding in.")
    session.commit()
    sweep(app, clock, BEGINS)
    assert tasks(session) == {f"next-year:{row.id}": "skipped"}
    event = session.scalars(select(EventRow).where(EventRow.code == "next-year-skipped")).one()
    assert (event.facts["reason"], event.is_shared) == ("Gaat de aanbesteding in.", False)


def test_a_recognition_with_a_day_to_look_again_says_it_already(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock, moment: Moment
) -> None:
    row = completed(session, scene.relation, "social-enterprise")
    sweep(app, clock, BEGINS - 60 * DAY)
    assert tasks(session) == {f"next-year:{row.id}": None}
    record_recognition(
        session,
        scene.buyer,
        moment,
        scene.relation.id,
        kind=RecognitionKind.SW_BEDRIJF,
        register_url="https://register.example/1",
        recheck_on=BEGINS,
    )
    session.commit()
    sweep(app, clock, BEGINS - 59 * DAY)
    assert tasks(session) == {f"next-year:{row.id}": "overtaken"}


@pytest.mark.parametrize(
    "fields",
    [
        {"template": "straight"},
        {"state": "stopped"},
        {"starts_on": STARTED + 100 * DAY},
    ],
    ids=["nothing comes back", "was stopped", "not near"],
)
def test_nothing_is_offered_where_nothing_comes(
    app: Flask,
    session: Session,
    scene: pathways.Scene,
    clock: SettableClock,
    fields: dict[str, object],
) -> None:
    completed(session, scene.relation, **{"template": "no-certificate", **fields})
    sweep(app, clock, BEGINS)
    assert tasks(session) == {}


def test_another_pathway_or_a_retired_template_overtakes_it(
    app: Flask, session: Session, scene: pathways.Scene, clock: SettableClock, moment: Moment
) -> None:
    row = completed(session, scene.relation)
    other = stage.a_relation(session, scene.customer, "Bakkerij Sterk")
    another = completed(session, other)
    sweep(app, clock, BEGINS)
    assert len(tasks(session)) == 2
    pathways.a_draft(session, scene, moment)
    session.commit()
    sweep(app, clock, BEGINS + DAY)
    assert tasks(session) == {
        f"next-year:{row.id}": "overtaken",
        f"next-year:{another.id}": None,
    }
    retire_template(session, scene.manager, moment, "no-certificate")
    session.commit()
    sweep(app, clock, BEGINS + DAY)
    assert set(tasks(session).values()) == {"overtaken"}
