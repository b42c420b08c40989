"""Drafts of a policy, and which suppliers each would change: found, added in sets, told in sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from onboarding.domain.eligibility import Status
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.domain.policy import Policy
from onboarding.domain.policy_drafts import BUSY, ENDED, DraftState
from onboarding.store.policies import CalendarOf, policy_value
from onboarding.store.tables import (
    PersonRow,
    PolicyDraftChangeRow,
    PolicyDraftRow,
    PolicyRow,
    RelationRow,
)

PER_PAGE = 50
CHANGES = PolicyDraftChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """The first day on which a supplier's status would be another."""

    relation_id: int
    changes_on: date
    from_status: Status
    to_status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """All that would go from one status to another: how many, their spend, the first day."""

    from_status: str
    to_status: str
    count: int
    spend: Decimal
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One supplier of those, for a list."""

    relation_id: int
    name: str
    spend: Decimal | None
    changes_on: date
    from_status: str
    to_status: str


def visible_draft(
    session: Session, actor: Actor, draft_id: int, *, lock: bool = False
) -> PolicyDraftRow:
    """A draft of the actor's organisation. Raises NotFound for any other."""
    query = select(PolicyDraftRow).where(
        PolicyDraftRow.id == draft_id, PolicyDraftRow.customer_id == actor.customer_id
    )
    query = query.execution_options(populate_existing=True)
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(draft=draft_id)
    return row


def lock_draft(session: Session, draft_id: int) -> PolicyDraftRow:
    """Locked and read anew, so that two workers do not do the same batch."""
    query = select(PolicyDraftRow).where(PolicyDraftRow.id == draft_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def is_next(session: Session, row: PolicyDraftRow) -> bool:
    """Whether no earlier draft of the customer is being published."""
    earlier = exists().where(
        PolicyDraftRow.customer_id == row.customer_id,
        PolicyDraftRow.state == DraftState.PREPARING,
        PolicyDraftRow.id < row.id,
    )
    return not session.scalar(select(earlier))


def busy_drafts(session: Session) -> list[int]:
    """Those in which something is to be done."""
    query = select(PolicyDraftRow.id).where(PolicyDraftRow.state.in_(BUSY))
    return list(session.scalars(query.order_by(PolicyDraftRow.id)))


def open_drafts(session: Session, customer_id: int) -> list[tuple[PolicyDraftRow, str]]:
    """The customer's drafts that have not ended, with who made each, the newest first."""
    rows = session.execute(
        select(PolicyDraftRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == PolicyDraftRow.person_id)
        .where(PolicyDraftRow.customer_id == customer_id, PolicyDraftRow.state.not_in(ENDED))
        .order_by(PolicyDraftRow.id.desc())
    )
    return [(row, name) for row, name in rows]


def draft_policy_value(row: PolicyDraftRow, calendar_of: CalendarOf) -> Policy:
    """The draft as the version that it would be."""
    as_version = PolicyRow(version=row.seen + 1, starts_on=row.starts_on, content=row.content)
    return policy_value(as_version, calendar_of)


def count_relations(session: Session, customer_id: int) -> int:
    query = select(func.count(RelationRow.id)).where(RelationRow.customer_id == customer_id)
    return session.scalar(query) or 0


def relations_after(session: Session, customer_id: int, after_id: int, limit: int) -> Sequence[int]:
    """The next of the customer's relations, in the order of their ids."""
    return session.scalars(
        select(RelationRow.id)
        .where(RelationRow.customer_id == customer_id, RelationRow.id > after_id)
        .order_by(RelationRow.id)
        .limit(limit)
    ).all()


def add_changes(session: Session, draft_id: int, changes: Sequence[StatusChange]) -> None:
    if changes:
        session.execute(
            insert(CHANGES),
            [
                {
                    "draft_id": draft_id,
                    "relation_id": one.relation_id,
                    "changes_on": one.changes_on,
                    "from_status": one.from_status.value,
                    "to_status": one.to_status.value,
                }
                for one in changes
            ],
        )


def forget_changes(session: Session, draft_id: int) -> None:
    session.execute(delete(CHANGES).where(CHANGES.draft_id == draft_id))


def clear_changes(session: Session, limit: int) -> int:
    """Forget some of what was counted for drafts that have ended; returns how much."""
    ids = session.scalars(
        select(CHANGES.id)
        .join(PolicyDraftRow, PolicyDraftRow.id == CHANGES.draft_id)
        .where(PolicyDraftRow.state.in_(ENDED))
        .order_by(CHANGES.id)
        .limit(limit)
    ).all()
    if ids:
        session.execute(delete(CHANGES).where(CHANGES.id.in_(ids)))
    return len(ids)


def transitions(session: Session, row: PolicyDraftRow) -> list[Transition]:
    """What would become what; the most spend first."""
    spend = func.coalesce(func.sum(RelationRow.spend), 0)
    count, first_on = func.count(), func.min(CHANGES.changes_on)
    query = _of_draft(row, CHANGES.from_status, CHANGES.to_status, count, spend, first_on)
    rows = session.execute(
        query.group_by(CHANGES.from_status, CHANGES.to_status).order_by(
            spend.desc(), count.desc(), CHANGES.from_status, CHANGES.to_status
        )
    )
    return [
        Transition(
            from_status=before, to_status=after, count=number, spend=Decimal(sum_), first_on=first
        )
        for before, after, number, sum_, first in rows
    ]


def change_lines(
    session: Session, row: PolicyDraftRow, only: tuple[str, str] | None, page: int
) -> list[ChangeLine]:
    """One page of who would change, the first day first; `only` one transition."""
    query = _of_draft(
        row,
        RelationRow.id,
        RelationRow.name,
        RelationRow.spend,
        CHANGES.changes_on,
        CHANGES.from_status,
        CHANGES.to_status,
    )
    if only is not None:
        query = query.where(CHANGES.from_status == only[0], CHANGES.to_status == only[1])
    rows = session.execute(
        query.order_by(CHANGES.changes_on, RelationRow.sort_name, RelationRow.id)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return [
        ChangeLine(
            relation_id=relation_id,
            name=name,
            spend=spend,
            changes_on=changes_on,
            from_status=before,
            to_status=after,
        )
        for relation_id, name, spend, changes_on, before, after in rows
    ]


def _of_draft(row: PolicyDraftRow, *columns: Any) -> Select[Any]:
    """A record that went into another one meanwhile is no supplier of the customer any more."""
    return (
        select(*columns)
        .select_from(CHANGES)
        .join(RelationRow, RelationRow.id == CHANGES.relation_id)
        .where(CHANGES.draft_id == row.id, RelationRow.customer_id == row.customer_id)
    )
