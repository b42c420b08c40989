"""Moves what hangs on one relation to another, and finds where a number that went leads to."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, delete, select, tuple_, update
from sqlalchemy.orm import Session

from onboarding.clock import Moment
from onboarding.domain.people import Actor
from onboarding.store.database import Base
from onboarding.store.tables import (
    AnnouncementRow,
    AssessmentRow,
    BatchItemRow,
    ContactRow,
    CreditorNumberRow,
    DivisionRow,
    FormerKvkNumberRow,
    MergedRelationRow,
    PathwayRow,
    PolicyDraftChangeRow,
    PreparedAssessmentRow,
    RelationRow,
    TaskRow,
    WatchRow,
)

RELATIONS = RelationRow.__table__
# What was held of a record on a day stays with it: the row of the relation is kept for that.
# What was counted or prepared of it under a policy to come is of no use to the other.
STAYS_BEHIND = {
    AnnouncementRow.__table__.c.relation_id,  # so does what was announced of its status
    AssessmentRow.__table__.c.relation_id,
    MergedRelationRow.__table__.c.former_id,
    PolicyDraftChangeRow.__table__.c.relation_id,
    PreparedAssessmentRow.__table__.c.relation_id,
}
# What both can have the same of is united row by row.
UNITED = {
    BatchItemRow.__table__.c.relation_id,
    ContactRow.__table__.c.relation_id,
    CreditorNumberRow.__table__.c.relation_id,
    DivisionRow.__table__.c.relation_id,
    FormerKvkNumberRow.__table__.c.relation_id,
    WatchRow.__table__.c.relation_id,
}


def columns_to_move() -> Iterator[tuple[Table, Column[int]]]:
    """Every column that names a relation, but for those above; also of tables to come."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            names_one = any(key.column.table is RELATIONS for key in column.foreign_keys)
            if names_one and column not in STAYS_BEHIND | UNITED:
                yield table, column


def move_all(
    session: Session,
    moment: Moment,
    stays: RelationRow,
    goes: RelationRow,
    draft_id: int | None,
) -> None:
    """Everything that hangs on the one that goes, to the one that stays; both are locked.

    `draft_id` is a draft that gives way: it ends up with the record that goes.
    """
    session.flush()
    if draft_id is not None:
        _put_draft_with(session, draft_id, goes)
    for table, column in columns_to_move():
        moving = update(table).where(column == goes.id).values({column: stays.id})
        if table is PathwayRow.__table__ and draft_id is not None:
            moving = moving.where(table.c.id != draft_id)
        session.execute(moving)
    _unite_contacts(session, moment, stays, goes)
    _unite_creditor_numbers(session, stays, goes)
    _unite_former_numbers(session, stays, goes)
    _unite_batch_items(session, stays, goes)
    _unite_watches(session, stays, goes)
    session.expire_all()


def _put_draft_with(session: Session, draft_id: int, goes: RelationRow) -> None:
    """A draft of the one that stays changes places with the pathway that comes for it."""
    draft = session.get_one(PathwayRow, draft_id)
    if draft.relation_id == goes.id:
        return
    stays_id, draft_state = draft.relation_id, draft.state
    draft.state = "stopped"  # for a moment, or each relation would have two that are not over
    session.flush()
    session.execute(
        update(PathwayRow)
        .where(PathwayRow.relation_id == goes.id, PathwayRow.id != draft_id)
        .values(relation_id=stays_id)
        .execution_options(synchronize_session=False)
    )
    draft.relation_id, draft.state = goes.id, draft_state
    session.flush()


def _unite_contacts(
    session: Session, moment: Moment, stays: RelationRow, goes: RelationRow
) -> None:
    """Who is a contact of both is one of the one that stays; the other entry is retired."""
    rows = session.scalars(
        select(ContactRow)
        .where(ContactRow.relation_id.in_((stays.id, goes.id)))
        .execution_options(populate_existing=True)
    ).all()
    there = {row.person_id: row for row in rows if row.relation_id == stays.id}
    has_main = any(row.is_main and row.retired_at is None for row in there.values())
    for row in rows:
        if row.relation_id == stays.id:
            continue
        known = there.get(row.person_id)
        row.is_main = row.is_main and not has_main
        if known is None:
            row.relation_id = stays.id
        elif row.retired_at is None:
            known.doubted_at = known.doubted_at or row.doubted_at
            _point_doubts_to(session, known)
            if known.retired_at is not None:
                known.role, known.function, known.is_main = row.role, row.function, row.is_main
                known.retired_at = None
            row.retired_at = moment.now
    session.flush()


def _point_doubts_to(session: Session, contact: ContactRow) -> None:
    """What this person said about being the contact is answered at the entry that stays."""
    rows = session.scalars(
        select(TaskRow).where(
            TaskRow.relation_id == contact.relation_id,
            TaskRow.kind == "wrong-person",
            TaskRow.done_at.is_(None),
        )
    )
    for row in rows:
        if row.facts.get("person_id") == contact.person_id:
            row.facts = {**row.facts, "contact_id": contact.id}


def _unite_creditor_numbers(session: Session, stays: RelationRow, goes: RelationRow) -> None:
    key = (CreditorNumberRow.division, CreditorNumberRow.number)
    there = select(*key).where(CreditorNumberRow.relation_id == stays.id)
    session.execute(
        delete(CreditorNumberRow)
        .where(CreditorNumberRow.relation_id == goes.id, tuple_(*key).in_(there))
        .execution_options(synchronize_session=False)
    )
    _move(session, CreditorNumberRow, stays, goes)


def _unite_former_numbers(session: Session, stays: RelationRow, goes: RelationRow) -> None:
    there = select(FormerKvkNumberRow.kvk_number).where(FormerKvkNumberRow.relation_id == stays.id)
    session.execute(
        delete(FormerKvkNumberRow)
        .where(FormerKvkNumberRow.relation_id == goes.id, FormerKvkNumberRow.kvk_number.in_(there))
        .execution_options(synchronize_session=False)
    )
    _move(session, FormerKvkNumberRow, stays, goes)


def _unite_batch_items(session: Session, stays: RelationRow, goes: RelationRow) -> None:
    """A group action that both were part of goes on for the one that stays, once."""
    there = select(BatchItemRow.batch_id).where(BatchItemRow.relation_id == stays.id)
    session.execute(
        delete(BatchItemRow)
        .where(BatchItemRow.relation_id == goes.id, BatchItemRow.batch_id.in_(there))
        .execution_options(synchronize_session=False)
    )
    _move(session, BatchItemRow, stays, goes)


def _unite_watches(session: Session, stays: RelationRow, goes: RelationRow) -> None:
    """Who follows the one that goes follows the one that stays, once."""
    there = select(WatchRow.person_id).where(WatchRow.relation_id == stays.id)
    session.execute(
        delete(WatchRow)
        .where(WatchRow.relation_id == goes.id, WatchRow.person_id.in_(there))
        .execution_options(synchronize_session=False)
    )
    _move(session, WatchRow, stays, goes)


def _move(
    session: Session,
    table: type[BatchItemRow] | type[CreditorNumberRow] | type[FormerKvkNumberRow] | type[WatchRow],
    stays: RelationRow,
    goes: RelationRow,
) -> None:
    session.execute(
        update(table)
        .where(table.relation_id == goes.id)
        .values(relation_id=stays.id)
        .execution_options(synchronize_session=False)
    )


def put_away(
    session: Session, actor: Actor, moment: Moment, stays: RelationRow, goes: RelationRow
) -> MergedRelationRow:
    """The record that went is in no list any more, and its number leads to the one that stays."""
    goes.customer_id = goes.supplier_id
    goes.next_on = goes.status_changes_on = None
    row = MergedRelationRow(
        customer_id=stays.customer_id,
        relation_id=stays.id,
        former_id=goes.id,
        merged_at=moment.now,
        merged_on=moment.today,
        merged_by=actor.person_id,
    )
    session.add(row)
    session.flush()
    return row


def merged_into(session: Session, former_id: int) -> MergedRelationRow | None:
    """Where the record with this number went; None for one that is there still, or never was."""
    return session.scalars(
        select(MergedRelationRow).where(MergedRelationRow.former_id == former_id)
    ).first()


def merged_records(
    session: Session, relation_id: int
) -> list[tuple[MergedRelationRow, RelationRow]]:
    """The records that went into this one, the first one first, as they stood."""
    query = (
        select(MergedRelationRow, RelationRow)
        .join(RelationRow, RelationRow.id == MergedRelationRow.former_id)
        .where(MergedRelationRow.relation_id == relation_id)
        .order_by(MergedRelationRow.id)
    )
    return [(merged, former) for merged, former in session.execute(query)]
