"""What a manager asks of all suppliers at once: counted in sets, a statement for each question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    Date,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from onboarding.domain.certificates import CertificateState
from onboarding.domain.decisions import DecisionKind
from onboarding.domain.grants import DecisionState
from onboarding.domain.milestones import MilestoneState
from onboarding.domain.pathways import RUNNING
from onboarding.domain.people import Side
from onboarding.store.published import known_from
from onboarding.store.tables import (
    AssessmentRow,
    CertificateRow,
    ContactRow,
    DecisionRow,
    DivisionRow,
    MilestoneRow,
    PathwayRow,
    PersonRow,
    RelationRow,
    SpendRow,
    StatusPeriodRow,
)

APPLICATION = "application"
GroupedBy = Literal["division", "category"]
TO_DO = (MilestoneState.PLANNED, MilestoneState.STARTED)
HANDED_IN = (MilestoneState.SUBMITTED, MilestoneState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many suppliers had a status on a day, and what is bought from them in a year now."""

    on: date
    group: str | None
    status: str
    count: int
    spend: Decimal


def statuses_held(
    session: Session,
    customer_id: int,
    days: Sequence[date],
    by: GroupedBy | None = None,
) -> list[Held]:
    """The status on each day, as told by the last assessment that begins on or before it.

    A relation that had ended by then is left out, and one that did not exist yet. Counted by
    division, a supplier counts in each that buys from it, with what that one buys.
    """
    asked = union_all(*(select(literal(day, Date).label("on")) for day in days)).subquery()
    earlier = aliased(AssessmentRow)
    last = (
        select(func.max(earlier.number))
        .where(
            earlier.relation_id == RelationRow.id,
            earlier.starts_on <= asked.c.on,
            known_from(earlier).is_not(None),
        )
        .scalar_subquery()
    )
    lines = _bought_by_division(customer_id)
    columns = {"category": RelationRow.category, "division": lines.c.division}
    group = columns[by] if by else literal(None)
    spend = lines.c.spend if by == "division" else RelationRow.spend
    query = (
        select(
            asked.c.on,
            group.label("group"),
            StatusPeriodRow.status,
            func.count().label("count"),
            func.sum(spend).label("spend"),
        )
        .select_from(asked)
        .join(
            RelationRow,
            and_(
                RelationRow.customer_id == customer_id,
                or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > asked.c.on),
            ),
        )
        .join(
            AssessmentRow,
            and_(AssessmentRow.relation_id == RelationRow.id, AssessmentRow.number == last),
        )
        .join(
            StatusPeriodRow,
            and_(
                StatusPeriodRow.assessment_id == AssessmentRow.id,
                StatusPeriodRow.starts_on <= asked.c.on,
                StatusPeriodRow.ends_on >= asked.c.on,
            ),
        )
        .group_by(asked.c.on, group, StatusPeriodRow.status)
    )
    if by == "division":
        query = query.outerjoin(lines, lines.c.relation_id == RelationRow.id)
    return [
        Held(on=on, group=name, status=status, count=count, spend=Decimal(spend or 0))
        for on, name, status, count, spend in session.execute(query)
    ]


def _bought_by_division(customer_id: int) -> Subquery:
    """What each division buys from each supplier; of each line its latest year counts."""
    known = aliased(SpendRow)
    latest = (
        select(func.max(known.year)).where(known.division_id == DivisionRow.id).scalar_subquery()
    )
    return (
        select(
            DivisionRow.relation_id,
            DivisionRow.division,
            func.sum(SpendRow.amount).label("spend"),
        )
        .outerjoin(SpendRow, and_(SpendRow.division_id == DivisionRow.id, SpendRow.year == latest))
        .where(DivisionRow.customer_id == customer_id)
        .group_by(DivisionRow.relation_id, DivisionRow.division)
        .subquery()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Of the suppliers in the programme: how many came so far, or further."""

    enrolled: int
    invited: int
    agreed: int
    applied: int
    certified: int


def funnel(session: Session, customer_id: int, today: date) -> Funnel:
    certified = exists().where(
        CertificateRow.relation_id == RelationRow.id,
        CertificateRow.state == CertificateState.VERIFIED,
        CertificateRow.starts_on <= today,
        CertificateRow.ends_on >= today,
    )
    applied = certified | exists().where(
        MilestoneRow.relation_id == RelationRow.id,
        MilestoneRow.title == APPLICATION,
        MilestoneRow.state.in_(HANDED_IN),
    )
    agreed = applied | exists().where(
        PathwayRow.relation_id == RelationRow.id, PathwayRow.version_number > 0
    )
    invited = agreed | exists().where(ContactRow.relation_id == RelationRow.id)
    row = session.execute(
        select(
            func.count(),
            *(
                func.sum(case((reached, 1), else_=0))
                for reached in (invited, agreed, applied, certified)
            ),
        ).where(
            RelationRow.customer_id == customer_id,
            RelationRow.enrolled_on.is_not(None),
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > today),
        )
    ).one()
    return Funnel(
        enrolled=row[0],
        invited=row[1] or 0,
        agreed=row[2] or 0,
        applied=row[3] or 0,
        certified=row[4] or 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many things of a kind come due on a day: a side's steps, or what ends."""

    on: date
    kind: str
    count: int


def coming(session: Session, customer_id: int, first: date, last: date) -> list[Coming]:
    """Open steps of running pathways by who owes them, certificates and decisions that end."""
    due = case(
        (MilestoneRow.owner == Side.SUPPLIER, MilestoneRow.deadline_on), else_=MilestoneRow.due_on
    )
    steps = (
        _of_customer(customer_id, MilestoneRow, due, MilestoneRow.owner, first, last)
        .join(PathwayRow, PathwayRow.id == MilestoneRow.pathway_id)
        .where(PathwayRow.state.in_(RUNNING), MilestoneRow.state.in_(TO_DO))
    )
    certificates = _of_customer(
        customer_id, CertificateRow, CertificateRow.ends_on, literal("certificate"), first, last
    ).where(CertificateRow.state == CertificateState.VERIFIED)
    decisions = _of_customer(
        customer_id, DecisionRow, DecisionRow.ends_on, literal("decision"), first, last
    ).where(
        DecisionRow.kind != DecisionKind.BLOCK,
        DecisionRow.state == DecisionState.TAKEN,
        DecisionRow.ended_on.is_(None),
    )
    rows = session.execute(union_all(steps, certificates, decisions))
    return [Coming(on=on, kind=kind, count=count) for on, kind, count in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What waits for one buyer's review: how much, since when, and how much of it too long."""

    buyer: str | None
    waiting: int
    late: int
    since: date


def reviews(session: Session, customer_id: int, late_until: date) -> list[Reviews]:
    """For each buyer; what was handed in up to and including `late_until` waits too long."""
    is_late = case((MilestoneRow.submitted_on <= late_until, 1), else_=0)
    rows = session.execute(
        select(
            PersonRow.name,
            func.count().label("waiting"),
            func.sum(is_late).label("late"),
            func.min(MilestoneRow.submitted_on).label("since"),
        )
        .select_from(MilestoneRow)
        .join(PathwayRow, PathwayRow.id == MilestoneRow.pathway_id)
        .join(RelationRow, RelationRow.id == MilestoneRow.relation_id)
        .outerjoin(PersonRow, PersonRow.id == RelationRow.buyer_id)
        .where(
            RelationRow.customer_id == customer_id,
            PathwayRow.state.in_(RUNNING),
            MilestoneRow.state == MilestoneState.SUBMITTED,
        )
        .group_by(RelationRow.buyer_id, PersonRow.name)
        .order_by(func.min(MilestoneRow.submitted_on), PersonRow.name)
    )
    return [Reviews(buyer=r.name, waiting=r.waiting, late=r.late, since=r.since) for r in rows]


def _of_customer(
    customer_id: int, table: Any, day: Any, kind: Any, first: date, last: date
) -> Select[Any]:
    return (
        select(day.label("on"), kind.label("kind"), func.count().label("count"))
        .select_from(table)
        .join(RelationRow, RelationRow.id == table.relation_id)
        .where(
            RelationRow.customer_id == customer_id,
            or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > first),
            day.between(first, last),
        )
        .group_by(day, kind)
    )
