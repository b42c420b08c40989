"""Pathways whose steps come back each year: whose next year is near, and what waits for it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement, Select

from onboarding.clock import Moment
from onboarding.domain.pathways import PathwayState
from onboarding.store.owing import words
from onboarding.store.stages import TODAY, not_first
from onboarding.store.tables import PathwayRow, RecognitionRow, RelationRow, TaskRow
from onboarding.store.work_items import Section, Sight, find

KIND = "next-year"
TASKS: Table = TaskRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """The codes of templates with steps that come back.

    Where all of these are the buyer's own, a recognition with a day to look again says it already.
    """

    with_supplier: tuple[str, ...] = ()
    buyers_only: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.with_supplier or self.buyers_only)


def followed_by_a_year(customer_id: int | BindParameter[int], yearly: Yearly) -> Select[Any]:
    """Completed pathways, each the last of its relation, of which steps come back."""
    later = aliased(PathwayRow)
    is_last = ~exists().where(later.relation_id == PathwayRow.relation_id, later.id > PathwayRow.id)
    is_rechecked = exists().where(
        RecognitionRow.relation_id == PathwayRow.relation_id,
        RecognitionRow.revoked_on.is_(None),
        RecognitionRow.recheck_on.is_not(None),
    )
    return (
        select()
        .select_from(PathwayRow)
        .join(RelationRow, RelationRow.id == not_first(PathwayRow.relation_id))
        .where(
            not_first(RelationRow.customer_id) == customer_id,
            PathwayRow.state == literal_column(f"'{PathwayState.COMPLETED}'"),
            is_last,
            or_(
                PathwayRow.template.in_(yearly.with_supplier),
                and_(PathwayRow.template.in_(yearly.buyers_only), ~is_rechecked),
            ),
        )
    )


def is_near(started_by: BindParameter[date]) -> ColumnElement[bool]:
    """Started so long ago that the year after comes, in a relation that has not ended TODAY."""
    return and_(
        PathwayRow.starts_on <= started_by,
        or_(RelationRow.ended_on.is_(None), RelationRow.ended_on > TODAY),
    )


def close_overtaken(session: Session, moment: Moment, customer_id: int, yearly: Yearly) -> None:
    """What was offered for a year that is no longer to come."""
    values = {"of_customer": customer_id, "closed_at": moment.now}
    session.connection().execute(_closing_overtaken(yearly), values)


@lru_cache(50)
def _closing_overtaken(yearly: Yearly) -> Update:
    """Kept: it runs with every sweep."""
    customer: BindParameter[int] = bindparam("of_customer")
    still = followed_by_a_year(customer, yearly).where(
        PathwayRow.relation_id == TaskRow.relation_id, TaskRow.key == key_of_row()
    )
    return (
        update(TASKS)
        .where(
            TaskRow.customer_id == customer,
            TaskRow.kind == KIND,
            TaskRow.done_at.is_(None),
            ~still.add_columns(PathwayRow.id).correlate(TaskRow).exists(),
        )
        .values(done_at=bindparam("closed_at"), outcome="overtaken")
    )


def close(
    session: Session, moment: Moment, pathway_id: int, person_id: int | None, outcome: str
) -> None:
    """Somebody saw to the year after this pathway."""
    session.execute(
        update(TaskRow)
        .where(TaskRow.key == f"{KIND}:{pathway_id}", TaskRow.done_at.is_(None))
        .values(done_at=moment.now, done_by=person_id, outcome=outcome)
    )


def key_of_row() -> ColumnElement[str]:
    return words(f"{KIND}:", PathwayRow.id)


def offered(session: Session, sight: Sight) -> Section:
    """For the work list; `detail` holds the pathway and the day on which it started."""
    return find(
        session,
        sight,
        TaskRow,
        KIND,
        TaskRow.done_at.is_(None),
        TaskRow.kind == KIND,
        due_on=TaskRow.due_on,
        detail=TaskRow.facts,
    )
