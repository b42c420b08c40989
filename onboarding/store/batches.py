"""Batches and their items: added in sets, found when there is something to do, told in counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.batches import BatchKind, ItemState
from onboarding.domain.errors import NotFound
from onboarding.domain.people import Actor
from onboarding.store.relations import lock_relations
from onboarding.store.tables import BatchItemRow, BatchRow, PersonRow, RelationRow

PER_PAGE = 50
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class ToDo:
    """An item in which something is to be done, and the state in which it was found."""

    item_id: int
    relation_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item that is this transaction's: its relation is locked, and all is read anew."""

    batch: BatchRow
    item: BatchItemRow
    relation: RelationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """How one supplier of a batch is shown."""

    relation_id: int
    name: str
    state: str
    due_on: date
    refusal: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list, with the name of whoever asked for it."""

    row: BatchRow
    by: str


def add_batch(
    session: Session,
    actor: Actor,
    moment: Moment,
    kind: BatchKind,
    facts: dict[str, Any],
    items: Sequence[tuple[int, date]],
) -> BatchRow:
    """A batch for these relations, each with the day of its wave, in the order given."""
    batch = BatchRow(
        customer_id=actor.customer_id,
        person_id=actor.person_id,
        kind=kind,
        facts=facts,
        made_at=moment.now,
    )
    session.add(batch)
    session.flush()
    rows = [
        {
            "batch_id": batch.id,
            "relation_id": relation_id,
            "state": ItemState.WAITING,
            "due_on": due_on,
            "facts": {},
        }
        for relation_id, due_on in items
    ]
    if rows:
        session.execute(insert(BatchItemRow), rows)
    return batch


def begun_since(
    session: Session, actor: Actor, kind: BatchKind, since: datetime
) -> Sequence[BatchRow]:
    """What this person began after that and is not taken back."""
    return session.scalars(
        select(BatchRow).where(
            BatchRow.customer_id == actor.customer_id,
            BatchRow.person_id == actor.person_id,
            BatchRow.kind == kind,
            BatchRow.made_at > since,
            BatchRow.undone_at.is_(None),
        )
    ).all()


def visible_batch(session: Session, actor: Actor, batch_id: int, *, lock: bool = False) -> BatchRow:
    """A batch of the actor's organisation. Raises NotFound for any other."""
    query = select(BatchRow).where(
        BatchRow.id == batch_id, BatchRow.customer_id == actor.customer_id
    )
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(batch=batch_id)
    return row


def proposing_customers(session: Session) -> list[int]:
    """Whose batches hold proposals that still have to go."""
    return list(
        session.scalars(
            select(BatchRow.customer_id)
            .where(BatchRow.finished_at.is_(None), BatchRow.kind == BatchKind.PROPOSE)
            .distinct()
        )
    )


def to_do(
    session: Session,
    today: date,
    senders: Iterable[int],
    limit: int,
    batch_id: int | None = None,
) -> list[ToDo]:
    """Items in which something is to be done, in order; `senders` are customers for whom what is
    planned for today may go now."""
    planned = and_(
        BatchItemRow.state == ItemState.PLANNED,
        BatchItemRow.due_on <= today,
        BatchRow.customer_id.in_(list(senders)),
    )
    query = (
        select(BatchItemRow.id, BatchItemRow.relation_id, BatchItemRow.state)
        .join(BatchRow, BatchRow.id == BatchItemRow.batch_id)
        .where(BatchRow.finished_at.is_(None), _is_left(planned))
        .order_by(BatchItemRow.id)
        .limit(limit)
    )
    if batch_id is not None:
        query = query.where(BatchRow.id == batch_id)
    return [ToDo(*row) for row in session.execute(query)]


def claim(session: Session, found: ToDo) -> Claimed | None:
    """Lock the item's relation, then read anew; None where another had the item meanwhile."""
    (relation,) = lock_relations(session, [found.relation_id])
    item = session.get_one(BatchItemRow, found.item_id, populate_existing=True)
    batch = session.get_one(BatchRow, item.batch_id, populate_existing=True)
    if item.state != found.state:
        return None
    return Claimed(batch, item, relation)


def close_finished(session: Session, moment: Moment) -> int:
    """Close each batch in which nothing is left to do; returns how many."""
    left = select(BatchItemRow.id).where(
        BatchItemRow.batch_id == BatchRow.id, _is_left(BatchItemRow.state == ItemState.PLANNED)
    )
    candidates = select(BatchRow.id).where(BatchRow.finished_at.is_(None), ~left.exists())
    closed = 0
    for batch_id in session.scalars(candidates.order_by(BatchRow.id)).all():
        # Asked again under the lock: somebody may just have wanted it taken back.
        batch = session.get_one(BatchRow, batch_id, with_for_update=True, populate_existing=True)
        still = session.scalar(candidates.where(BatchRow.id == batch_id))
        if still is not None:
            batch.finished_at = moment.now
            closed += 1
    session.flush()
    return closed


def has_batches(session: Session, customer_id: int, person_id: int) -> bool:
    """Whether something that this person began is not finished."""
    return session.scalar(select(_unfinished(customer_id, person_id).exists())) or False


def hand_batches_over(session: Session, customer_id: int, from_id: int, to_id: int) -> None:
    """What one began and is not finished goes on in the name of the other."""
    ids = session.scalars(_unfinished(customer_id, from_id)).all()
    session.execute(update(BatchRow).where(BatchRow.id.in_(ids)).values(person_id=to_id))


def _unfinished(customer_id: int, person_id: int) -> Select[tuple[int]]:
    return select(BatchRow.id).where(
        BatchRow.customer_id == customer_id,
        BatchRow.person_id == person_id,
        BatchRow.finished_at.is_(None),
    )


def batches_of(session: Session, customer_id: int, page: int) -> list[BatchLine]:
    """The newest first; one more than fits tells that there is a next page."""
    rows = session.execute(
        select(BatchRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == BatchRow.person_id)
        .where(BatchRow.customer_id == customer_id)
        .order_by(BatchRow.id.desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE + 1)
    )
    return [BatchLine(*row) for row in rows]


def count_states(session: Session, batch_ids: Sequence[int]) -> defaultdict[int, Counts]:
    """How many items of each batch are in each state."""
    found: defaultdict[int, Counts] = defaultdict(dict)
    rows = session.execute(
        select(BatchItemRow.batch_id, BatchItemRow.state, func.count())
        .where(BatchItemRow.batch_id.in_(batch_ids))
        .group_by(BatchItemRow.batch_id, BatchItemRow.state)
    )
    for batch_id, state, count in rows:
        found[batch_id][state] = count
    return found


def count_waves(session: Session, batch_id: int) -> dict[date, Counts]:
    """How many items of each wave are in each state, by day."""
    found: defaultdict[date, Counts] = defaultdict(dict)
    rows = session.execute(
        select(BatchItemRow.due_on, BatchItemRow.state, func.count())
        .where(BatchItemRow.batch_id == batch_id)
        .group_by(BatchItemRow.due_on, BatchItemRow.state)
        .order_by(BatchItemRow.due_on)
    )
    for due_on, state, count in rows:
        found[due_on][state] = count
    return dict(found)


def lines_of(session: Session, batch_id: int, state: str, page: int) -> list[ItemLine]:
    """One page of a batch's suppliers, in the order of the batch; `state` narrows them."""
    query = (
        select(BatchItemRow, RelationRow.name)
        .join(RelationRow, RelationRow.id == BatchItemRow.relation_id)
        .where(BatchItemRow.batch_id == batch_id)
        .order_by(BatchItemRow.id)
    )
    if state:
        query = query.where(BatchItemRow.state == state)
    rows = session.execute(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE))
    return [
        ItemLine(
            relation_id=item.relation_id,
            name=name,
            state=item.state,
            due_on=item.due_on,
            refusal=item.refusal,
        )
        for item, name in rows
    ]


def planned_days(session: Session, pathway_ids: Sequence[int]) -> dict[int, date]:
    """On which day each of these drafts is proposed by itself."""
    rows = session.execute(
        select(BatchItemRow.pathway_id, BatchItemRow.due_on).where(
            BatchItemRow.pathway_id.in_(pathway_ids), BatchItemRow.state == ItemState.PLANNED
        )
    )
    return {pathway_id: due_on for pathway_id, due_on in rows if pathway_id is not None}


def _is_left(planned: ColumnElement[bool]) -> ColumnElement[bool]:
    """What has to be done still; of a batch to be taken back, all that was begun."""
    begun = (ItemState.WAITING, ItemState.PLANNED, ItemState.DONE)
    return or_(
        and_(
            BatchRow.undone_at.is_(None),
            or_(BatchItemRow.state == ItemState.WAITING, planned),
        ),
        and_(BatchRow.undone_at.is_not(None), BatchItemRow.state.in_(begun)),
    )
