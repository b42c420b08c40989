"""The manager's figures: the status as held on each day, the funnel, what comes and what waits."""

import io
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.divisions import DivisionLine, Spend
from onboarding.domain.eligibility import Status
from onboarding.domain.errors import NotAllowed
from onboarding.services.lists.report_workbook import report_workbook
from onboarding.services.pathway.milestones import submit_milestone
from onboarding.services.reports import Report, read_report
from onboarding.services.statuses import reassess
from onboarding.store.divisions import write_lines
from tests import pathway_stage as pathways
from tests import proof_things, stage
from tests.conftest import SettableClock


@pytest.fixture
def scene(session: Session) -> pathways.Scene:
    scene = pathways.a_scene(session, spend=Decimal(1000))
    write_lines(session, scene.relation, (bought("Catering", 1000),))
    return scene


def bought(division: str, amount: int) -> DivisionLine:
    """This much this year, and more the year before, which does not count."""
    spend = (Spend(2026, Decimal(amount)), Spend(2025, Decimal(amount * 3)))
    return DivisionLine(division=division, spend=spend)


def shares(report: Report, on: date) -> dict[Status, tuple[int, Decimal]]:
    [row] = [row for row in report.months if row.on == on]
    return {share.status: (share.count, share.spend) for share in row.shares}


def test_each_month_tells_what_was_held_on_its_first_day(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    reassess(session, moment, [scene.relation.id])
    later = clock.forward(days=20)  # 14 December
    pathways.agreed(session, scene, later)
    report = read_report(session, scene.manager, later)
    assert shares(report, date(2026, 11, 1)) == {}
    assert shares(report, date(2026, 12, 1)) == {Status.UNDECIDED: (1, Decimal(1000))}
    assert shares(report, later.today) == {Status.CONDITIONAL: (1, Decimal(1000))}
    assert report.now.on == later.today
    assert len(report.months) == 13


def test_an_ended_relation_counts_until_its_end(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    reassess(session, moment, [scene.relation.id])
    scene.relation.ended_on = date(2026, 12, 10)
    later = clock.forward(days=20)
    report = read_report(session, scene.manager, later)
    assert shares(report, date(2026, 12, 1)) == {Status.UNDECIDED: (1, Decimal(1000))}
    assert report.now.count == 0


def test_groups_stand_by_spend_and_what_is_not_filled_in_last(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    others = [stage.a_relation(session, scene.customer, name) for name in ("Groot", "Los", "Leeg")]
    write_lines(session, others[0], (bought("Techniek", 5000), bought("Catering", 500)))
    write_lines(session, others[1], (bought("", 9000),))
    reassess(session, moment, [scene.relation.id, *(one.id for one in others)])
    report = read_report(session, scene.manager, moment)
    assert [row.group for row in report.divisions] == ["Techniek", "Catering", None]
    assert [row.spend for row in report.divisions] == [5000, 1500, 9000]
    assert [row.count for row in report.divisions] == [1, 2, 2]


def test_the_funnel_counts_who_came_further_in_each_step_before(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    waiting = {"enrolled_on": moment.today}
    stage.a_relation(session, scene.customer, "Nog niemand", **waiting)
    certified = stage.a_relation(session, scene.customer, "Al klaar", **waiting)
    proof_things.a_certificate(
        session,
        certified,
        state="verified",
        starts_on=moment.today - timedelta(days=9),
        ends_on=moment.today + timedelta(days=9),
    )
    pathways.agreed(session, scene, moment)
    found = read_report(session, scene.manager, moment).funnel
    assert (found.enrolled, found.invited, found.agreed) == (3, 2, 2)
    assert (found.applied, found.certified) == (1, 1)


def test_what_comes_due_stands_in_its_week(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    pathways.agreed(session, scene, moment)  # steps after 14, 28, 56 and 63 days
    weeks = read_report(session, scene.manager, moment).weeks
    found = {
        (week.starts_on, kind): count
        for week in weeks
        for kind, count in week.counts.items()
        if count
    }
    assert found == {
        (date(2026, 12, 7), "supplier"): 1,
        (date(2026, 12, 21), "supplier"): 1,
        (date(2027, 1, 18), "outside"): 1,
        (date(2027, 1, 25), "buyer"): 1,
    }


def test_a_review_is_late_after_its_working_days(
    session: Session, scene: pathways.Scene, moment: Moment, clock: SettableClock
) -> None:
    _, (plan, *_) = pathways.agreed(session, scene, moment)
    submit_milestone(session, scene.signatory, moment, plan.id)
    for days, late in ((7, 0), (8, 1)):  # the fifth working day is Tuesday 1 December
        on = clock.moment_at(moment.now + timedelta(days=days))
        [waiting] = read_report(session, scene.manager, on).reviews
        assert (waiting.waiting, waiting.late, waiting.since) == (1, late, moment.today)


def test_the_number_of_statements_does_not_grow(
    session: Session, scene: pathways.Scene, moment: Moment, request: pytest.FixtureRequest
) -> None:
    asked: Counter[str] = Counter()

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        asked["statements"] += 1

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    request.addfinalizer(lambda: event.remove(engine, "before_cursor_execute", note))

    def statements() -> int:
        session.flush()
        asked.clear()
        read_report(session, scene.manager, moment)
        return asked["statements"]

    pathways.agreed(session, scene, moment)
    one = statements()
    for number in range(3):
        row = stage.a_relation(session, scene.customer, f"Meer {number}", division=f"D{number}")
        reassess(session, moment, [row.id])
    assert statements() == one


def test_only_managers_see_it(session: Session, scene: pathways.Scene, moment: Moment) -> None:
    with pytest.raises(NotAllowed):
        read_report(session, scene.buyer, moment)


def test_the_workbook_holds_numbers_as_numbers_and_calculates_no_text(
    session: Session, scene: pathways.Scene, moment: Moment
) -> None:
    write_lines(session, scene.relation, (bought("=1+1", 1000),))
    reassess(session, moment, [scene.relation.id])
    content = report_workbook(read_report(session, scene.manager, moment), "nl")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names[0] == "Per maand"
    months = book.get_sheet_by_name("Per maand").to_python()
    assert months[-1][0] == moment.today
    assert 1000 in months[-1] and 1 in months[-1]
    assert book.get_sheet_by_name("Divisie").to_python()[1][0] == "=1+1"
