"""Which suppliers of a filter an action changes, which it does not and why: the database tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, case, exists, func, select
from sqlalchemy.orm import Session

from onboarding.domain.batches import BatchKind
from onboarding.domain.eligibility import Status
from onboarding.domain.pathways import OVER, PathwayState
from onboarding.store.contacts import takes_mail
from onboarding.store.supplier_filters import SupplierFilter
from onboarding.store.supplier_list import asked_relations, in_order
from onboarding.store.tables import (
    ContactRow,
    PathwayRow,
    PersonRow,
    RelationRow,
    StatusPeriodRow,
)

Reason = tuple[str, ColumnElement[bool]]

MEETS = (Status.PREFERRED, Status.ELIGIBLE)
EXAMPLES = 20
NONE = ""  # no reason against it


@dataclass(frozen=True, slots=True)
class Named:
    """A supplier as an example of why nothing is done to it."""

    relation_id: int
    name: str
    reason: str


def reasons_against(kind: BatchKind, buyer_id: int | None = None) -> tuple[Reason, ...]:
    """Why nothing is done to a supplier; the first that holds is told."""
    has_ended = RelationRow.ended_on.is_not(None)
    is_enrolled = RelationRow.enrolled_on.is_not(None)
    match kind:
        case BatchKind.ENROL:
            return ("ended", has_ended), ("enrolled", is_enrolled)
        case BatchKind.TAKE_OUT:
            return ("not-enrolled", ~is_enrolled), ("pathway-open", _has_pathway(is_draft=False))
        case BatchKind.ASSIGN:
            return (("same-buyer", RelationRow.buyer_id.is_not_distinct_from(buyer_id)),)
        case BatchKind.PROPOSE:
            return (
                ("pathway-open", _has_pathway(is_draft=False)),
                ("draft-open", _has_pathway(is_draft=True)),
                *reasons_against_proposing(),
            )


def reasons_against_proposing() -> tuple[Reason, ...]:
    """Why a draft that lies ready is not proposed after all."""
    can_be_written = exists().where(
        ContactRow.relation_id == RelationRow.id,
        PersonRow.id == ContactRow.person_id,
        *takes_mail(),
    )
    return (
        ("ended", RelationRow.ended_on.is_not(None)),
        ("meets-already", StatusPeriodRow.status.in_(MEETS)),
        ("no-contact", ~can_be_written),
    )


def count_by_reason(
    session: Session,
    customer_id: int,
    asked: SupplierFilter,
    on: date,
    reasons: Iterable[Reason],
) -> dict[str, int]:
    """How many suppliers each reason holds back; under `NONE` those that change."""
    judged = _judged(customer_id, asked, on, reasons)
    rows = session.execute(select(judged.c.reason, func.count()).group_by(judged.c.reason))
    return {reason: count for reason, count in rows}


def examples_by_reason(
    session: Session,
    customer_id: int,
    asked: SupplierFilter,
    on: date,
    reasons: Iterable[Reason],
) -> list[Named]:
    """The first suppliers by name that each reason holds back."""
    judged = _judged(customer_id, asked, on, reasons)
    place = func.row_number().over(
        partition_by=judged.c.reason, order_by=(judged.c.sort_name, judged.c.id)
    )
    placed = select(judged, place.label("place")).where(judged.c.reason != NONE).subquery()
    rows = session.execute(
        select(placed.c.id, placed.c.name, placed.c.reason)
        .where(placed.c.place <= EXAMPLES)
        .order_by(placed.c.reason, placed.c.place)
    )
    return [Named(*row) for row in rows]


def ids_to_change(
    session: Session,
    customer_id: int,
    asked: SupplierFilter,
    on: date,
    reasons: Iterable[Reason],
    limit: int,
) -> list[int]:
    """The suppliers that nothing holds back, in the order of the list."""
    query = asked_relations(customer_id, asked, on, RelationRow.id).where(_reason(reasons) == NONE)
    return list(session.scalars(in_order(query, asked, on).limit(limit)))


def reason_now(
    session: Session, customer_id: int, relation_id: int, on: date, reasons: Iterable[Reason]
) -> str:
    """Why nothing is done to this one supplier, `NONE` where nothing speaks against it."""
    one = SupplierFilter(ids=(relation_id,))
    return str(session.scalar(asked_relations(customer_id, one, on, _reason(reasons))))


def _judged(
    customer_id: int, asked: SupplierFilter, on: date, reasons: Iterable[Reason]
) -> Subquery:
    return asked_relations(
        customer_id,
        asked,
        on,
        RelationRow.id,
        RelationRow.name,
        RelationRow.sort_name,
        _reason(reasons).label("reason"),
    ).subquery()


def _reason(reasons: Iterable[Reason]) -> ColumnElement[str]:
    return case(*((condition, code) for code, condition in reasons), else_=NONE)


def _has_pathway(*, is_draft: bool) -> ColumnElement[bool]:
    """A draft, or what was proposed or agreed and is not over."""
    draft = PathwayRow.state == PathwayState.DRAFT
    state = draft if is_draft else PathwayRow.state.not_in((*OVER, PathwayState.DRAFT))
    return exists().where(PathwayRow.relation_id == RelationRow.id, state)
