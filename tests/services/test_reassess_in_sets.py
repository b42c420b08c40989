"""Assessing many relations at once gives what assessing them one by one gives."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.services.installation import add_customer
from onboarding.services.statuses import reassess
from onboarding.store.tables import AssessmentRow, OrganisationRow, RelationRow, StatusPeriodRow


def relations(session: Session, moment: Moment, count: int) -> list[RelationRow]:
    customer = add_customer(session, moment, "Klant")
    rows = []
    for number in range(count):
        supplier = OrganisationRow(name=f"Leverancier {number}", created_at=moment.now)
        session.add(supplier)
        session.flush()
        rows.append(
            RelationRow(
                customer_id=customer.id,
                supplier_id=supplier.id,
                name=supplier.name,
                sort_name=supplier.name.lower(),
                enrolled_on=moment.today if number % 2 else None,
                created_at=moment.now,
                created_on=moment.today,
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def stored(session: Session, rows: list[RelationRow]) -> list[tuple]:
    found = []
    for row in rows:
        assessment = session.get_one(AssessmentRow, row.assessment_id)
        assert assessment.relation_id == row.id
        periods = session.scalars(
            select(StatusPeriodRow)
            .where(StatusPeriodRow.assessment_id == assessment.id)
            .order_by(StatusPeriodRow.starts_on)
        )
        found.append(
            (
                (assessment.number, assessment.starts_on, assessment.known_from),
                [(p.starts_on, p.ends_on, p.status, p.reasons, p.policy_version) for p in periods],
            )
        )
    return found


def test_many_at_once_are_assessed_as_one_by_one(session: Session, moment: Moment) -> None:
    at_once, one_by_one = relations(session, moment, 4), relations(session, moment, 4)
    assert reassess(session, moment, [row.id for row in at_once]) == 4
    assert [reassess(session, moment, [row.id]) for row in one_by_one] == [1, 1, 1, 1]
    assert stored(session, at_once) == stored(session, one_by_one)


def test_what_does_not_differ_is_not_stored_again(session: Session, moment: Moment) -> None:
    rows = relations(session, moment, 3)
    reassess(session, moment, [row.id for row in rows])
    rows[1].enrolled_on = moment.today if rows[1].enrolled_on is None else None
    session.flush()
    assert reassess(session, moment, [row.id for row in rows]) == 1
    assert [number for (number, _, _), _ in stored(session, rows)] == [1, 2, 1]
