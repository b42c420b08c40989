"""Which suppliers have a status on a day, as known at an instant: pages by id, prebuilt."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Status
from onboarding.store.tables import AssessmentRow, RelationRow, StatusPeriodRow

RELATIONS, PERIODS = RelationRow.__table__.c, StatusPeriodRow.__table__.c
ASSESSMENTS = AssessmentRow.__table__.c

# The last assessment that was known then and starts on or before the day.
ANSWERING = (
    select(ASSESSMENTS.id)
    .where(
        ASSESSMENTS.relation_id == RELATIONS.id,
        ASSESSMENTS.starts_on <= bindparam("on"),
        ASSESSMENTS.known_from <= bindparam("known_at"),
    )
    .order_by(ASSESSMENTS.number.desc())
    .limit(1)
    .scalar_subquery()
)
PAGE = (
    select(RELATIONS.id)
    .join(StatusPeriodRow, PERIODS.assessment_id == ANSWERING)
    .where(
        RELATIONS.customer_id == bindparam("customer_id"),
        RELATIONS.id > bindparam("after_id"),
        PERIODS.starts_on <= bindparam("on"),
        PERIODS.ends_on >= bindparam("on"),
        PERIODS.status.in_(bindparam("statuses", expanding=True)),
    )
    .order_by(RELATIONS.id)
    .limit(bindparam("limit"))
)


def page_of_ids(
    session: Session,
    customer_id: int,
    *,
    on: date,
    known_at: datetime,
    statuses: Sequence[Status],
    after_id: int,
    limit: int,
) -> Sequence[int]:
    """The next `limit` relations; one of which nothing was known then is left out."""
    return session.scalars(
        PAGE,
        {
            "customer_id": customer_id,
            "after_id": after_id,
            "on": on,
            "known_at": known_at,
            "statuses": [status.value for status in statuses],
            "limit": limit,
        },
    ).all()
