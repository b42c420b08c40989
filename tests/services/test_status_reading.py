"""The stored status is read as it holds on a day, with the run of days that it belongs to."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.eligibility import Period, Reason, Status, Verdict
from onboarding.domain.eligibility.facts import END_OF_TIME
from onboarding.services.installation import ensure_customer
from onboarding.services.status_reading import read_status, read_statuses, whole_timeline
from onboarding.store.assessments import add_assessment, last_assessments
from onboarding.store.tables import OrganisationRow, RelationRow

DAY = timedelta(days=1)


def relation(session: Session, moment: Moment, name: str = "Drukkerij") -> int:
    customer = ensure_customer(session, moment, "Klant")
    supplier = OrganisationRow(name=name, created_at=moment.now)
    session.add(supplier)
    session.flush()
    row = RelationRow(
        customer_id=customer.id,
        supplier_id=supplier.id,
        name=name,
        sort_name=name.lower(),
        created_at=moment.now,
        created_on=moment.today,
    )
    session.add(row)
    session.flush()
    return row.id


def periods(*parts: tuple[date, Status, str]) -> tuple[Period, ...]:
    """Periods from the first day of each part to the day before the next."""
    ends = [start - DAY for start, _, _ in parts[1:]] + [END_OF_TIME]
    return tuple(
        Period(
            starts_on=start,
            ends_on=end,
            verdict=Verdict(status=status, reasons=(Reason(code),), warnings=(), policy_version=1),
        )
        for (start, status, code), end in zip(parts, ends, strict=True)
    )


def hold(session: Session, moment: Moment, relation_id: int, *parts: tuple[date, Status, str]):
    last = last_assessments(session, [relation_id]).get(relation_id)
    add_assessment(session, relation_id, last and last[0], periods(*parts), moment.now)


def test_the_run_goes_on_while_only_reasons_differ(session: Session, moment: Moment) -> None:
    today, one = moment.today, relation(session, moment)
    hold(
        session,
        moment,
        one,
        (today, Status.CONDITIONAL, "on-track"),
        (today + 10 * DAY, Status.AT_RISK, "milestone-overdue"),
        (today + 20 * DAY, Status.AT_RISK, "decision-needed"),
        (today + 30 * DAY, Status.INELIGIBLE, "cure-period-ended"),
    )
    reading = read_status(session, one, today + 20 * DAY)
    assert reading is not None
    assert [reason.code for reason in reading.reasons] == ["decision-needed"]
    assert reading.since == today + 10 * DAY
    assert reading.until == today + 29 * DAY
    assert reading.then is Status.INELIGIBLE


def test_nothing_recorded_ends_the_last(session: Session, moment: Moment) -> None:
    one = relation(session, moment)
    hold(session, moment, one, (moment.today, Status.UNDECIDED, "in-negotiation"))
    reading = read_status(session, one, moment.today + 4000 * DAY)
    assert reading is not None
    assert (reading.since, reading.until, reading.then) == (moment.today, None, None)


def test_the_run_reaches_back_over_assessments(session: Session, clock) -> None:
    first = clock.moment()
    one = relation(session, first)
    hold(session, first, one, (first.today, Status.UNDECIDED, "in-negotiation"))
    later = clock.forward(days=30)
    hold(session, later, one, (later.today, Status.UNDECIDED, "decision-needed"))
    reading = read_status(session, one, later.today)
    assert reading is not None
    assert (reading.since, reading.number) == (first.today, 2)


def test_of_one_day_the_last_assessment_answers(session: Session, clock) -> None:
    moment = clock.moment()
    one = relation(session, moment)
    hold(session, moment, one, (moment.today, Status.OUT_OF_SCOPE, "not-in-programme"))
    later = clock.forward(hours=1)
    hold(session, later, one, (moment.today, Status.UNDECIDED, "in-negotiation"))
    now = read_status(session, one, moment.today)
    then = read_status(session, one, moment.today, known_at=moment.now)
    assert now is not None and then is not None
    assert (now.status, then.status) == (Status.UNDECIDED, Status.OUT_OF_SCOPE)


def test_a_passed_day_keeps_what_held_on_it(session: Session, clock) -> None:
    first = clock.moment()
    one = relation(session, first)
    hold(session, first, one, (first.today, Status.OUT_OF_SCOPE, "not-in-programme"))
    later = clock.forward(days=5)
    hold(session, later, one, (later.today, Status.PREFERRED, "certified"))
    reading = read_status(session, one, first.today + DAY)
    assert reading is not None
    assert reading.status is Status.OUT_OF_SCOPE
    assert reading.until == later.today - DAY
    assert reading.then is Status.PREFERRED
    days = [(p.starts_on, p.ends_on) for p in whole_timeline(session, one)]
    assert days == [(first.today, later.today - DAY), (later.today, END_OF_TIME)]


def test_before_it_existed_or_was_known_there_is_no_answer(session: Session, clock) -> None:
    moment = clock.moment()
    one = relation(session, moment)
    hold(session, moment, one, (moment.today, Status.UNDECIDED, "in-negotiation"))
    assert read_status(session, one, moment.today - DAY) is None
    assert read_status(session, one, moment.today, known_at=moment.now - DAY) is None


@pytest.mark.parametrize("count", [1, 30])
def test_many_are_read_in_as_many_statements_as_one(
    session: Session, moment: Moment, count: int
) -> None:
    ids = [relation(session, moment, f"Leverancier {n}") for n in range(count)]
    for one in ids:
        hold(session, moment, one, (moment.today, Status.UNDECIDED, "in-negotiation"))
    session.expire_all()
    statements: list[str] = []
    connection = session.connection()

    def heard(_c, _cursor, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", heard)
    found = read_statuses(session, ids, moment.today)
    event.remove(connection, "before_cursor_execute", heard)
    assert set(found) == set(ids)
    assert len([s for s in statements if s.startswith("SELECT")]) == 2
